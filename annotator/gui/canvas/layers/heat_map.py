"""Paints where a landmark may be: the brighter and denser, the likelier."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.backdrop import turn_of
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.session.posterior.landmark_density import Heat

_DENSEST = 200
"""Of 255, how much of the image the likeliest place covers."""


def heat_image(heat: Heat) -> QImage:
    """One pixel a cell, of one colour, transparent where the landmark hardly is."""
    rows, columns = heat.density.shape
    opacity = np.sqrt(heat.density) * _DENSEST / 255
    colour = np.array(
        [canvas_colours.HEAT.blue(), canvas_colours.HEAT.green(), canvas_colours.HEAT.red(), 255],
        dtype=float,
    )
    cells = np.ascontiguousarray((opacity[..., None] * colour).astype(np.uint8))
    shared = QImage(
        cells.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied
    )
    return shared.copy()


def paint_heat(painter: QPainter, image: QImage, heat: Heat, viewport: Viewport) -> None:
    """low and high of the heat are centres of cells, so the picture is half a cell larger."""
    painter.save()
    painter.setTransform(turn_of(viewport), combine=True)
    low, high = viewport.flat.to_screen(np.array([heat.low, heat.high]))
    cell = (high - low) / (np.array(heat.density.shape[::-1]) - 1)
    (left, top), (width, height) = low - cell / 2, high - low + cell
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(float(left), float(top), float(width), float(height)), image)
    painter.restore()
