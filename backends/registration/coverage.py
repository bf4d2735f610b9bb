"""How wide ellipses have to be, and how heavy their tails: the likeliest t distribution."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

_WIDTHS = np.geomspace(0.05, 200.0, 60)
_DEGREES = (2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 20.0, 50.0)
_MOSTLY = 6.0
"""Degrees of freedom that this many images more would speak for."""
_IMAGES_BEFORE = 4.0
INDEPENDENT = 6.0
"""Landmarks of one image whose errors say something of their own."""
_GAUSSIAN_95 = -2 * np.log(0.05)


@dataclass(frozen=True, eq=False)
class Residuals:
    """Of landmarks (n,) of one image: errors (n, 2), and their covariances by what is seen and by
    the prior, each (n, 2, 2). The first is right up to a width."""

    errors: Floats
    seen: Floats
    prior: Floats


def ellipse_scale(degrees: float) -> float:
    """Of covariances whose 95 % ellipses are those of a t distribution with such scales."""
    if np.isinf(degrees):
        return 1.0
    return float(degrees * (0.05 ** (-2 / degrees) - 1) / _GAUSSIAN_95)


def fit_coverage(residuals: Sequence[Residuals]) -> tuple[float, float]:
    """The width and the degrees of freedom."""
    errors = np.concatenate([each.errors for each in residuals])
    seen = np.concatenate([each.seen for each in residuals])
    prior = np.concatenate([each.prior for each in residuals])
    share = len(residuals) * INDEPENDENT / len(errors)
    tried = {}
    for width in _WIDTHS:
        covariances = width * seen + prior
        determinants, squared = _distances(errors, covariances)
        size = float(np.log(determinants).sum()) / 2
        for degrees in _DEGREES:
            tails = (degrees / 2 + 1) * float(np.log1p(squared / degrees).sum())
            against = _IMAGES_BEFORE * (np.log(degrees / _MOSTLY)) ** 2
            tried[float(width), degrees] = share * (size + tails) + against
    return min(tried, key=lambda pair: tried[pair])


def shortfall(residuals: Sequence[Residuals], width: float, degrees: float) -> float:
    """By what covariances are too small for 95 % ellipses that hold 95 % of the errors, where they
    hold fewer. The likeliest t distribution is so in its middle, where most errors are: of
    landmarks that are mostly exact and now and then far off along a contour its tails are too
    short. From few images less is made of it."""
    errors = np.concatenate([each.errors for each in residuals])
    covariances = np.concatenate([width * each.seen + each.prior for each in residuals])
    found = float(np.quantile(_distances(errors, covariances)[1], 0.95))
    expected = degrees * (0.05 ** (-2 / degrees) - 1)
    share = len(residuals) / (len(residuals) + _IMAGES_BEFORE)
    return float(max(found / expected, 1.0) ** share)


def _distances(errors: Floats, covariances: Floats) -> tuple[Floats, Floats]:
    """Determinants (n,) and squared distances (n,)."""
    a, b, c = covariances[:, 0, 0], covariances[:, 0, 1], covariances[:, 1, 1]
    x, y = errors.T
    determinants = np.maximum(a * c - b * b, 1e-30)
    return determinants, (c * x * x - 2 * b * x * y + a * y * y) / determinants
