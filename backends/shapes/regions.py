"""Where a landmark is said to be, or not to be, without a point: it is somewhere in this region.

Regions are polygons, so that they can be combined, drawn, and carried from the image to the box
frame corner by corner. The classes are reweighted by the mass of their Gaussian inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backends.shapes.conditioning import condition, means_of
from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import ActionableError
from projects.vocabulary.evidence import Evidence

_LEAST_MASS = 1e-9
"""A class with less inside counts as this much: statements that no class agrees with, such as two
regions that do not meet, then leave the weights as they are instead of dividing by zero."""
_CIRCLE_CORNERS = 48
_NODES = 6
"""Gauss-Legendre nodes on each part of an edge, which is at most a standard deviation long."""
_REACH = 8.5
"""Standard deviations beyond which a normal has no mass that float64 could tell from none."""
_SHARPEST = 1e-3
"""Box frame units: no hand draws a region more sharply, and below it there is nothing to tell."""
_CHUNK = 16384


@dataclass(frozen=True, eq=False)
class Region:
    """The landmark is inside the polygon; or outside, where `inside` is False.

    corners: (n, 2) in order, either way round, in a frame that the holder knows (image or box).
    """

    landmark: int
    corners: Floats
    inside: bool = True

    def __post_init__(self) -> None:
        corners = np.array(self.corners, dtype=np.float64)
        if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
            raise ActionableError("A region needs at least three corners.")
        if not np.isfinite(corners).all():
            raise ActionableError("The corners of a region must be finite.")
        object.__setattr__(self, "corners", corners)

    @classmethod
    def disc(cls, landmark: int, centre: Floats, radius: float, *, inside: bool = True) -> "Region":
        """A polygon of 48 corners with the area of the disc."""
        angles = np.arange(_CIRCLE_CORNERS) * (2 * np.pi / _CIRCLE_CORNERS)
        shrunk = np.pi / (_CIRCLE_CORNERS / 2 * np.sin(2 * np.pi / _CIRCLE_CORNERS))
        reach = radius * np.sqrt(shrunk)
        ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return cls(landmark, np.asarray(centre) + reach * ring, inside)

    @classmethod
    def not_here(cls, landmark: int, centre: Floats, radius: float) -> "Region":
        """The landmark is NOT within the radius of this position."""
        return cls.disc(landmark, centre, radius, inside=False)

    @classmethod
    def rectangle(cls, landmark: int, low: Floats, high: Floats) -> "Region":
        (left, top), (right, bottom) = low, high
        return cls(landmark, np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))


def believe(
    mixture: ShapeMixture, evidence: Sequence[Evidence], regions: Sequence[Region]
) -> ShapeMixture:
    """The posterior given clicks and regions, in the mixture's frame, said in any order.

    Clicks come first: they move the Gaussians that the regions are measured by. So what has been
    said is kept and given as a whole, as a proposal does, instead of one by one.
    """
    return restrict(condition(mixture, evidence), regions)


def restrict(mixture: ShapeMixture, regions: Sequence[Region]) -> ShapeMixture:
    """log w_k += sum of log P(landmark in region | class k). Means and residual stay.

    Several regions count as independent within a class: exact where they are of landmarks that
    the residual does not connect, and for a single region. Raises IndexError where a landmark is
    not in the shape.
    """
    if not regions:
        return mixture
    log_weights = mixture.log_weights.copy()
    for region in regions:
        inside = mass_inside(mixture, region.landmark, region.corners)
        mass = inside if region.inside else 1.0 - inside
        log_weights += np.log(np.maximum(mass, _LEAST_MASS))
    return ShapeMixture(log_weights, mixture.exemplars, mixture.residual, mixture.shift)


def mass_inside(mixture: ShapeMixture, landmark: int, corners: Floats) -> Floats:
    """(K,) how much of each class's Gaussian over a landmark lies in a polygon (n, 2), to 1e-6.

    By Green's theorem the mass of a standard normal is the integral of Phi(x) phi(y) dy along the
    edges, here in the frame in which the residual is a standard normal.
    """
    means = means_of(mixture, landmark)
    rows = slice(2 * landmark, 2 * landmark + 2)
    spread = mixture.residual[rows, rows] + np.eye(2) * _SHARPEST**2
    whiten = np.linalg.inv(np.linalg.cholesky(spread))
    ring, centres = (whiten @ corners.T).T, whiten @ means
    mass = np.zeros(mixture.classes)
    for start in range(0, mixture.classes, _CHUNK):
        block = slice(start, start + _CHUNK)
        for begin, end in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            mass[block] += _along(begin, end, centres[:, block])
    return np.clip(np.abs(mass), 0.0, 1.0)


def _along(begin: Floats, end: Floats, centres: Floats) -> Floats:
    """(K,) the integral of Phi(x - centre_x) phi(y - centre_y) dy from begin to end."""
    from scipy.special import ndtr  # here, since it would be most of this package's import

    low, high = centres.min(axis=1) - _REACH, centres.max(axis=1) + _REACH
    # Left of all classes Phi is nought, right of them one, and above and below phi is nought.
    enters, leaves = _between(begin[0], end[0], low[0], high[0])
    total = np.zeros(centres.shape[1])
    for first, last in ((0.0, enters), (leaves, 1.0)):
        if first < last and begin[0] + (first + last) / 2 * (end[0] - begin[0]) > high[0]:
            y0, y1 = (begin[1] + t * (end[1] - begin[1]) for t in (first, last))
            total += ndtr(y1 - centres[1]) - ndtr(y0 - centres[1])
    above, below = _between(begin[1], end[1], low[1], high[1])
    first, last = max(enters, above), min(leaves, below)
    if first < last and begin[1] != end[1]:
        length = (last - first) * float(np.hypot(*(end - begin)))
        parts = max(int(np.ceil(length)), 1)
        nodes, weights = np.polynomial.legendre.leggauss(_NODES)
        t = first + (last - first) * (np.arange(parts)[:, None] + (nodes + 1) / 2).ravel() / parts
        rate = np.tile(weights, parts) * (last - first) / (2 * parts) * (end[1] - begin[1])
        for at, weight in zip(t, rate / np.sqrt(2 * np.pi), strict=True):
            x, y = begin + at * (end - begin)
            total += weight * ndtr(x - centres[0]) * np.exp(-0.5 * (y - centres[1]) ** 2)
    return total


def _between(begin: float, end: float, low: float, high: float) -> tuple[float, float]:
    """The part of 0..1, ordered, in which begin + t (end - begin) is within low..high."""
    if begin == end:
        return (0.0, 1.0) if low <= begin <= high else (1.0, 1.0)
    ts = sorted(((low - begin) / (end - begin), (high - begin) / (end - begin)))
    first, last = (float(np.clip(t, 0.0, 1.0)) for t in ts)
    return first, last
