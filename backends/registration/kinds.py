"""What is believed of an object that is of one of several kinds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.orientation import moments_in

_UNLIKELY = 1e-3


def one_of(first: Proposal, others: Sequence[tuple[float, Proposal]]) -> Proposal:
    """The mixture of several of one class each, in the frame of the first. others: with how
    probable each is, the first having the rest. What all vary by is the mean of their
    covariances."""
    likely = [(weight, other) for weight, other in others if weight >= _UNLIKELY]
    if not likely:
        return first
    weights = [1 - sum(weight for weight, _ in likely), *(weight for weight, _ in likely)]
    moments = [moments_in(first.box, other.box, other.mixture) for _, other in likely]
    means = [first.mixture.mean, *(points for points, _ in moments)]
    covariances = [first.mixture.covariance, *(covariance for _, covariance in moments)]
    residual = np.tensordot(weights, covariances, axes=1)
    mixture = ShapeMixture(np.log(weights), np.stack(means), residual)
    return replace(first, mixture=mixture, kinds=True)
