"""What one action does to the stored rows of one instance, and how to turn it back.

An action is a pure function from a `StoredInstance` to the one after it. The difference of the
two is a `Change`: the journal keeps it, and undo applies its inverse.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from landmark_annotator.projects.store.rows.records import Exclusion, Flag, InstanceState, Review
from landmark_annotator.projects.vocabulary import Box


@dataclass(frozen=True, kw_only=True, slots=True)
class LandmarkRow:
    """The stored columns of one landmark.

    x, y in pixels, None where only the visibility is known; xx, xy, yy in squared pixels.
    provenance without x, y: somebody has said that the landmark is absent. A column that comes
    later needs a default, which is what earlier journals say of it.
    """

    visibility: int
    who: str
    x: float | None = None
    y: float | None = None
    provenance: str | None = None
    xx: float | None = None
    xy: float | None = None
    yy: float | None = None

    @property
    def position(self) -> tuple[float, float] | None:
        return None if self.x is None or self.y is None else (self.x, self.y)


LANDMARK_COLUMNS = tuple(field.name for field in fields(LandmarkRow))


@dataclass(frozen=True)
class StoredInstance:
    """All that actions can change of one instance. landmarks holds only those with a row."""

    box: Box | None
    accepted: bool
    landmarks: Mapping[int, LandmarkRow]
    flag: Flag | None = None
    review: Review | None = None
    excluded: Exclusion | None = None

    @property
    def state(self) -> InstanceState:
        if self.accepted:
            return InstanceState.ACCEPTED
        return InstanceState.STARTED if self.landmarks else InstanceState.UNTOUCHED


@dataclass(frozen=True)
class Change:
    """Pairs (before, after). landmarks holds the rows that differ; box is None where it stays.

    accepted and review are always given, also where they stay: an action on a shape that somebody
    has accepted since must not be undone behind their back. flag and excluded are None where they
    stay.
    """

    accepted: tuple[bool, bool]
    landmarks: Mapping[int, tuple[LandmarkRow | None, LandmarkRow | None]]
    box: tuple[Box | None, Box | None] | None = None
    review: tuple[Review | None, Review | None] = (None, None)
    flag: tuple[Flag | None, Flag | None] | None = None
    excluded: tuple[Exclusion | None, Exclusion | None] | None = None

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
            excluded=None
            if before.excluded == after.excluded
            else (before.excluded, after.excluded),
        )

    @property
    def leaves_the_shape(self) -> bool:
        """Of a flag or an exclusion alone: nothing to do with who has accepted the shape."""
        same = self.accepted[0] == self.accepted[1] and self.review[0] == self.review[1]
        beside = self.flag is not None or self.excluded is not None
        return beside and same and not self.landmarks and self.box is None

    def inverse(self) -> "Change":
        return Change(
            accepted=self.accepted[::-1],
            landmarks={i: pair[::-1] for i, pair in self.landmarks.items()},
            box=self.box and self.box[::-1],
            review=self.review[::-1],
            flag=self.flag and self.flag[::-1],
            excluded=self.excluded and self.excluded[::-1],
        )

    def fits(self, stored: StoredInstance) -> bool:
        """Whether the rows that this change touches are as they were before it."""
        if self.flag is not None and stored.flag != self.flag[0]:
            return False
        if self.excluded is not None and stored.excluded != self.excluded[0]:
            return False
        return self.leaves_the_shape or (
            stored.accepted == self.accepted[0]
            and stored.review == self.review[0]
            and (self.box is None or stored.box == self.box[0])
            and all(stored.landmarks.get(i) == pair[0] for i, pair in self.landmarks.items())
        )

    def apply(self, stored: StoredInstance) -> StoredInstance:
        flag = stored.flag if self.flag is None else self.flag[1]
        excluded = stored.excluded if self.excluded is None else self.excluded[1]
        if self.leaves_the_shape:
            return replace(stored, flag=flag, excluded=excluded)
        landmarks = dict(stored.landmarks)
        for i, (_, after) in self.landmarks.items():
            if after is None:
                landmarks.pop(i, None)
            else:
                landmarks[i] = after
        box = stored.box if self.box is None else self.box[1]
        return StoredInstance(box, self.accepted[1], landmarks, flag, self.review[1], excluded)
