"""How far landmarks lie from where the densities put them: D and C of the covariance D C D.

D holds each image's own uncertainty of each landmark, C how errors go together: a contour slides
as a whole, so landmarks that were taken as independent would be far too sure of themselves.
"""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

LEAST_SIZE = 1e-9
_LEAST_DETERMINANT = 1e-30
_PSEUDO_SAMPLES = 20.0
"""How many observations a landmark's own factor counts the common one as."""
_MOST_LOG = 20.0
"""Of a part: one that explains nothing would go on shrinking until its numbers overflow."""


@dataclass(frozen=True, eq=False)
class Deviations:
    """parts: (3,) shares of the density's covariance, of one of the same form with the size of the
    predicted scale, and of `floor`^2 in a landmark's covariance. factors: (L,) of each landmark.
    floor: in the box frame."""

    parts: Floats
    factors: Floats
    floor: float

    def covariances(self, spreads: Floats, scales: Floats) -> Floats:
        """(..., L, 2, 2) of the error, from the densities' covariances and scales (..., L)."""
        spread, scale, constant = self.parts
        size = np.trace(spreads, axis1=-2, axis2=-1) / 2
        # The density tells the form, along a contour or across it; the scale tells the size.
        weight = spread + scale * scales**2 / np.maximum(size, LEAST_SIZE)
        own = weight[..., None, None] * spreads + constant * self.floor**2 * np.eye(2)
        return np.asarray(self.factors[:, None, None] * own)

    def roots(self, spreads: Floats, scales: Floats) -> Floats:
        """(..., L, 2, 2) the symmetric roots of the covariances."""
        return symmetric_roots(self.covariances(spreads, scales))


def fit_deviations(spreads: Floats, scales: Floats, errors: Floats) -> Deviations:
    """The most likely under Gaussian errors (N, L, 2); NaN where the truth is unknown.

    spreads: (N, L, 2, 2), scales: (N, L).
    """
    known = np.isfinite(errors[..., 0])
    floor = float(np.sqrt(np.nanmean(errors**2)))
    clean = np.where(known[..., None], errors, 0.0)
    count = known.sum(axis=0)
    flat = Deviations(np.ones(3), np.ones(errors.shape[1]), floor)
    factors = np.ones(errors.shape[1])
    parts = np.log(np.array([0.2, 2.0, 0.1]))

    from scipy.optimize import minimize  # here: nobody who only proposes is to wait for it

    within, options = [(-_MOST_LOG, _MOST_LOG)] * len(parts), {"xatol": 0.02}
    for _ in range(3):
        before = Deviations(flat.parts, factors, floor)
        unlikely = _Deviance(spreads, scales, clean, known, before)
        found = minimize(unlikely, parts, method="Nelder-Mead", bounds=within, options=options)
        parts = found.x
        flat = Deviations(np.exp(parts), np.ones(len(factors)), floor)
        squared = _squared(clean, flat.covariances(spreads, scales)) * known
        factors = (squared.sum(axis=0) / 2 + _PSEUDO_SAMPLES) / (count + _PSEUDO_SAMPLES)
    return Deviations(flat.parts, factors, floor)


class _Deviance:
    """How unlikely errors are under `Deviations.covariances` with the exponentials of three logs as
    parts. It is asked hundreds of times, so what does not change is known before, entry by entry.
    """

    def __init__(
        self, spreads: Floats, scales: Floats, errors: Floats, known: Bools, flat: Deviations
    ) -> None:
        """errors: zero where not `known`. flat: whose factors and floor hold."""
        self._a, self._b, self._c = (
            np.ascontiguousarray(spreads[..., i, j]) for i, j in ((0, 0), (0, 1), (1, 1))
        )
        self._squared_scales = scales**2
        self._sizes = np.maximum((self._a + self._c) / 2, LEAST_SIZE)
        self._x, self._y = (np.ascontiguousarray(errors[..., i]) for i in (0, 1))
        self._known, self._count = known, known.sum()
        self._factors, self._squared_floor = flat.factors, flat.floor**2

    def __call__(self, logs: Floats) -> float:
        spread, scale, constant = np.exp(logs)
        weight = spread + scale * self._squared_scales / self._sizes
        least = constant * self._squared_floor
        determinant, squared = _distances(
            self._x,
            self._y,
            self._factors * (weight * self._a + least),
            self._factors * (weight * self._b),
            self._factors * (weight * self._c + least),
        )
        return float(((squared + np.log(determinant)) * self._known).sum() / self._count)


def symmetric_roots(matrices: Floats) -> Floats:
    """(..., 2, 2) of positive definite ones: (A + sqrt(det A) I) / sqrt(tr A + 2 sqrt(det A))."""
    determinant = matrices[..., 0, 0] * matrices[..., 1, 1] - matrices[..., 0, 1] ** 2
    root = np.sqrt(np.maximum(determinant, 1e-30))[..., None, None]
    trace = np.trace(matrices, axis1=-2, axis2=-1)[..., None, None]
    return np.asarray((matrices + root * np.eye(2)) / np.sqrt(trace + 2 * root))


def joint_covariance(roots: Floats, correlation: Floats) -> Floats:
    """(2L, 2L) D C D, with D made of the symmetric roots (L, 2, 2)."""

    def times(matrix: Floats) -> Floats:
        """D times a matrix (2L, 2L)."""
        return np.asarray((roots @ matrix.reshape(len(roots), 2, -1)).reshape(matrix.shape))

    return times(times(correlation).T)


def whitened(errors: Floats, roots: Floats) -> Floats:
    """(N, 2L) errors (N, L, 2) in units of their own deviations, zero where unknown."""
    own = np.linalg.solve(roots, np.nan_to_num(errors)[..., None])
    return np.asarray(own.reshape(len(errors), -1))


def _squared(errors: Floats, covariances: Floats) -> Floats:
    entries = covariances[..., 0, 0], covariances[..., 0, 1], covariances[..., 1, 1]
    return _distances(errors[..., 0], errors[..., 1], *entries)[1]


def _distances(x: Floats, y: Floats, a: Floats, b: Floats, c: Floats) -> tuple[Floats, Floats]:
    """Determinants and squared distances, written out: many small matrices are slow to factorise.
    a, b, c: the entries of the covariances, b off the diagonal."""
    determinant = np.maximum(a * c - b * b, _LEAST_DETERMINANT)
    return determinant, np.asarray((c * x * x - 2 * b * x * y + a * y * y) / determinant)
