"""What stands in the lanes of a timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landmark_annotator.projects.vocabulary.arrays import Ints

KINDS = ("proposed", "started", "accepted")
FLAGGED = "flagged"


@dataclass(frozen=True)
class Mark:
    """kind: one of `KINDS`."""

    frame: int
    kind: str
    flagged: bool = False


@dataclass(frozen=True, eq=False)
class Lane:
    """track_id: None of what belongs to no track. Of its n marks, in the order of their frames:
    frames, (n,); kinds, (n,) the places in `KINDS`; flagged, (n,). A video has a hundred thousand.
    """

    track_id: int | None
    name: str
    frames: Ints
    kinds: Ints
    flagged: NDArray[np.bool_]

    @classmethod
    def of(cls, track_id: int | None, name: str, marks: Sequence[Mark]) -> "Lane":
        frames = np.array([mark.frame for mark in marks], dtype=np.int64)
        kinds = np.array([KINDS.index(mark.kind) for mark in marks], dtype=np.int64)
        flagged = np.array([mark.flagged for mark in marks], dtype=np.bool_)
        return cls(track_id, name, frames, kinds, flagged)

    @property
    def marks(self) -> list[Mark]:
        columns = self.frames.tolist(), self.kinds.tolist(), self.flagged.tolist()
        return [
            Mark(frame, KINDS[kind], flagged) for frame, kind, flagged in zip(*columns, strict=True)
        ]

    @cached_property
    def by_kind(self) -> Mapping[str, Ints]:
        """(n,) of the marks of each kind, and of those that are flagged."""
        found = {kind: self.frames[self.kinds == n] for n, kind in enumerate(KINDS)}
        return {**found, FLAGGED: self.frames[self.flagged]}
