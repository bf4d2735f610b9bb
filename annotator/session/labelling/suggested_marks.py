"""What a model takes to be hidden, until a person says something of it.

A landmark that a person has placed is seen unless that person says otherwise; one whose visibility
somebody has told is as they told, also where they told that it is seen after all.
"""

from collections.abc import Iterable, Mapping, Set
from itertools import takewhile

import numpy as np

from landmark_annotator.annotator.session.labelling.carried_marks import CarriedMarks
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.annotator.session.posterior.hidden_landmarks import probably_hidden
from landmark_annotator.projects.store import (
    ActionKind,
    Project,
    StoredProposal,
    ToLabel,
    standing,
)
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

RETURN = "return to the proposal"
"""What the journal calls the action that takes back all that people have said of a shape."""
SWAP = "swap of left and right"
"""What the journal calls the action that writes what was carried, on the other side."""
_TELLING = (ActionKind.VISIBILITY, ActionKind.SUGGESTION)
"""What says of the landmark that its entry names, if any, whether it is seen."""


def told_of(
    project: Project, now: ToLabel, hidden: Floats | None, carried: CarriedMarks
) -> frozenset[int]:
    """The landmarks, each by itself, of which a person has said whether they are seen, since all
    was taken back last, and all that was carried, once left and right were swapped with it. hidden:
    (L,) of what is proposed. Nothing is asked where neither that nor
    what is carried says anything, or there is no journal."""
    if not now.revision or (hidden is None and not carried.marks):
        return frozenset()
    return _told(project, now, carried)


def _told(project: Project, now: ToLabel, carried: CarriedMarks) -> frozenset[int]:
    done = standing(reversed(list(project.journal(now.record.id))))
    since = list(takewhile(lambda entry: entry.title != RETURN, done))
    told = {entry.landmark for entry in since if entry.kind in _TELLING}
    if any(entry.title == SWAP for entry in since):
        told |= carried.marks.keys()
    return frozenset(landmark for landmark in told if landmark is not None)


def as_proposed(project: Project, now: ToLabel, proposal: StoredProposal) -> Shape:
    """What is proposed for an object that nobody has accepted, as a person would see it: what is
    not in the image has no position, and what is hidden is so, by a person or carried."""
    carried = CarriedMarks.of(now.beside)
    told = told_of(project, now, None, carried)
    stored, absent, _ = carried.said(now.shape, told, now.brought)
    points = proposal.points.copy()
    points[sorted(absent)] = np.nan
    hidden = stored.visibility == Visibility.OCCLUDED
    seen = np.where(hidden, Visibility.OCCLUDED, Visibility.VISIBLE)
    visibility = np.where(np.isfinite(points[:, 0]), seen, Visibility.NOT_LABELLED)
    marks = [Provenance.INFERRED if j in absent else None for j in range(len(points))]
    return Shape(points, visibility, marks, proposal.covariances)


def marked_before(hidden: Floats | None, stored: Shape, told: Set[int]) -> frozenset[int]:
    """Those that were marked as hidden because it was suggested."""
    marked = np.flatnonzero(stored.visibility == Visibility.OCCLUDED).tolist()
    unplaced = {j for j in marked if stored.provenance[j] is None}
    return (probably_hidden(hidden) & unplaced) - told


def hidden_beyond_border(project: Project, shape: Shape, now: ToLabel) -> Shape:
    """What is accepted: what lies beyond the image's border is hidden, unless a person has placed
    it there, or told that it is seen. A pixel reaches half a pixel around its middle."""
    ends = np.array([now.image.width, now.image.height]) - 0.5
    beyond = ((shape.points < -0.5) | (shape.points > ends)).any(axis=1)
    beyond &= np.array([mark is None for mark in now.shape.provenance])
    if not beyond.any():
        return shape
    beyond[list(_told(project, now, CarriedMarks.of(now.beside)))] = False
    visibility = np.where(beyond, Visibility.OCCLUDED, shape.visibility)
    return Shape(shape.points, visibility, shape.provenance, shape.covariances)


def turn_of(views: Iterable[View]) -> tuple[Mapping[int, frozenset[int]], Visibility]:
    """What one key says of these together, by instance: all that is suggested is hidden; where all
    of it was marked so before, it is seen after all.

    Raises ActionableError where nothing is probably hidden.
    """
    looked_at = list(views)
    suggested = {view.instance.id: view.suggested for view in looked_at if view.suggested}
    if suggested:
        return suggested, Visibility.OCCLUDED
    marked = {view.instance.id: view.marked for view in looked_at if view.marked}
    if not marked:
        raise ActionableError(
            "Nothing here is probably hidden, as far as the model can tell.",
            kept="Nothing was changed.",
            remedy="Mark what you see to be hidden landmark by landmark.",
        )
    return marked, Visibility.VISIBLE
