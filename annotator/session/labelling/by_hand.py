"""The view of an instance for which no model proposes anything: what people have placed, and the
contours between it."""

from collections.abc import Collection, Set

import numpy as np

from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.backends.shapes.along_contours import along_contours
from landmark_annotator.projects.store import InstanceRecord
from landmark_annotator.projects.vocabulary import Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import Curve

_SHORT = 4
"""Landmarks of a contour of which the ends say enough at first."""


def by_hand(
    scheme: Scheme,
    record: InstanceRecord,
    stored: Shape,
    absent: frozenset[int],
    planned: Collection[int],
) -> View:
    """Landmarks inside a contour lie on the smooth curve through those of it that were placed,
    until they are. planned: those that are asked for first."""
    points, covariances = followed(stored.points, scheme, absent)
    follows = np.isfinite(covariances[:, 0, 0])
    visibility = np.where(
        follows & (stored.visibility == Visibility.NOT_LABELLED),
        Visibility.VISIBLE,
        stored.visibility,
    )
    doubts = np.where(follows[:, None, None], covariances, stored.covariances)
    shape = Shape(points, visibility, stored.provenance, doubts)
    query = asked(scheme, stored, covariances, absent, planned)
    return View(record, shape, absent, np.full_like(points, np.nan), query, None, None)


def followed(placed: Floats, scheme: Scheme, absent: Collection[int] = ()) -> tuple[Floats, Floats]:
    """Points (L, 2), those that were placed and those that follow from them, and the covariances
    (L, 2, 2) of the latter; NaN of all others, and of what is absent."""
    points, covariances = along_contours(placed, scheme)
    points[list(absent)], covariances[list(absent)] = np.nan, np.nan
    return np.where(np.isfinite(placed), placed, points), covariances


def asked(
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
