"""Contours of a shape: which landmarks lie on them, and the smooth curve through these.

A landmark inside a contour has no place along it that an eye could find: a sliding semilandmark
(Bookstein 1997), precise across the contour and free along it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

_STEPS = 8
"""Straight pieces between two landmarks: what they cut off a circle's arc is a sixty-fourth of what
the chord of the landmarks does."""


@dataclass(frozen=True)
class Curve:
    """A contour. landmarks: in order along it. closed: it comes back to the first.

    The ends of an open one are points of their own, corners or where another contour begins, unless
    it has free_ends: then it begins and ends nowhere in particular, as a jaw does below the ears.
    evenly: what slides is spaced evenly along it when a shape is accepted, see `spacing`.
    """

    name: str
    landmarks: tuple[int, ...]
    closed: bool = False
    free_ends: bool = False
    evenly: bool = False

    @property
    def ends(self) -> tuple[int, ...]:
        """Those that are points of their own."""
        return () if self.closed or self.free_ends else (self.landmarks[0], self.landmarks[-1])

    @property
    def neighbours(self) -> tuple[tuple[int, int, int], ...]:
        """(before, landmark, after) of each landmark that slides; where the contour ends before or
        after one, the landmark itself stands there."""
        first, last = self.landmarks[0], self.landmarks[-1]
        path = self.landmarks
        if self.closed:
            path = (last, *path, first)
        elif self.free_ends:
            path = (first, *path, last)
        return tuple(zip(path, path[1:], path[2:], strict=False))


def along_lines(landmarks: Sequence[int], edges: Iterable[tuple[int, int]]) -> Curve | None:
    """The contour, without a name, that the lines between some landmarks draw, from the one with
    the lower number; without lines that make a path of them all, it goes through them as they
    come. None of fewer than three."""
    wanted = set(landmarks)
    beside: dict[int, list[int]] = {j: [] for j in landmarks}
    for a, b in edges:
        if a in wanted and b in wanted:
            beside[a].append(b)
            beside[b].append(a)
    if len(wanted) < 3:
        return None
    ends = sorted(j for j, near in beside.items() if len(near) == 1)
    path = [ends[0] if ends else min(wanted)]
    while following := [j for j in sorted(beside[path[-1]]) if j not in path]:
        path.append(following[0])
    if len(path) < len(wanted) or any(len(near) > 2 for near in beside.values()):
        return Curve("", tuple(landmarks))
    return Curve("", tuple(path), closed=not ends)


def smooth(points: Floats, closed: bool = False, steps: int = _STEPS) -> Floats:
    """(M, 2) places along the smooth curve through points (n, 2), the first one to the last or, of
    a closed one, to the first again: the corners of its straight pieces.

    Unknown points are passed over. A centripetal Catmull-Rom spline: it goes through all points,
    each piece follows from the nearest four alone, and it makes no loops or cusps where points are
    unevenly spaced (Yuksel, Schaefer, Keyser 2011). Straight lines would cut the corners of a
    contour by as much as an eye can see where its landmarks are few, as on eyelids.
    """
    known = points[np.isfinite(points).all(axis=1)]
    if len(known) > 1:
        known = known[np.concatenate([[True], (np.diff(known, axis=0) != 0).any(axis=1)])]
    closed = closed and len(known) > 2
    if closed and (known[0] == known[-1]).all():
        known = known[:-1]
    if len(known) < 2:
        return known
    if closed:
        path = np.concatenate([known[-1:], known, known[:2]])
    else:
        path = np.concatenate([2 * known[:1] - known[1:2], known, 2 * known[-1:] - known[-2:-1]])
    before, start, end, after = path[:-3], path[1:-2], path[2:-1], path[3:]
    lengths = np.sqrt(np.linalg.norm(np.diff(path, axis=0), axis=1))[:, None]
    first, own, last = lengths[:-2], lengths[1:-1], lengths[2:]
    # Velocities at both ends, in the parameter of the piece, which runs from 0 to 1.
    leaving = own * _velocity(before, start, end, first, own)
    arriving = own * _velocity(start, end, after, own, last)
    t = (np.arange(steps) / steps)[:, None, None]
    pieces = (
        (1 + 2 * t) * (1 - t) ** 2 * start
        + t * (1 - t) ** 2 * leaving
        + t**2 * (3 - 2 * t) * end
        + t**2 * (t - 1) * arriving
    )
    along = pieces.transpose(1, 0, 2).reshape(-1, 2)
    return np.concatenate([along, path[-2:-1]])


def _velocity(before: Floats, at: Floats, after: Floats, first: Floats, last: Floats) -> Floats:
    """Of the spline at `at`, whose neighbours are first and last away in its parameter."""
    return np.asarray(
        (at - before) / first - (after - before) / (first + last) + (after - at) / last
    )


def tangents(before: Floats, at: Floats, after: Floats) -> Floats:
    """(n, 2) unit directions of the smooth curve at the middle of each three points (n, 2), where
    two coincide of the line through the others; NaN where that is none or a point is unknown."""
    first, last = (
        np.sqrt(np.linalg.norm(a - b, axis=1))[:, None] for a, b in ((at, before), (after, at))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        velocity = _velocity(before, at, after, first, last)
        velocity = np.where((first > 0) & (last > 0), velocity, after - before)
        return np.asarray(velocity / np.linalg.norm(velocity, axis=1)[:, None])


def distances(points: Floats, corners: Floats) -> Floats:
    """(...) of points (..., 2) to the nearest place on the straight pieces between the corners
    (M, 2), M at least 2."""
    apart = np.linalg.norm(points[..., None, :] - _on_pieces(points, corners), axis=-1)
    return np.asarray(apart.min(axis=-1), dtype=np.float64)


def nearest(position: Floats, corners: Floats) -> tuple[Floats, Floats]:
    """The place (2,) between the corners (M, 2) that is nearest to the position, and the unit
    direction (2,) of the line there; all NaN where there is no line."""
    corners = corners[np.concatenate([[True], (np.diff(corners, axis=0) != 0).any(axis=1)])]
    if len(corners) < 2:
        return np.full(2, np.nan), np.full(2, np.nan)
    places = _on_pieces(position, corners)
    piece = int(np.argmin(np.linalg.norm(places - position, axis=1)))
    along = corners[piece + 1] - corners[piece]
    return places[piece], np.asarray(along / np.linalg.norm(along))


def _on_pieces(points: Floats, corners: Floats) -> Floats:
    """(..., M - 1, 2) the place of each piece that is nearest to each point."""
    start, along = corners[:-1], np.diff(corners, axis=0)
    squares = np.maximum((along**2).sum(axis=1), np.finfo(float).tiny)
    share = np.clip(((points[..., None, :] - start) * along).sum(axis=-1) / squares, 0.0, 1.0)
    return np.asarray(start + share[..., None] * along)
