"""Paints the handles of a box: squares on its sides and corners, a cross in it, a knob above."""

from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from landmark_annotator.annotator.gui.canvas.geometry.box_geometry import (
    MOVE,
    TURN,
    Handle,
    handle_places,
)
from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.signs import stroke
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Box

_HALF = 4.0


def paint_handles(painter: QPainter, box: Box, viewport: Viewport, under: Handle | None) -> None:
    """under: the one under the cursor, which is larger."""
    places = {handle: QPointF(*place) for handle, place in handle_places(box, viewport).items()}
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    stem = QLineF(places[(0, -1)], places[TURN])
    stroke(painter, canvas_colours.ASKED, 1.2, lambda: painter.drawLine(stem))
    for handle, place in places.items():
        half = _HALF + (1.5 if handle == under else 0.0)
        if handle == MOVE:
            arms = [
                QLineF(place - arm, place + arm)
                for arm in (QPointF(2 * half, 0), QPointF(0, 2 * half))
            ]
            stroke(painter, canvas_colours.ASKED, 2.0, partial(painter.drawLines, arms))
            continue
        painter.setPen(QPen(canvas_colours.LABEL_BACKGROUND, 1.5))
        painter.setBrush(canvas_colours.ASKED)
        if handle == TURN:
            painter.drawEllipse(place, half + 1.0, half + 1.0)
        else:
            painter.drawRect(QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half))
        painter.setBrush(Qt.BrushStyle.NoBrush)
