"""What is not in the image or hidden in one frame of a video mostly is so in the next one.

As in annotation programs for video, what was said of a landmark in a labelled frame holds in the
frames beside it until somebody says otherwise there.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from landmark_annotator.annotator.session.labelling.view import absent_of
from landmark_annotator.projects.store import StoredProposal
from landmark_annotator.projects.store.rows.labelled_beside import LabelBeside
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility

_T = TypeVar("_T")

REACH_S = 1.0
"""Seconds over which what a labelled frame has, its boxes too, is worth something in another."""


@dataclass(frozen=True)
class CarriedMarks:
    """marks: by landmark NOT_LABELLED, which is not in the image, or OCCLUDED."""

    marks: Mapping[int, Visibility] = field(default_factory=dict)

    @classmethod
    def of(cls, beside: Sequence[LabelBeside]) -> "CarriedMarks":
        """What the nearest labelled frames to both sides say alike, or the nearer one within a
        second."""
        found = taken_over(
            (label.seconds is not None and label.seconds <= REACH_S, _marks(label.shape))
            for label in sorted(beside, key=lambda label: label.frames)
        )
        return cls({j: mark for j, mark in found.items() if mark is not Visibility.VISIBLE})

    def said(
        self, stored: Shape, told: Set[int], brought: StoredProposal | None
    ) -> tuple[Shape, frozenset[int], frozenset[int]]:
        """A frame's shape with what is carried into it as hidden; what is not in the image, by
        a person or carried; and the landmarks, of both kinds, whose mark is carried.

        told: landmarks of which a person has said in this frame whether they are seen. Neither
        these nor what a person has placed there is carried, nor what somebody else proposes.
        """
        marks = np.array([mark is not None for mark in stored.provenance])
        said = marks | (stored.visibility != Visibility.NOT_LABELLED)
        if brought is not None:
            said |= np.isfinite(brought.points[:, 0])
        carried = {j: m for j, m in self.marks.items() if not said[j] and j not in told}
        absent = absent_of(stored)
        if not carried:
            return stored, absent, frozenset()
        hidden = [j for j, mark in carried.items() if mark is Visibility.OCCLUDED]
        visibility = stored.visibility.copy()
        visibility[hidden] = Visibility.OCCLUDED
        shape = Shape(stored.points, visibility, stored.provenance, stored.covariances)
        return shape, absent | (carried.keys() - set(hidden)), frozenset(carried)

    def written(self, stored: Shape, told: Set[int], brought: StoredProposal | None) -> Shape:
        """As `said`, as if a person had said in this frame what is carried into it."""
        shape, absent, _ = self.said(stored, told, brought)
        marks = [
            Provenance.INFERRED if mark is None and j in absent else mark
            for j, mark in enumerate(shape.provenance)
        ]
        return Shape(shape.points, shape.visibility, marks, shape.covariances)


def taken_over(near: Iterable[tuple[bool, Mapping[int, _T]]]) -> dict[int, _T]:
    """near: of at most two labelled frames, one to each side and the nearer one first, whether it
    is within `REACH_S`, and what it says of landmarks."""
    found: dict[int, _T] = {}
    said: dict[int, list[tuple[bool, _T]]] = {}
    for close, marks in near:
        for landmark, mark in marks.items():
            said.setdefault(landmark, []).append((close, mark))
    for landmark, ((close, mark), *others) in said.items():
        if close or (others and others[0][1] == mark):
            found[landmark] = mark
    return found


def _marks(shape: Shape) -> Mapping[int, Visibility]:
    """Of the landmarks of which the label says anything."""
    hidden = shape.visibility == Visibility.OCCLUDED
    placed = {
        j: Visibility.OCCLUDED if hidden[j] else Visibility.VISIBLE
        for j in np.flatnonzero(shape.known).tolist()
    }
    return placed | dict.fromkeys(np.flatnonzero(shape.absent).tolist(), Visibility.NOT_LABELLED)
