"""Landmarks spaced evenly along their contours, as annotators space them on a jaw: between the
points that do not slide, on the smooth curve through all of them.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import Curve, smooth
from landmark_annotator.projects.vocabulary.provenance import Provenance
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape

_STEPS = 64
"""Straight pieces between two landmarks, whose lengths are those of the curve."""


def spaced(shape: Shape, scheme: Scheme) -> Shape:
    """As it is accepted: spaced evenly along the contours of which the scheme says so.

    What a person has put somewhere and is moved along its contour was traced, as far as is known.
    """
    if not any(curve.evenly for curve in scheme.curves):
        return shape
    points = spaced_evenly(shape.points, scheme)
    moved = (points != shape.points).any(axis=1) & shape.known
    by_hand = (Provenance.CLICKED, Provenance.CONFIRMED)
    marks = [
        Provenance.TRACED if moves and mark in by_hand else mark
        for moves, mark in zip(moved.tolist(), shape.provenance, strict=True)
    ]
    return Shape(points, shape.visibility, marks, shape.covariances)


def spaced_evenly(points: Floats, scheme: Scheme, curves: Iterable[Curve] | None = None) -> Floats:
    """(L, 2) with what slides moved along its contour, so that equal lengths of it lie between
    neighbours; what is the end of a contour, or on none, stays.

    curves: by default those that the scheme spaces evenly. One of which a landmark is unknown is
    left as it is.
    """
    if curves is None:
        curves = [curve for curve in scheme.curves if curve.evenly]
    moved = points.copy()
    for curve in curves:
        path = list(curve.landmarks)
        if not np.isfinite(points[path]).all():
            continue
        corners = smooth(points[path], curve.closed, _STEPS)
        if len(corners) != _STEPS * (len(path) - (not curve.closed)) + 1:
            continue  # two of its landmarks are in one place
        last = len(path) if curve.closed else len(path) - 1
        fixed = {0, last} | {i for i, j in enumerate(path) if j not in scheme.semilandmarks}
        for start, end in pairwise(sorted(fixed)):
            piece = _evenly(corners[start * _STEPS : end * _STEPS + 1], end - start)
            moved[path[start + 1 : end]] = piece[1:-1]
    return moved


def _evenly(corners: Floats, parts: int) -> Floats:
    """(parts + 1, 2) the ends and what divides the line between the corners into equal lengths."""
    passed = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    wanted = np.linspace(0.0, passed[-1], parts + 1)
    return np.stack([np.interp(wanted, passed, corners[:, axis]) for axis in (0, 1)], axis=1)
