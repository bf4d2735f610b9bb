"""What one action does to the stored rows of one instance, and how to turn it back.

An action is a pure function from a `StoredInstance` to the one after it. The difference of the
two is a `Change`: the journal keeps it, and undo applies its inverse.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from projects.store.rows.records import Flag, InstanceState, Review, Verdict
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
    flag: Flag | None = None
    review: Review | None = None

    @property
    def state(self) -> InstanceState:
        if self.accepted:
            return InstanceState.ACCEPTED
        return InstanceState.STARTED if self.landmarks else InstanceState.UNTOUCHED


def _box_values(box: Box | None) -> list[float] | None:
    if box is None:
        return None
    return [box.centre_x, box.centre_y, box.width, box.height, box.angle]


def _flag_values(flag: Flag | None) -> list[str | None] | None:
    return None if flag is None else [flag.comment, flag.who, flag.at.isoformat(), flag.resolved_by]


def _flag(values: list[str] | None) -> Flag | None:
    if values is None:
        return None
    comment, who, at, resolved_by = values
    return Flag(comment, who, datetime.fromisoformat(at), resolved_by)


def _review_values(review: Review | None) -> list[str] | None:
    if review is None:
        return None
    return [review.verdict.value, review.comment, review.who, review.at.isoformat()]


def _review(values: list[str] | None) -> Review | None:
    if values is None:
        return None
    verdict, comment, who, at = values
    return Review(Verdict(verdict), comment, who, datetime.fromisoformat(at))


@dataclass(frozen=True)
class Change:
    """Pairs (before, after). landmarks holds the rows that differ; box is None where it stays.

    accepted and review are always given, also where they stay: an action on a shape that somebody
    has accepted since must not be undone behind their back. flag is None where it stays.
    """

    accepted: tuple[bool, bool]
    landmarks: Mapping[int, tuple[LandmarkRow | None, LandmarkRow | None]]
    box: tuple[Box | None, Box | None] | None = None
    review: tuple[Review | None, Review | None] = (None, None)
    flag: tuple[Flag | None, Flag | None] | None = None

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
            review=(before.review, after.review),
            flag=None if before.flag == after.flag else (before.flag, after.flag),
        )

    @property
    def of_flag_alone(self) -> bool:
        """Such a change has nothing to do with who has accepted the shape."""
        same = self.accepted[0] == self.accepted[1] and self.review[0] == self.review[1]
        return self.flag is not None and same and not self.landmarks and self.box is None

    def inverse(self) -> "Change":
        return Change(
            accepted=self.accepted[::-1],
            landmarks={i: pair[::-1] for i, pair in self.landmarks.items()},
            box=self.box and self.box[::-1],
            review=self.review[::-1],
            flag=self.flag and self.flag[::-1],
        )

    def fits(self, stored: StoredInstance) -> bool:
        """Whether the rows that this change touches are as they were before it."""
        if self.flag is not None and stored.flag != self.flag[0]:
            return False
        return self.of_flag_alone or (
            stored.accepted == self.accepted[0]
            and stored.review == self.review[0]
            and (self.box is None or stored.box == self.box[0])
            and all(stored.landmarks.get(i) == pair[0] for i, pair in self.landmarks.items())
        )

    def apply(self, stored: StoredInstance) -> StoredInstance:
        flag = stored.flag if self.flag is None else self.flag[1]
        if self.of_flag_alone:
            return replace(stored, flag=flag)
        landmarks = dict(stored.landmarks)
        for i, (_, after) in self.landmarks.items():
            if after is None:
                landmarks.pop(i, None)
            else:
                landmarks[i] = after
        box = stored.box if self.box is None else self.box[1]
        return StoredInstance(box, self.accepted[1], landmarks, flag, self.review[1])

    def to_json(self) -> str:
        """Compact: an accepted shape of 68 landmarks takes a few kilobytes."""
        content: dict[str, object] = {
            "accepted": self.accepted,
            "landmarks": [[i, *pair] for i, pair in self.landmarks.items()],
        }
        if self.box is not None:
            content["box"] = [_box_values(box) for box in self.box]
        if self.review != (None, None):
            content["review"] = [_review_values(review) for review in self.review]
        if self.flag is not None:
            content["flag"] = [_flag_values(flag) for flag in self.flag]
        return json.dumps(content, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> "Change":
        content = json.loads(text)
        box, flag = content.get("box"), content.get("flag")
        review = content.get("review", (None, None))
        return cls(
            accepted=(content["accepted"][0], content["accepted"][1]),
            landmarks={
                i: (before and LandmarkRow(*before), after and LandmarkRow(*after))
                for i, before, after in content["landmarks"]
            },
            box=box and (box[0] and Box(*box[0]), box[1] and Box(*box[1])),
            review=(_review(review[0]), _review(review[1])),
            flag=flag and (_flag(flag[0]), _flag(flag[1])),
        )
