"""Whether truths fall inside the ellipses as often as the ellipses say."""

import math
from typing import TypeVar

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

_Level = TypeVar("_Level", float, Floats)


def squared_mahalanobis(points: Floats, covariances: Floats, truth: Floats) -> Floats:
    """(L,) squared distances of the truth (L, 2) in units of the covariances (L, 2, 2)."""
    offsets = (truth - points)[..., None]
    return np.asarray((offsets * np.linalg.solve(covariances, offsets)).sum(axis=(-2, -1)))


def inside(squared: Floats, level: float, degrees: float = math.inf) -> float:
    """Percent of landmarks whose truth lies inside the ellipse that should hold `level` of them.

    squared: squared Mahalanobis distances; for a Gaussian in the plane the ellipse of level p
    ends at -2 log(1 - p). With fewer degrees of freedom the 95 % ellipse stays where it is and the
    others are in proportion to it as for a t distribution.
    """
    end = t_quantile(level, degrees) * -2.0 * math.log(0.05) / t_quantile(0.95, degrees)
    return 100.0 * float((squared <= end).mean())


def t_quantile(level: _Level, degrees: float) -> _Level:
    """The squared distance within which a t distribution in the plane has `level` of its mass."""
    if math.isinf(degrees):
        found: _Level = -2.0 * np.log1p(-level)
    else:
        found = degrees * ((1.0 - level) ** (-2.0 / degrees) - 1.0)
    return found


def negative_log_likelihood(points: Floats, covariances: Floats, truth: Floats) -> Floats:
    """(L,) in nats, of each landmark's truth under its Gaussian; positions in any one unit."""
    determinants = np.linalg.det(covariances)
    squared = squared_mahalanobis(points, covariances, truth)
    return np.asarray(0.5 * (squared + np.log(determinants)) + math.log(2 * math.pi))
