"""What is stored of a shape as evidence, and clicks that mean a contour and not a place on it."""

from typing import TYPE_CHECKING

import numpy as np

from landmark_annotator.annotator.session.labelling.landmark_edits import Point
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import PLACED, Box, Evidence, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.labelling.view import View

HELD = PLACED | {Provenance.INFERRED}
"""What the posterior goes by. A shape in progress holds inferred positions only where it was
accepted before its scheme grew: a person has let them pass."""


def traced(
    view: "View", proposal: Proposal | None, scheme: Scheme, landmark: int, position: Point
) -> Floats | None:
    """(2, 2) of a click there that means the landmark's contour; None where it is one on the place:
    without a proposal, on an accepted shape, and where the landmark is on no contour. So is the
    second one on the same landmark: whoever moves it again wants it elsewhere on its contour."""
    if proposal is None or view.instance.state is InstanceState.ACCEPTED:
        return None
    if view.shape.provenance[landmark] is Provenance.TRACED:
        return None
    points, covariances = view.shape.points, view.shape.covariances
    piece = proposal.traced(points, covariances, scheme, landmark, np.array(position))
    return None if piece is None else piece.covariance


def predicted_visible(posterior: Posterior, scheme: Scheme, box: Box) -> float | None:
    """Percent, as `Posterior.predicted_visible_error`; None where the scheme has no contours."""
    return posterior.predicted_visible_error(scheme, box) if scheme.curves else None


def evidence_of(stored: Shape, proposal: Proposal) -> list[Evidence]:
    """Of every landmark that is held: where it was put, or the contour that was clicked."""
    held = [j for j, mark in enumerate(stored.provenance) if mark in HELD and stored.known[j]]
    return [_piece(j, stored, proposal.click_deviation) for j in held]


def _piece(landmark: int, stored: Shape, deviation: float) -> Evidence:
    position, covariance = stored.points[landmark], stored.covariances[landmark]
    if stored.provenance[landmark] is Provenance.TRACED and np.isfinite(covariance).all():
        return Evidence(landmark, position, covariance)
    return Evidence.click(landmark, position, deviation)
