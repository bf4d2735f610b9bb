"""What a place on the screen means for the landmarks that are shown there."""

import numpy as np
from PySide6.QtCore import QPointF

from annotator.gui.canvas.geometry.hit_testing import nearest_point, taker
from annotator.gui.canvas.geometry.viewport import Viewport, box_corners, ellipses_95
from annotator.gui.canvas.layers.landmarks import Marks
from annotator.gui.style import canvas_colours
from projects.vocabulary.arrays import Floats

Corners = tuple[tuple[float, float], tuple[float, float]]
"""Top left and bottom right of an area of the image, in image pixels."""


def landmark_at(marks: Marks, viewport: Viewport, position: QPointF) -> int | None:
    """The landmark that is shown under a screen position."""
    points = viewport.to_screen(marks.points)
    return nearest_point(
        points, (position.x(), position.y()), canvas_colours.HIT_RADIUS, marks.asked
    )


def meant_at(marks: Marks, viewport: Viewport, position: QPointF, asked: int) -> int:
    """The landmark that a click there places, where none is under the cursor."""
    if not marks.offered:
        return asked
    return taker(
        viewport.to_screen(marks.points),
        marks.covariances * viewport.scale**2,
        (position.x(), position.y()),
        asked,
        marks.free,
        canvas_colours.REACH,
    )


def landmark_corners(marks: Marks, landmark: int, share: float) -> Corners | None:
    """The corners of a square round a landmark, in image pixels; None where it has no place.

    As wide as this share of the object's longer side, or half as wide again as its 95 % ellipse:
    where the landmark may be belongs into the view.
    """
    x, y = marks.points[landmark].tolist()
    if not np.isfinite(x):
        return None
    longest = float(np.nan_to_num(ellipses_95(marks.covariances[[landmark]])[0, 0]))
    half = 1.5 * longest
    whole = object_corners(marks)
    if whole is not None:
        (left, top), (right, bottom) = whole
        half = max(half, share / 2 * max(right - left, bottom - top))
    return (x - half, y - half), (x + half, y + half)


def object_corners(marks: Marks, beside: Floats | None = None) -> Corners | None:
    """The corners of what holds the box and every known landmark, in image pixels.

    beside: (K, 2) further places that are to be seen, NaN where unknown.
    """
    points = marks.points if beside is None else np.concatenate([marks.points, beside])
    points = points[np.isfinite(points).all(axis=1)]
    if marks.box is not None:
        points = np.concatenate([points, box_corners(marks.box)])
    if len(points) < 2:
        return None
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return (left, top), (right, bottom)
