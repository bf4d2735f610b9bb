"""Clicks that a proposal took for next to impossible say that it was too sure of the rest as well.

Conditioning a Gaussian leaves a covariance that does not depend on where the clicks were: after
clicks far from all that was expected, as on a face that lies upside down in its box, it would be as
sure as ever.
"""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.shapes.conditioning import observed_in
from landmark_annotator.backends.shapes.mahalanobis import distance_and_area
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.evidence import Evidence

_BEYOND = 0.05
"""Of objects in which nothing is wrong, those whose worst landmark is farther off than is taken to
be usual: people click the worst one first."""


def excess(
    prior: ShapeMixture, framed: Sequence[Evidence], landmarks: int, degrees: float
) -> float:
    """By how many times the prior's covariance was too small for evidence in its frame, at least 1.

    The squared Mahalanobis distance of the evidence for each landmark, by mean and covariance of
    all classes together, in units of what is usual of the worst of so many landmarks. degrees: see
    `Posterior`.
    """
    if not framed:
        return 1.0
    rows, position, noise, pieces = observed_in(prior, framed)
    spread = prior.covariance[np.ix_(rows, rows)] + noise
    squared, _ = distance_and_area(position - prior.mean.ravel()[rows], spread)
    return max(squared / len(pieces) / _usual(landmarks, degrees), 1.0)


def _usual(landmarks: int, degrees: float) -> float:
    """The squared distance that the worst of independent landmarks stays within, in units of
    covariances whose 95 % ellipses are those of a t distribution in the plane."""
    outside = _BEYOND / landmarks
    normal = -2 * np.log(outside)
    if not np.isfinite(degrees):
        return float(normal)
    power = -2 / degrees
    return float(-2 * np.log(0.05) * (outside**power - 1) / (0.05**power - 1))
