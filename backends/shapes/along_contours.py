"""Where the landmarks of a contour lie between those of it that a person has placed: what is known
of a shape before anything was learned, for a contour is smooth and its landmarks are spaced evenly.

Each coordinate is a smooth function of the landmark's number along its contour: an integrated
Wiener process with a diffuse line (of a closed contour its periodic version with a diffuse
constant), whose mean given what was placed is the natural cubic spline (Wahba 1978, "Improper
priors, spline smoothing and the problem of guarding against model errors in regression"), and whose
variance is that of universal kriging. How much it bends is learned from what was placed on the
contour, beside the guess that it is half a circle.
"""

import math
from collections.abc import Collection

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.scheme import Scheme

_GUESSED = 2.0
"""Degrees of freedom that the guess counts for: as much as one more point that was placed."""


def along_contours(placed: Floats, scheme: Scheme) -> tuple[Floats, Floats]:
    """Points (L, 2) and covariances (L, 2, 2) of the landmarks that lie between placed ones of
    their contour, in the units of `placed` and their square; NaN of all others.

    placed: (L, 2), NaN where nobody has placed a landmark. Beyond the outermost of an open contour,
    and of a closed one with fewer than three, nothing is known. The order in which they were placed
    is of no matter.
    """
    points = np.full(placed.shape, np.nan)
    covariances = np.full((len(placed), 2, 2), np.nan)
    known = np.isfinite(placed[:, 0])
    for curve in scheme.curves:
        path = np.array(curve.landmarks)
        there = known[path]
        if there.all() or there.sum() < (3 if curve.closed else 2):
            continue
        slides = np.array([j in scheme.semilandmarks for j in path])
        wanted = slides & ~there & _between(there, curve)
        if not wanted.any():
            continue
        mean, variance = _spline(placed[path[there]], there, wanted, curve.closed)
        points[path[wanted]] = mean
        covariances[path[wanted]] = variance[:, None, None] * np.eye(2)
    return points, covariances


def followed(placed: Floats, scheme: Scheme, absent: Collection[int] = ()) -> tuple[Floats, Floats]:
    """Points (L, 2), those that were placed and those that follow from them, and the covariances
    (L, 2, 2) of the latter; NaN of all others, and of what is absent."""
    points, covariances = along_contours(placed, scheme)
    points[list(absent)], covariances[list(absent)] = np.nan, np.nan
    return np.where(np.isfinite(placed), placed, points), covariances


def _between(there: Bools, curve: Curve) -> Bools:
    if curve.closed:
        return np.ones_like(there)
    first, last = np.flatnonzero(there)[[0, -1]]
    numbers = np.arange(len(there))
    return np.asarray((numbers > first) & (numbers < last))


def _spline(values: Floats, there: Bools, wanted: Bools, closed: bool) -> tuple[Floats, Floats]:
    """values: (n, 2) of those that are there. Means (m, 2) and variances (m,) of those wanted, in
    the unit square of each coordinate."""
    size = len(there)
    at, to = np.flatnonzero(there).astype(float), np.flatnonzero(wanted).astype(float)
    trend, wanted_trend = _trend(at, closed), _trend(to, closed)
    count, free = len(at), trend.shape[1]
    system = np.zeros((count + free, count + free))
    system[:count, :count] = _kernel(at[:, None] - at, size, closed)
    system[:count, count:], system[count:, :count] = trend, trend.T
    inverse = np.linalg.inv(system)
    cross = np.hstack([_kernel(to[:, None] - at, size, closed), wanted_trend])
    mean = cross @ inverse[:, :count] @ values
    own = _kernel(np.zeros(1), size, closed)
    variance = own - np.einsum("ij,jk,ik->i", cross, inverse, cross)
    bends = float(np.einsum("ia,ij,ja->", values, inverse[:count, :count], values))
    known = 2.0 * (count - free)
    scale = (_GUESSED * _half_circle(values, size, closed) + bends) / (_GUESSED + known)
    return mean, np.maximum(variance * scale, 0.0)


def _trend(at: Floats, closed: bool) -> Floats:
    return np.ones((len(at), 1)) if closed else np.column_stack([np.ones(len(at)), at])


def _kernel(steps: Floats, size: int, closed: bool) -> Floats:
    """Generalised covariance, of bends of variance one a step, at so many steps along."""
    apart = np.abs(steps)
    if not closed:
        return np.asarray(apart**3 / 12)
    turn = apart / size
    return np.asarray(-(size**3) * (turn**4 - 2 * turn**3 + turn**2 - 1 / 30) / 24)


def _half_circle(values: Floats, size: int, closed: bool) -> float:
    """How much an arc bends that is as long as the lines between the points, in units of
    `_kernel`: half a circle, of a closed contour a whole one."""
    path = np.vstack([values, values[:1]]) if closed else values
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    steps = size if closed else size - 1
    turn = 2 * math.pi if closed else math.pi
    # The square of the second difference, turn * length / steps^2, summed over the steps, for two
    # coordinates and the two degrees of freedom that a third point gives.
    return (turn * length) ** 2 / (4 * steps**3)
