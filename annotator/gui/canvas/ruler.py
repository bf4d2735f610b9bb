"""A line laid along something in the photograph, to see how long that is.

It lies over the canvas while something is measured: the left button lays the line, the wheel and
the middle button go on moving the view.
"""

import math

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import is_drag
from landmark_annotator.annotator.gui.canvas.layers.landmarks import (
    paint_hint,
    paint_plate,
    plate_size,
)
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.style import canvas_colours

HINT = "Drag along something whose length you know, such as a scale bar, or click both its ends"
_TICK = 9.0
"""Pixels of the screen to either side of the line, at its ends."""
_BESIDE = 8.0

_Place = tuple[float, float]


class Ruler(QWidget):
    laid = Signal(float)
    """(image pixels) The line lies, and is so long."""
    given_up = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._scene = canvas, canvas.scene
        self._ends: tuple[_Place, _Place] | None = None
        """In image pixels: the view may be moved meanwhile."""
        self._pressed: QPointF | None = None
        self._follows = False
        """Whether its second end is where the cursor is."""
        self._mm_per_pixel: float | None = None
        self.setAccessibleName("Ruler")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._scene.changed.connect(self.update)
        canvas.installEventFilter(self)
        self.hide()

    def begin(self, mm_per_pixel: float | None) -> None:
        """mm_per_pixel: as far as it is known, by which lengths are told in millimetres too."""
        self._mm_per_pixel = mm_per_pixel
        self._ends, self._pressed, self._follows = None, None, False
        # No landmark is meant meanwhile, and none is named at the cursor.
        self._scene.see_cursor(None)
        self._scene.hover(None)
        self.resize(self._canvas.size())
        self.show()
        self.raise_()
        self.setFocus()

    def end(self) -> None:
        if not self.isHidden():
            self.hide()
            self._canvas.setFocus()

    @property
    def length(self) -> float:
        """In image pixels; 0 before there is a line."""
        return math.dist(*self._ends) if self._ends else 0.0

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.resize(self._canvas.size())
        return False

    # Hands; what is not used here goes to the canvas

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._pressed = event.position()
        here = self._scene.image_point(event.position())
        self._ends = (self._ends[0], here) if self._ends and self._follows else (here, here)
        self._follows = not self._follows
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._ends is not None and (self._pressed is not None or self._follows):
            self._ends = (self._ends[0], self._scene.image_point(event.position()))
            self.update()
        if event.buttons() & Qt.MouseButton.MiddleButton:
            event.ignore()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            event.ignore()
            return
        start, self._pressed = self._pressed, None
        far = canvas_colours.DRAG_THRESHOLD
        if self._follows and not is_drag(start.toTuple(), event.position().toTuple(), far):
            return  # the first of two clicks
        self._follows = False
        if self.length > 0:
            self.laid.emit(self.length)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            event.ignore()

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._ends is None:
                paint_hint(painter, HINT, self.width(), self.font())
                return
            start, end = (QPointF(*self._on_screen(place)) for place in self._ends)
            for colour, width in ((canvas_colours.HALO, 4.0), (canvas_colours.ASKED, 1.6)):
                painter.setPen(QPen(colour, width))
                self._paint_line(painter, start, end)
            self._paint_length(painter, end)

    def _on_screen(self, place: _Place) -> tuple[float, float]:
        x, y = self._scene.viewport.to_screen(np.array(place)).tolist()
        return x, y

    @staticmethod
    def _paint_line(painter: QPainter, start: QPointF, end: QPointF) -> None:
        painter.drawLine(start, end)
        way = end - start
        long = math.hypot(way.x(), way.y())
        if long > 0:
            across = QPointF(-way.y(), way.x()) * (_TICK / long)
            for place in (start, end):
                painter.drawLine(place - across, place + across)

    def _paint_length(self, painter: QPainter, end: QPointF) -> None:
        text = f"{self.length:.1f} px"
        if self._mm_per_pixel is not None:
            text += f", {self.length * self._mm_per_pixel:.4g} mm"
        width, height = plate_size(QFontMetricsF(self.font()), text)
        left = min(max(end.x() + _BESIDE, 0.0), max(self.width() - width, 0.0))
        top = min(max(end.y() + _BESIDE, 0.0), max(self.height() - height, 0.0))
        paint_plate(painter, QRectF(left, top, width, height), text, self.font(), True)
