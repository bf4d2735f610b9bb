"""How much boxes that may be turned share, and which found ones are which labelled ones."""

import math
from collections.abc import Sequence

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_image import Found

_CORNERS = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    return _shared(one, other)[0]


def nesting(one: Box, other: Box) -> float:
    """Intersection over the smaller of the two: 1 where one lies within the other."""
    return _shared(one, other)[1]


def _shared(one: Box, other: Box) -> tuple[float, float]:
    """What both cover over what either does, and over the smaller one."""
    apart = math.hypot(one.centre_x - other.centre_x, one.centre_y - other.centre_y)
    if 2 * apart >= one.diagonal + other.diagonal:
        return 0.0, 0.0  # as nearly all pairs of an image of hundreds of objects
    sizes = one.width * one.height, other.width * other.height
    if one.angle == 0.0 == other.angle:
        over_union = one.overlap(other)
        both = sum(sizes) * over_union / (1 + over_union)
    else:
        both = _area(_clipped(_corners(one), _corners(other)))
        over_union = both / (sum(sizes) - both)
    return over_union, both / min(sizes)


def matched(found: Sequence[Found], objects: Sequence[Box], least: float = 0.5) -> list[int | None]:
    """For each that was found the index of the object that it shares at least so much with, the
    best found ones first; every object is matched once. None where there is no such object."""
    free = set(range(len(objects)))
    partners: list[int | None] = [None] * len(found)
    for index in sorted(range(len(found)), key=lambda i: -found[i].score):
        shared = {i: overlap(found[index].box, objects[i]) for i in free}
        best = max(shared, key=shared.__getitem__, default=None)
        if best is not None and shared[best] >= least:
            partners[index] = best
            free.discard(best)
    return partners


def _corners(box: Box) -> Floats:
    """(4, 2) in image pixels."""
    return box.to_image(_CORNERS * [box.width / box.side, box.height / box.side])


def _clipped(polygon: Floats, by: Floats) -> Floats:
    """(n, 2) what of a convex polygon lies in another; both go round the same way. Sutherland and
    Hodgman, "Reentrant Polygon Clipping" (Communications of the ACM, 1974)."""
    for start, end in zip(by, np.roll(by, -1, axis=0), strict=True):
        edge = end - start
        # On which side of the edge, and how far.
        sides = edge[0] * (polygon[:, 1] - start[1]) - edge[1] * (polygon[:, 0] - start[0])
        kept = []
        for i in range(len(polygon)):
            after = (i + 1) % len(polygon)
            if sides[i] >= 0:
                kept.append(polygon[i])
            if (sides[i] >= 0) != (sides[after] >= 0):
                share = sides[i] / (sides[i] - sides[after])
                kept.append(polygon[i] + share * (polygon[after] - polygon[i]))
        if len(kept) < 3:
            return np.empty((0, 2))
        polygon = np.array(kept)
    return polygon


def _area(polygon: Floats) -> float:
    x, y = polygon[:, 0], polygon[:, 1]
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
