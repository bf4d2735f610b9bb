"""What is believed of an object that is of one of two kinds."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.orientation import moments_in

_UNLIKELY = 1e-3


def either(weight: float, first: Proposal, second: Proposal) -> Proposal:
    """The mixture of two of one class each, in the frame of the first, which has this weight. What
    both vary by is the mean of their covariances."""
    if 1 - weight < _UNLIKELY:
        return first
    points, covariance = moments_in(first.box, second.box, second.mixture)
    residual = weight * first.mixture.covariance + (1 - weight) * covariance
    means = np.stack([first.mixture.mean, points])
    mixture = ShapeMixture(np.log([weight, 1 - weight]), means, residual)
    return replace(first, mixture=mixture, kinds=True)
