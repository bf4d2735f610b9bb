"""What one action does to the stored rows of one instance, and how to turn it back.

An action is a pure function from a `StoredInstance` to the one after it. The difference of the
two is a `Change`: the journal keeps it, and undo applies its inverse.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from projects.store.records import InstanceState
from projects.vocabulary import Box


class LandmarkRow(NamedTuple):
    """The stored columns of one landmark, in the order that the journal's JSON lists them.

    x, y in pixels, None where only the visibility is known; xx, xy, yy in squared pixels.
    provenance without x, y: somebody has said that the landmark is absent.
    """

    x: float | None
    y: float | None
    visibility: int
    provenance: str | None
    xx: float | None
    xy: float | None
    yy: float | None
    who: str

    @property
    def position(self) -> tuple[float, float] | None:
        return None if self.x is None or self.y is None else (self.x, self.y)


@dataclass(frozen=True)
class StoredInstance:
    """All that actions can change of one instance. landmarks holds only those with a row."""

    box: Box | None
    accepted: bool
    landmarks: Mapping[int, LandmarkRow]

    @property
    def state(self) -> InstanceState:
        if self.accepted:
            return InstanceState.ACCEPTED
        return InstanceState.STARTED if self.landmarks else InstanceState.UNTOUCHED


def _box_values(box: Box | None) -> list[float] | None:
    if box is None:
        return None
    return [box.centre_x, box.centre_y, box.width, box.height, box.angle]


@dataclass(frozen=True)
class Change:
    """Pairs (before, after). landmarks holds the rows that differ; box is None where it stays.

    accepted is always given, also where it stays: an action on a shape that somebody has
    accepted since must not be undone behind their back.
    """

    accepted: tuple[bool, bool]
    landmarks: Mapping[int, tuple[LandmarkRow | None, LandmarkRow | None]]
    box: tuple[Box | None, Box | None] | None = None

    @classmethod
    def between(cls, before: StoredInstance, after: StoredInstance) -> "Change":
        pairs = {
            i: (before.landmarks.get(i), after.landmarks.get(i))
            for i in sorted({*before.landmarks, *after.landmarks})
        }
        return cls(
            accepted=(before.accepted, after.accepted),
            landmarks={i: pair for i, pair in pairs.items() if pair[0] != pair[1]},
            box=None if before.box == after.box else (before.box, after.box),
        )

    def inverse(self) -> "Change":
        return Change(
            accepted=self.accepted[::-1],
            landmarks={i: pair[::-1] for i, pair in self.landmarks.items()},
            box=self.box and self.box[::-1],
        )

    def fits(self, stored: StoredInstance) -> bool:
        """Whether the rows that this change touches are as they were before it."""
        return (
            stored.accepted == self.accepted[0]
            and (self.box is None or stored.box == self.box[0])
            and all(stored.landmarks.get(i) == pair[0] for i, pair in self.landmarks.items())
        )

    def apply(self, stored: StoredInstance) -> StoredInstance:
        landmarks = dict(stored.landmarks)
        for i, (_, after) in self.landmarks.items():
            if after is None:
                landmarks.pop(i, None)
            else:
                landmarks[i] = after
        box = stored.box if self.box is None else self.box[1]
        return StoredInstance(box, self.accepted[1], landmarks)

    def to_json(self) -> str:
        """Compact: an accepted shape of 68 landmarks takes a few kilobytes."""
        content: dict[str, object] = {
            "accepted": self.accepted,
            "landmarks": [[i, *pair] for i, pair in self.landmarks.items()],
        }
        if self.box is not None:
            content["box"] = [_box_values(box) for box in self.box]
        return json.dumps(content, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Change":
        content = json.loads(text)
        box = content.get("box")
        return cls(
            accepted=(content["accepted"][0], content["accepted"][1]),
            landmarks={
                i: (before and LandmarkRow(*before), after and LandmarkRow(*after))
                for i, before, after in content["landmarks"]
            },
            box=box and (box[0] and Box(*box[0]), box[1] and Box(*box[1])),
        )
