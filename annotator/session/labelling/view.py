"""What a front end shows of the open instance."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.projects.store import InstanceRecord
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import IncompleteShape


@dataclass(frozen=True, eq=False)
class View:
    """A snapshot: the session makes new ones.

    shape: every known position, with covariances where the posterior gives them. A landmark whose
        provenance is None is inferred at this moment and is not stored.
    absent: landmarks that a person has marked as not in the image, here or in frames of the video
    beside this one; they have no position.
    absent_at: (L, 2) where the posterior would have put the absent ones; NaN elsewhere.
    query: the landmark to ask for next; None where all are placed.
    predicted_error: expected NME in percent, None without a model. predicted_visible: of what an
        eye sees of it, None where the scheme has no contours. predicted_millimetres: the expected
        distance, None where nobody has said what a pixel measures.
    backend: what proposed; None without a proposal. brought: whose that proposal is and why it is
        the one that is seen, where somebody brought it.
    hidden: (L,) the model's probability that the photograph does not show the landmark, NaN where a
        person has said where it is or whether it is seen; None where the model says nothing of it.
    unfamiliar: whether the model has never seen the like of what is in the box.
    lost: whether an object of a video may be anywhere in the frame, and nobody has placed a
        landmark: what is seen is the shape that it usually has.
    marked: landmarks that were marked as hidden because it was suggested.
    carried: landmarks that are hidden or not in the image as in frames of the video beside this
        one; nobody has said it in this one.
    measured: the box in whose size errors are told where the scheme names no length.
    meanwhile: what was done elsewhere to the instance while it was open here, for people.
    """

    instance: InstanceRecord
    shape: Shape
    absent: frozenset[int]
    absent_at: Floats
    query: int | None
    predicted_error: float | None
    backend: str | None
    meanwhile: str = ""
    predicted_visible: float | None = None
    predicted_millimetres: float | None = None
    brought: str = ""
    hidden: Floats | None = None
    marked: frozenset[int] = frozenset()
    unfamiliar: bool = False
    lost: bool = False
    measured: Box | None = None
    carried: frozenset[int] = frozenset()

    @property
    def suggested(self) -> frozenset[int]:
        """Landmarks that are probably hidden, as far as nobody has said anything of them."""
        return probably_hidden(self.hidden)

    @property
    def left_out(self) -> frozenset[int]:
        """Landmarks of which the file that the others are from says nothing, nor anybody else."""
        marks = self.shape.provenance
        if Provenance.IMPORTED not in marks:
            return frozenset()
        hidden = np.flatnonzero(self.shape.visibility == Visibility.OCCLUDED).tolist()
        unsaid = (j for j, mark in enumerate(marks) if mark is None)
        return frozenset(unsaid).difference(hidden, self.absent, self.carried)

    @property
    def predicted_errors(self) -> tuple[float | None, float | None, float | None]:
        """In percent, in percent of what an eye sees, and in millimetres."""
        return self.predicted_error, self.predicted_visible, self.predicted_millimetres

    @property
    def complete(self) -> bool:
        """Whether every landmark has a position or is marked as absent: ready to accept."""
        unknown = set(np.flatnonzero(~self.shape.known).tolist())
        return unknown <= self.absent

    def refuse_incomplete(self, scheme: Scheme) -> None:
        """Raises IncompleteShape where a landmark has no position yet."""
        missing = [j for j in np.flatnonzero(~self.shape.known).tolist() if j not in self.absent]
        if missing:
            first, one = scheme.landmarks[missing[0]], len(missing) == 1
            raise IncompleteShape(
                f"The {first} has no position yet."
                if one
                else f"{len(missing)} landmarks have no position yet, the first is {first}.",
                kept="What you placed is stored." if self.shape.known.any() else "",
                remedy=f"Click {'it' if one else 'them'}, or mark as not in the image what is not.",
            )


def title_of_click(view: View | None, scheme: Scheme, landmark: int) -> str:
    """What the journal calls the click after which the view is this, and undo with it."""
    traced = view is not None and view.shape.provenance[landmark] is Provenance.TRACED
    return f"{'contour at' if traced else 'placement of'} {scheme.landmarks[landmark]}"


def absent_of(stored: Shape) -> frozenset[int]:
    """The landmarks that a person has marked as not in the image."""
    return frozenset(
        j
        for j, mark in enumerate(stored.provenance)
        if mark is not None and stored.visibility[j] == Visibility.NOT_LABELLED
    )


def as_stored(
    record: InstanceRecord, stored: Shape, absent: frozenset[int], planned: Collection[int]
) -> View:
    """Without a posterior: planned landmarks are asked for first, hidden ones last."""
    missing = [j for j in np.flatnonzero(~stored.known).tolist() if j not in absent]
    missing.sort(
        key=lambda j: (bool(stored.visibility[j] == Visibility.OCCLUDED), j not in planned)
    )
    nowhere = np.full_like(stored.points, np.nan)
    return View(record, stored, absent, nowhere, missing[0] if missing else None, None, None)
