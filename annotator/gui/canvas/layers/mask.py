"""Paints masks over the photograph: each in its colour, translucent, with a contour.

Only what is in sight is looked up, at the resolution of the screen, and kept until masks or view
change: moving a landmark over masks of any size costs one picture.
"""

import math
from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.backdrop import turn_of
from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.mask import Window

_FILL, _CURRENT, _CONTOUR = 80, 115, 235
"""Of 255, how much of the photograph a mask covers: all, the current one, and a mask's border."""
_ERASING = QColor(255, 255, 255)


class MaskLayer:
    """size: (width, height) of the photograph."""

    def __init__(self) -> None:
        self.masks: Mapping[str, Mask] = {}
        self.colours: Mapping[str, str] = {}
        self.current = ""
        self.shown = True
        self._kept: tuple[object, QImage, Window, int] | None = None

    def show(self, masks: Mapping[str, Mask], colours: Mapping[str, str], current: str) -> None:
        """In this order, the later ones above; the current region more strongly."""
        self.masks, self.colours, self.current = masks, colours, current
        self._kept = None

    def paint(
        self, painter: QPainter, viewport: Viewport, size: tuple[int, int], extent: QSize
    ) -> None:
        """extent: of the view."""
        if not self.shown or not any(self.masks.values()):
            return
        wanted = viewport, size, extent.width(), extent.height()
        if self._kept is None or self._kept[0] != wanted:
            window = _in_sight(viewport, size, extent)
            step = max(math.floor(1 / viewport.scale), 1)
            self._kept = wanted, self._picture(window, step), window, step
        _, picture, (left, top, _, _), step = self._kept
        if picture.isNull():
            return
        painter.save()
        painter.setTransform(turn_of(viewport), combine=True)
        first = viewport.flat.to_screen(np.array([left - 0.5, top - 0.5]))
        wide, high = (side * step * viewport.scale for side in (picture.width(), picture.height()))
        painter.drawImage(QRectF(float(first[0]), float(first[1]), wide, high), picture)
        painter.restore()

    def _picture(self, window: Window, step: int) -> QImage:
        """One pixel for each that is looked up."""
        _, _, width, height = window
        if width <= 0 or height <= 0:
            return QImage()
        numbers = np.zeros((-(-height // step), -(-width // step)), np.uint16)
        palette = [0]
        for name, mask in self.masks.items():
            inside = mask.inside(window, step)
            colour = QColor(self.colours[name])
            for part, opacity in (
                (inside, _CURRENT if name == self.current else _FILL),
                (inside & _border(inside), _CONTOUR),
            ):
                np.putmask(numbers, part, len(palette))
                palette.append(_premultiplied(colour, opacity))
        cells = np.array(palette, dtype=np.uint32)[numbers]
        rows, columns = cells.shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(cells.data, columns, rows, 4 * columns, kind).copy()


def _premultiplied(colour: QColor, opacity: int) -> int:
    red, green, blue = (c * opacity // 255 for c in (colour.red(), colour.green(), colour.blue()))
    return opacity << 24 | red << 16 | green << 8 | blue


def _border(inside: Bools) -> Bools:
    """Where a neighbour is not inside; beyond the picture it goes on."""
    padded = np.pad(inside, 1, mode="edge")
    middle = slice(1, -1)
    around = (padded[:-2, middle], padded[2:, middle], padded[middle, :-2], padded[middle, 2:])
    return np.asarray(~np.logical_and.reduce(around))


def _in_sight(viewport: Viewport, size: tuple[int, int], extent: QSize) -> Window:
    """The part of the photograph that the view shows."""
    wide, high = extent.width(), extent.height()
    corners = viewport.to_image(np.array([[0, 0], [wide, 0], [wide, high], [0, high]]))
    low = np.maximum(np.floor(corners.min(axis=0)) - 1, 0).astype(int)
    top = np.minimum(np.ceil(corners.max(axis=0)) + 2, size).astype(int)
    (left, upper), (right, lower) = low.tolist(), top.tolist()
    return left, upper, right - left, lower - upper


def paint_stroke(
    painter: QPainter, places: list[QPointF], diameter: float, colour: QColor, *, erasing: bool
) -> None:
    """What a brush has touched so far. places, diameter: on the screen."""
    path = QPainterPath(places[0])
    for place in places[1:] or [places[0] + QPointF(0.01, 0)]:
        path.lineTo(place)
    shade = QColor(_ERASING if erasing else colour)
    shade.setAlpha(_CURRENT)
    pen = QPen(shade, diameter)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, pen)
    painter.restore()


def paint_circle(painter: QPainter, place: QPointF, diameter: float, colour: QColor) -> None:
    """Where the brush would touch: seen on dark and on light."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shade, width in ((QColor(0, 0, 0, 160), 3.0), (colour, 1.5)):
        painter.setPen(QPen(shade, width))
        painter.drawEllipse(place, diameter / 2, diameter / 2)
    painter.restore()


def paint_outline(painter: QPainter, corners: list[QPointF], colour: QColor) -> None:
    """A polygon that is being drawn, up to the cursor."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shade, width in ((QColor(0, 0, 0, 160), 3.5), (colour, 1.8)):
        painter.setPen(QPen(shade, width))
        painter.drawPolyline(corners)
    painter.setBrush(colour)
    painter.drawEllipse(corners[0], 4.0, 4.0)
    painter.restore()
