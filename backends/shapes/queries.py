"""Which landmark's click would teach the model most.

What is left to mend is counted as by a person who has to accept the shape: the expected error of
every landmark, and how unlikely it is that none of them is visibly off.
"""

import math

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats

MEAN_DISTANCE = math.sqrt(math.pi) / 2
"""Expected length of a round Gaussian error, divided by the root of its covariance's trace."""

MEAN_DEVIATION = math.sqrt(2 / math.pi)
"""Expected size of a Gaussian error along one axis, divided by its standard deviation."""

TOLERANCE = 0.06
"""Sides of the box from which on a landmark is visibly off: on faces a tenth of the distance
between the outer eye corners."""

OFF_COST = 1.0
"""Sides of the box that a shape costs besides for each nat of improbability that it can be accepted
as it is. Chosen by simulated clicks on the faces that the heat-map network was not trained on."""

_SUREST = 0.9999
"""Of a landmark's being off; surer than that makes no difference."""
_LEAST_TRACE = 1e-12


def expected_drops(mixture: ShapeMixture, deviation: float) -> Floats:
    """(L,) how far a click on each landmark is expected to lower what is left to mend.

    That is the sum over the landmarks i of the expected error c sqrt(tr T_ii), T the total
    covariance, less OFF_COST log(1 - p_i), p_i = exp(-TOLERANCE^2 / tr T_ii) being the probability
    that a round Gaussian lies outside the tolerance. Under a click on j with error covariance
    R = deviation^2 I the trace falls by tr(T_ij (T_jj + R)^-1 T_ji). In box frame units. The error
    and not the variance: a variance would ask about the one landmark that is lost, when a click
    elsewhere mends many.
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
    return np.asarray((to_mend(traces) - to_mend(traces - falls)).sum(axis=0))


def worth_asking(gains: Floats, hidden: Floats | None) -> Floats:
    """(L,) or (T, L) what is gained on average by asking for each landmark: nothing where the
    photograph does not show it, for then no click can be placed.

    gains: by a click that is placed. hidden: the probability that it is not shown, NaN where that
    is not known or a person has said that it is seen; None: nothing is known.
    """
    return gains if hidden is None else gains * (1 - np.nan_to_num(hidden))


def to_mend(traces: Floats) -> Floats:
    """Of landmarks whose covariances have these traces: see `expected_drops`."""
    traces = np.maximum(traces, _LEAST_TRACE)
    off = np.minimum(np.exp(-(TOLERANCE**2) / traces), _SUREST)
    return np.asarray(MEAN_DISTANCE * np.sqrt(traces) - OFF_COST * np.log1p(-off))
