"""The loupe: a round piece of the view round the cursor, many times larger."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers import landmarks
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Backdrop
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.layers.signs import stroke
from landmark_annotator.annotator.gui.style import canvas_colours

RADIUS = 110.0
_FACTOR = 3.0
_LEAST_SCALE = 10.0
"""Screen pixels an image pixel that the loupe shows at least."""
_GAP = 7.0
"""Screen pixels round the place itself that the cross hairs leave free."""


def magnified(viewport: Viewport, at: tuple[float, float]) -> Viewport:
    """Several times larger than the view; the image point under `at` stays there."""
    return viewport.zoomed(max(_FACTOR, _LEAST_SCALE / viewport.scale), at, viewport.scale)


def paint_loupe(
    painter: QPainter,
    backdrop: Backdrop,
    marks: Marks | None,
    viewport: Viewport,
    at: QPointF,
    ratio: float,
    font: QFont,
) -> None:
    """at: the cursor, in screen pixels; ratio: device pixels for each of them."""
    larger = magnified(viewport, (at.x(), at.y()))
    area = QRectF(at.x() - RADIUS, at.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    round_piece = QPainterPath()
    round_piece.addEllipse(area)
    painter.setClipPath(round_piece)
    painter.fillRect(area, canvas_colours.SURROUND)
    backdrop.draw(painter, larger, area, ratio)
    if marks is not None:
        size = area.right(), area.bottom()
        landmarks.paint(painter, marks, larger, size, font, named=False, every_ellipse=False)
    hairs = [
        QLineF(at + direction * _GAP, at + direction * RADIUS)
        for direction in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1))
    ]
    stroke(painter, canvas_colours.EDGE, 1.0, lambda: painter.drawLines(hairs))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    stroke(painter, canvas_colours.LABEL_TEXT, 2.0, lambda: painter.drawEllipse(area))
