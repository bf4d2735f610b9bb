"""What is under the cursor, and where a label has room: pure functions on arrays, no Qt."""

from collections.abc import Sequence

import numpy as np

from projects.vocabulary.arrays import Floats

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
