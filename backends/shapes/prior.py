"""The prior from labelled shapes alone: what proposes before any network is trained."""

from collections.abc import Sequence

import numpy as np

from backends.shapes.gaussian_fit import fit_gaussian
from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats
from projects.vocabulary.box import Box
from projects.vocabulary.errors import TooFewLabels
from projects.vocabulary.shape import Shape

_BOX_SLACK = 0.05
"""Deviation of a drawn box from the box around the landmarks: shift in sides, and log scale."""


def shape_prior(labelled: Sequence[tuple[Box, Shape]]) -> ShapeMixture:
    """One Gaussian (K = 1) over shapes in the box frame, from at least one labelled shape.

    Boxes that came with the labels lie tightly around the landmarks, boxes that a person draws do
    not: the slack between them is added to the covariance. Raises TooFewLabels.
    """
    if not labelled:
        raise TooFewLabels(
            "A prior needs at least one labelled shape.",
            remedy="Label one instance completely by hand; from the second on the tool helps.",
        )
    shapes = np.stack([box.to_frame(shape.points) for box, shape in labelled])
    mean, covariance = fit_gaussian(shapes)
    return ShapeMixture(np.zeros(1), mean[None], covariance + box_slack(mean, _BOX_SLACK))


def box_slack(mean: Floats, deviation: float) -> Floats:
    """(2L, 2L) covariance of a mean shape (L, 2) whose box is shifted and scaled at random."""
    moves = [np.tile([1.0, 0.0], len(mean)), np.tile([0.0, 1.0], len(mean)), mean.ravel()]
    basis = np.stack(moves) * deviation
    return np.asarray(basis.T @ basis)
