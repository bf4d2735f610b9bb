"""What is under the cursor, and where a label has room: pure functions on arrays, no Qt."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats

Flags = npt.NDArray[np.bool_]

_MAY_WELL_BE = 9.0
"""Squared standard deviations within which the landmark that is asked for takes every click."""

Rectangle = tuple[float, float, float, float]
"""(left, top, width, height) in screen pixels."""


def nearest_point(
    points: Floats, position: tuple[float, float], radius: float, preferred: int | None = None
) -> int | None:
    """The landmark whose screen position is nearest to `position`, or None beyond `radius`.

    points: (L, 2) in screen pixels, NaN where unknown. Where `preferred` is within the radius it
    wins over a nearer one: the landmark that was asked for is the one that is meant.
    """
    if len(points) == 0:
        return None
    distances = np.hypot(points[:, 0] - position[0], points[:, 1] - position[1])
    distances = np.where(np.isfinite(distances), distances, np.inf)
    if preferred is not None and distances[preferred] <= radius:
        return preferred
    index = int(np.argmin(distances))
    return index if distances[index] <= radius else None


def taker(
    points: Floats,
    covariances: Floats,
    position: tuple[float, float],
    asked: int,
    free: Flags,
    reach: float,
) -> int:
    """The landmark that a click beside all points is meant for: an offered question is no order.

    points (L, 2) and covariances (L, 2, 2) in screen pixels, NaN where unknown. free: (L,) those
    that may take the click. It goes to the asked one wherever that may well be. Elsewhere it goes
    to the free one within reach that is likeliest there; where there is none, to the asked one.
    """
    squared = _squared(points, covariances, position, reach)
    if not np.isfinite(squared[asked]) or squared[asked] <= _MAY_WELL_BE:
        return asked
    found = _likeliest(points, squared, position, free, reach)
    return asked if found is None else found


def likeliest(
    points: Floats, covariances: Floats, position: tuple[float, float], free: Flags, reach: float
) -> int | None:
    """As `taker`, where no landmark is asked for; None where none is within reach."""
    squared = _squared(points, covariances, position, reach)
    return _likeliest(points, squared, position, free, reach)


def _squared(
    points: Floats, covariances: Floats, position: tuple[float, float], reach: float
) -> Floats:
    """(L,) squared standard deviations of the position from each landmark."""
    offsets = np.asarray(position) - points
    # The eye is content with a point that is off by some pixels of the screen.
    spread = np.where(np.isfinite(covariances), covariances, 0.0) + np.eye(2) * (reach / 4) ** 2
    return np.asarray(np.einsum("la,lab,lb->l", offsets, np.linalg.inv(spread), offsets))


def _likeliest(
    points: Floats, squared: Floats, position: tuple[float, float], free: Flags, reach: float
) -> int | None:
    offsets = np.asarray(position) - points
    near = free & (np.hypot(offsets[:, 0], offsets[:, 1]) <= reach)
    return int(np.argmin(np.where(near, squared, np.inf))) if near.any() else None


def inside(points: Floats, first: tuple[float, float], second: tuple[float, float]) -> list[int]:
    """The landmarks in the rectangle between two opposite corners, NaN never."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    return [int(i) for i in np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))]


def is_drag(start: tuple[float, float], position: tuple[float, float], threshold: float) -> bool:
    """Whether the cursor has moved so far from where it was pressed that a drag is meant."""
    return float(np.hypot(position[0] - start[0], position[1] - start[1])) > threshold


def label_place(
    anchor: tuple[float, float],
    label: tuple[float, float],
    distance: float,
    points: Floats,
    viewport: tuple[float, float],
    directions: int = 16,
) -> Rectangle:
    """Where a label of (width, height) covers the fewest points near its anchor.

    All in screen pixels. Tried in `directions` round the anchor, the label's nearest edge
    `distance` away and inside the viewport; where several cover none, the one that points away
    from the middle of the points wins, so the label stands outside the shape.
    """
    known = points[np.isfinite(points).all(axis=1)]
    away = np.asarray(anchor) - known.mean(axis=0) if len(known) else np.zeros(2)
    length = float(np.hypot(*away))
    away = away / length if length > 0 else np.array([0.0, -1.0])
    best: tuple[float, Rectangle] | None = None
    for direction in np.linspace(0, 2 * np.pi, directions, endpoint=False):
        unit = np.array([np.cos(direction), np.sin(direction)])
        rectangle = _beside(anchor, label, distance, unit, viewport)
        cost = 10.0 * _covered(rectangle, known) - float(unit @ away)
        if _holds(rectangle, anchor):
            cost += 1000.0
        if best is None or cost < best[0]:
            best = (cost, rectangle)
    assert best is not None
    return best[1]


def _beside(
    anchor: tuple[float, float],
    label: tuple[float, float],
    distance: float,
    unit: Floats,
    viewport: tuple[float, float],
) -> Rectangle:
    width, height = label
    centre = np.asarray(anchor) + unit * (distance + np.abs(unit) @ (width / 2, height / 2))
    left = min(max(float(centre[0]) - width / 2, 4.0), max(viewport[0] - width - 4.0, 4.0))
    top = min(max(float(centre[1]) - height / 2, 4.0), max(viewport[1] - height - 4.0, 4.0))
    return left, top, width, height


def _covered(rectangle: Rectangle, points: Floats, margin: float = 6.0) -> int:
    left, top, width, height = rectangle
    inside = (
        (points[:, 0] > left - margin)
        & (points[:, 0] < left + width + margin)
        & (points[:, 1] > top - margin)
        & (points[:, 1] < top + height + margin)
    )
    return int(inside.sum())


def _holds(rectangle: Rectangle, position: Sequence[float]) -> bool:
    left, top, width, height = rectangle
    return left <= position[0] <= left + width and top <= position[1] <= top + height
