"""Small drawings of a whole shape: over its photograph, or alone."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from landmark_annotator.annotator.gui.canvas.geometry.viewport import fitted
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Backdrop, Pyramid
from landmark_annotator.annotator.gui.canvas.layers.signs import stroke
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_SCHEME = QSize(60, 60)
_LIGHT = QColor(235, 244, 250)


class SchemePictures:
    """Where a landmark sits on the mean of the labelled shapes; what was drawn is kept."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._drawn: dict[int, QPixmap] = {}
        self._of: tuple[Floats, canvas_colours.CanvasLook] | None = None

    def of(self, mean: Floats, marked: int) -> QPixmap:
        """mean: (L, 2)."""
        look = canvas_colours.current()
        if self._of is None or self._of[0] is not mean or self._of[1] != look:
            self._of = mean, look
            self._drawn.clear()
        if marked not in self._drawn:
            # Twice as fine as most screens, so that it is sharp on all of them.
            drawn = shape_drawing(self._scheme, mean, _SCHEME, 2.0, marked=marked)
            self._drawn[marked] = drawn
        return self._drawn[marked]


def shape_drawing(
    scheme: Scheme,
    points: Floats,
    size: QSize,
    ratio: float,
    pyramid: Pyramid | None = None,
    marked: int | None = None,
) -> QPixmap:
    """points: (L, 2) image pixels, NaN where unknown, at least one known; ratio: device pixels a
    pixel. Where the scheme has no lines the landmarks are dots. marked: one that stands out."""
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(canvas_colours.SURROUND)
    known = points[np.isfinite(points).all(axis=1)]
    frame = (size.width(), size.height())
    viewport = fitted(known, frame, margin=0.12)
    screen = viewport.to_screen(points)
    with QPainter(pixmap) as painter:
        if pyramid is not None:
            backdrop = Backdrop()
            backdrop.pyramid = pyramid
            backdrop.draw(painter, viewport, QRectF(QPointF(0, 0), size.toSizeF()), ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines = [
            QLineF(*screen[a], *screen[b])
            for a, b in scheme.lines
            if np.isfinite(screen[[a, b]]).all()
        ]
        if lines:
            stroke(painter, _LIGHT, 1.2, lambda: painter.drawLines(lines))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_LIGHT)
            for x, y in screen[np.isfinite(screen).all(axis=1)]:
                painter.drawEllipse(QPointF(float(x), float(y)), 2.0, 2.0)
        if marked is not None and np.isfinite(screen[marked]).all():
            painter.setBrush(canvas_colours.ASKED)
            place = QPointF(*screen[marked])
            stroke(painter, canvas_colours.ASKED, 1.0, lambda: painter.drawEllipse(place, 3.0, 3.0))
    return pixmap
