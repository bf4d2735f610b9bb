"""A Gaussian over shapes from few shapes, some with missing landmarks."""

import numpy as np

from backends.shapes.alignment import nan_mean
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import TooFewLabels

_EM_ROUNDS = 12
_PSEUDO_SHAPES = 4.0
"""How many shapes the smoothness assumption counts as, beside the labelled ones."""
_SMOOTHNESS = 0.2
"""Distance in box frame units over which neighbouring landmarks move together."""
_FIRST_DEVIATION = 0.06
"""Box frame units a landmark varies by before there are shapes enough to tell."""


def smooth_covariance(mean: Floats, deviation: float) -> Floats:
    """(2L, 2L) of a smooth deformation field on the mean shape (a Gaussian process)."""
    squared = ((mean[:, None] - mean[None]) ** 2).sum(axis=2)
    kernel = np.exp(-0.5 * squared / _SMOOTHNESS**2) + 1e-3 * np.eye(len(mean))
    return np.kron(kernel * deviation**2, np.eye(2))


def fit_gaussian(shapes: Floats) -> tuple[Floats, Floats]:
    """Mean (L, 2) and covariance (2L, 2L) of shapes (N, L, 2) in one frame, NaN where missing.

    Maximum a posteriori under an inverse Wishart prior whose centre is a smooth deformation, by
    EM over the missing entries: one shape is enough to start from, and with many shapes the
    assumption fades. Raises TooFewLabels where a landmark is known in no shape.
    """
    mean = nan_mean(shapes)
    unseen = np.flatnonzero(~np.isfinite(mean[:, 0]))
    if len(unseen):
        raise TooFewLabels(
            f"{len(unseen)} of {len(mean)} landmarks are labelled in none of {len(shapes)} shapes.",
            remedy="Label one instance completely by hand; from the second on the tool helps.",
        )
    count = len(shapes)
    flat = shapes.reshape(count, -1)
    missing = ~np.isfinite(flat)
    centre = mean.ravel()
    deviation = _FIRST_DEVIATION
    if count >= 5:
        spread = np.where(missing, 0.0, flat - centre)
        deviation = max(float(np.sqrt((spread**2).sum() / (~missing).sum())), 1e-4)
    target = smooth_covariance(mean, deviation)
    covariance = target
    for _ in range(_EM_ROUNDS if missing.any() else 1):
        filled, doubt = _expected(flat, missing, centre, covariance)
        centre = filled.mean(axis=0)
        scatter = (filled - centre).T @ (filled - centre) + doubt
        covariance = (scatter + _PSEUDO_SHAPES * target) / (count + _PSEUDO_SHAPES)
    return centre.reshape(-1, 2), covariance


def _expected(
    flat: Floats,
    missing: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    centre: Floats,
    covariance: Floats,
) -> tuple[Floats, Floats]:
    """The E step: missing entries filled by their conditional mean, and their summed covariance."""
    filled = flat.copy()
    doubt = np.zeros_like(covariance)
    patterns, members = np.unique(missing, axis=0, return_inverse=True)
    for index, pattern in enumerate(patterns):
        if not pattern.any():
            continue
        rows = np.flatnonzero(members.ravel() == index)
        gone, there = np.flatnonzero(pattern), np.flatnonzero(~pattern)
        gain = np.linalg.solve(covariance[np.ix_(there, there)], covariance[np.ix_(there, gone)]).T
        filled[np.ix_(rows, gone)] = centre[gone] + (flat[rows][:, there] - centre[there]) @ gain.T
        left = covariance[np.ix_(gone, gone)] - gain @ covariance[np.ix_(there, gone)]
        doubt[np.ix_(gone, gone)] += len(rows) * left
    return filled, doubt
