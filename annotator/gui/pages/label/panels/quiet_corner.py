"""Where a small window lies over the photograph: in the corner where it hides the least."""

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.projects.vocabulary.arrays import Floats


def quiet_corner(size: QSize, canvas: QRect, free: QRect) -> QPoint:
    """Of something of this size, so that it hides the least of `free`."""
    right, bottom = canvas.right() - size.width(), canvas.bottom() - size.height()
    corners = [QPoint(x, y) for x in (right, canvas.left()) for y in (canvas.top(), bottom)]
    return min(corners, key=lambda corner: _shared(QRect(corner, size), free))


def object_area(canvas: Canvas) -> QRect:
    """Of the canvas, what the open object takes with its box."""
    return _area(canvas, canvas.scene.object_places)


def landmark_area(canvas: Canvas) -> QRect:
    """Of the canvas, what the landmarks of the open object take."""
    marks = canvas.scene.marks
    return _area(canvas, None if marks is None else marks.points)


def _area(canvas: Canvas, places: Floats | None) -> QRect:
    """places: (N, 2) in image pixels, NaN where unknown."""
    known = None if places is None else places[np.isfinite(places[:, 0])]
    if known is None or not len(known):
        return QRect()
    seen = canvas.scene.viewport.to_screen(known)
    low, high = (end(axis=0).round().astype(int).tolist() for end in (seen.min, seen.max))
    return QRect(QPoint(*low), QPoint(*high))


def _shared(first: QRect, second: QRect) -> int:
    both = first.intersected(second)
    return both.width() * both.height()
