"""What stands in the lanes of a timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Ints

FLAGGED = "flagged"


@dataclass(frozen=True)
class Mark:
    """kind: "proposed", "started" or "accepted"."""

    frame: int
    kind: str
    flagged: bool = False


@dataclass(frozen=True)
class Lane:
    """track_id: None of what belongs to no track. marks: in the order of their frames."""

    track_id: int | None
    name: str
    marks: Sequence[Mark]

    @cached_property
    def frames(self) -> Ints:
        """(n,) of all marks, in order."""
        return np.array([mark.frame for mark in self.marks], dtype=np.int64)

    @cached_property
    def by_kind(self) -> Mapping[str, Ints]:
        """(n,) of the marks of each kind, and of those that are flagged."""
        kinds = np.array([mark.kind for mark in self.marks], dtype=object)
        flagged = np.array([mark.flagged for mark in self.marks], dtype=np.bool_)
        found = {kind: self.frames[kinds == kind] for kind in set(kinds.tolist())}
        return {**found, FLAGGED: self.frames[flagged]}
