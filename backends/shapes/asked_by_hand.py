"""Which landmark to ask for where no model proposes anything."""

from collections.abc import Collection, Set

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import Curve
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility

_SHORT = 4
"""Landmarks of a contour of which the ends say enough at first."""


def asked_by_hand(
    scheme: Scheme,
    stored: Shape,
    covariances: Floats,
    absent: Set[int] = frozenset(),
    planned: Collection[int] = (),
) -> int | None:
    """The landmark to ask for next: what no contour can say, and what contours run between, in the
    order of the scheme; then where the curve is least sure. None where all are placed.

    covariances: (L, 2, 2) of `along_contours`, NaN where nothing follows. Planned landmarks come
    first, hidden ones last.
    """
    missing = [j for j in np.flatnonzero(~stored.known).tolist() if j not in absent]
    inside = scheme.semilandmarks.keys() - _spanning(scheme, absent)
    spread = np.trace(covariances, axis1=1, axis2=2)

    def order(j: int) -> tuple[bool, bool, bool, float, int]:
        hidden = bool(stored.visibility[j] == Visibility.OCCLUDED)
        unsure = float(spread[j]) if j in inside and np.isfinite(spread[j]) else 0.0
        unsure = round(unsure, 3)  # what is equal but for rounding goes in the scheme's order
        return hidden, j not in planned, j in inside, -unsure, j

    return min(missing, key=order, default=None)


def _spanning(scheme: Scheme, absent: Set[int]) -> set[int]:
    """Of each contour those between which all others lie, and the middle of a long one: until it
    is placed, that is drawn straight across all else."""
    return {j for curve in scheme.curves for j in _span(curve, absent)}


def _span(curve: Curve, absent: Set[int]) -> list[int]:
    path = [j for j in curve.landmarks if j not in absent]
    if not path:
        return []
    if curve.closed:
        return [path[0], path[len(path) // 3], path[2 * len(path) // 3]]
    return [path[0], path[-1], *([path[len(path) // 2]] if len(path) > _SHORT else [])]
