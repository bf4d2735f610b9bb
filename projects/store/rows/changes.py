"""What one action does to the stored rows of one instance, and how to turn it back.

An action is a pure function from a `StoredInstance` to the one after it. The difference of the
two is a `Change`: the journal keeps it, and undo applies its inverse.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

from landmark_annotator.projects.store.rows.records import Exclusion, Flag, InstanceState, Review
from landmark_annotator.projects.vocabulary import Box, Mask


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


@dataclass(frozen=True)
class MaskMark:
    """A stored mask without its pixels. digest: of them."""

    provenance: str
    who: str
    digest: str


@dataclass(frozen=True)
class MaskRow:
    """The stored mask of one region."""

    mask: Mask
    provenance: str
    who: str

    @cached_property
    def mark(self) -> MaskMark:
        spans = self.mask.spans.astype("<i8").tobytes()
        return MaskMark(self.provenance, self.who, hashlib.sha256(spans).hexdigest()[:16])


@dataclass(frozen=True)
class MaskChange:
    """pixels: those that changed sides, so that a stroke costs the journal no more than itself.

    before, after: None where there was no mask, or is none any more.
    """

    before: MaskMark | None
    after: MaskMark | None
    pixels: Mask

    @classmethod
    def between(cls, before: MaskRow | None, after: MaskRow | None) -> "MaskChange":
        old, new = (Mask() if row is None else row.mask for row in (before, after))
        marks = [None if row is None else row.mark for row in (before, after)]
        return cls(marks[0], marks[1], old ^ new)

    def inverse(self) -> "MaskChange":
        return MaskChange(self.after, self.before, self.pixels)

    def apply(self, stored: MaskRow | None) -> MaskRow | None:
        if self.after is None:
            return None
        old = Mask() if stored is None else stored.mask
        return MaskRow(old ^ self.pixels, self.after.provenance, self.after.who)


LANDMARK_COLUMNS = tuple(field.name for field in fields(LandmarkRow))


@dataclass(frozen=True)
class StoredInstance:
    """All that actions can change of one instance. landmarks and masks, by the numbers of
    landmarks and regions, hold only those with a row."""

    box: Box | None
    accepted: bool
    landmarks: Mapping[int, LandmarkRow]
    flag: Flag | None = None
    review: Review | None = None
    excluded: Exclusion | None = None
    masks: Mapping[int, MaskRow] = field(default_factory=dict)

    @property
    def state(self) -> InstanceState:
        if self.accepted:
            return InstanceState.ACCEPTED
        begun = self.landmarks or self.masks
        return InstanceState.STARTED if begun else InstanceState.UNTOUCHED


@dataclass(frozen=True)
class Change:
    """Pairs (before, after). landmarks holds the rows that differ; box is None where it stays.

    accepted and review are always given, also where they stay: an action on a shape that somebody
    has accepted since must not be undone behind their back. flag and excluded are None where they
    stay. masks: of the regions that differ.
    """

    accepted: tuple[bool, bool]
    landmarks: Mapping[int, tuple[LandmarkRow | None, LandmarkRow | None]]
    box: tuple[Box | None, Box | None] | None = None
    review: tuple[Review | None, Review | None] = (None, None)
    flag: tuple[Flag | None, Flag | None] | None = None
    excluded: tuple[Exclusion | None, Exclusion | None] | None = None
    masks: Mapping[int, MaskChange] = field(default_factory=dict)

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
            masks={
                i: MaskChange.between(before.masks.get(i), after.masks.get(i))
                for i in sorted({*before.masks, *after.masks})
                if before.masks.get(i) != after.masks.get(i)
            },
        )

    @property
    def leaves_the_shape(self) -> bool:
        """Of a flag or an exclusion alone: nothing to do with who has accepted the shape."""
        same = self.accepted[0] == self.accepted[1] and self.review[0] == self.review[1]
        beside = self.flag is not None or self.excluded is not None
        return beside and same and not self.landmarks and not self.masks and self.box is None

    def inverse(self) -> "Change":
        return Change(
            accepted=self.accepted[::-1],
            landmarks={i: pair[::-1] for i, pair in self.landmarks.items()},
            box=self.box and self.box[::-1],
            review=self.review[::-1],
            flag=self.flag and self.flag[::-1],
            excluded=self.excluded and self.excluded[::-1],
            masks={i: mask.inverse() for i, mask in self.masks.items()},
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
            and all(
                (row and row.mark) == change.before
                for row, change in ((stored.masks.get(i), m) for i, m in self.masks.items())
            )
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
        drawn = {i: change.apply(stored.masks.get(i)) for i, change in self.masks.items()}
        masks = {i: row for i, row in {**stored.masks, **drawn}.items() if row is not None}
        accepted, review = self.accepted[1], self.review[1]
        return StoredInstance(box, accepted, landmarks, flag, review, excluded, masks)
