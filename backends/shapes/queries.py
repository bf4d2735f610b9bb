"""Which landmark's click would teach the model most."""

import math

import numpy as np

from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats

MEAN_DISTANCE = math.sqrt(math.pi) / 2
"""Expected length of a round Gaussian error, divided by the root of its covariance's trace."""


def expected_drops(mixture: ShapeMixture, deviation: float) -> Floats:
    """(L,) how far a click on each landmark is expected to lower the sum of all errors.

    A landmark i with total covariance T_ii has the expected error c sqrt(tr T_ii), and under a
    click on j with error covariance R = deviation^2 I its trace falls by
    tr(T_ij (T_jj + R)^-1 T_ji). In box frame units. The error and not the variance: a variance
    would ask about the one landmark that is lost, when a click elsewhere mends many.
    """
    return drops_of(mixture.covariance, mixture.landmark_covariances, deviation)


def drops_of(total: Floats, own: Floats, deviation: float) -> Floats:
    """The same of a total covariance (2L, 2L) and its diagonal blocks (L, 2, 2)."""
    # The precision of j is C Cᵀ, and the trace the sum of the squares of T_ij C.
    root = np.linalg.cholesky(np.linalg.inv(own + np.eye(2) * deviation**2))
    x, y = total[:, ::2], total[:, 1::2]
    squares = (x * root[:, 0, 0] + y * root[:, 1, 0]) ** 2 + (y * root[:, 1, 1]) ** 2
    falls = squares[::2] + squares[1::2]
    traces = np.trace(own, axis1=1, axis2=2)[:, None]
    left = np.sqrt(np.maximum(traces - falls, 0.0))
    return np.asarray(MEAN_DISTANCE * (np.sqrt(np.maximum(traces, 0.0)) - left).sum(axis=0))
