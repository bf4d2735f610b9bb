"""A prior over shapes and a detector's answer for a whole shape, multiplied into one mixture."""

import numpy as np

from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats


def fuse(prior: ShapeMixture, points: Floats, covariance: Floats) -> ShapeMixture:
    """The mixture given that every landmark was observed with errors that are correlated.

    points: (L, 2) what the detector says, covariance: (2L, 2L) of its error, both in the prior's
    frame. Like a click on every landmark at once, with a covariance that is not made of blocks:
    log w_k += log N(y; mu_k, S + V); mu_k += S (S + V)^-1 (y - mu_k); S -= S (S + V)^-1 S.
    """
    residual = prior.residual
    total = residual + covariance
    lower = np.linalg.cholesky(total)
    whiten = np.tril(np.linalg.inv(lower))
    reached = whiten @ residual
    classes = prior.leading
    means = prior.means(classes).reshape(len(classes), -1)
    offsets = (points.ravel() - means) @ whiten.T
    log_weights = prior.log_weights[classes] - 0.5 * (offsets**2).sum(axis=1)
    fused = means + offsets @ reached
    return ShapeMixture(
        log_weights, fused.reshape(len(classes), -1, 2), residual - reached.T @ reached
    )
