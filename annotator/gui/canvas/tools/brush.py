"""Drawing masks by hand: brush, eraser, polygon, fill, and clicks that say what belongs to what.

Its signals carry image pixels and say what the hand meant; what becomes of masks is decided
elsewhere, once a gesture: while a button is held, only a line on the screen is painted.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import is_drag
from landmark_annotator.annotator.gui.canvas.layers.mask import (
    paint_circle,
    paint_outline,
    paint_stroke,
)
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.style import canvas_colours

_SMALLEST, _LARGEST, _USUAL = 2.0, 400.0, 24.0
"""Pixels of the brush on the screen, so that zooming in makes it finer."""
_LARGER = 1.2


class MaskKind(StrEnum):
    BRUSH = "brush"
    ERASER = "eraser"
    POLYGON = "polygon"
    FILL = "fill"
    CLICK = "click"


class MaskTool(QObject):
    """kind: None while hands mean landmarks. Alt, or the right button, means the opposite: the
    brush erases, a click says that the place does not belong to the region."""

    stroked = Signal(object, float, bool)
    """(places, diameter, erasing)"""
    outlined = Signal(object, bool)
    """(corners, erasing)"""
    filled = Signal(float, float, bool)
    """(x, y, erasing)"""
    said = Signal(float, float, bool)
    """(x, y, whether it belongs to the region)"""
    numbered = Signal(int)
    """A key of 1 to 9 was pressed; from 0."""
    changed = Signal()
    """Another tool, or none."""
    dropped = Signal()
    """An open polygon is over, which nobody has closed, as something else came."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._scene = scene
        self.kind: MaskKind | None = None
        self.colour = QColor("white")
        self.diameter = _USUAL
        self.unanswered: Callable[[], bool] = lambda: False
        """Takes the last click back, where it waits for its answer; whether one did."""
        self.told = ""
        """What the tool does to which region, for the line at the top of the view."""
        self._places: list[tuple[float, float]] = []
        self._steps: list[int] = []
        """Which of the places each press of an open polygon began."""
        self._opposite = False
        self._held = False
        self._button = Qt.MouseButton.NoButton
        """The one that was pressed last."""
        self._moved = False

    @property
    def busy(self) -> bool:
        """Whether a button is held down, or a polygon is open."""
        return self._held or bool(self._places)

    @property
    def held(self) -> Qt.MouseButton | None:
        """The button that draws just now, also where another tool than this has the next press."""
        return self._button if self._held else None

    @property
    def erasing(self) -> bool:
        return (self.kind is MaskKind.ERASER) != self._opposite

    def take(self, kind: MaskKind | None) -> None:
        """The same again puts it away. What the one before has begun of a stroke is drawn."""
        self.settle()
        self.drop()
        self.kind = None if kind is self.kind else kind
        self._scene.drawing = self.kind is not None
        self.changed.emit()
        self._scene.refresh()

    def forget(self) -> None:
        """What was begun is over, and says nothing."""
        self._places, self._steps, self._held, self._opposite = [], [], False, False

    def drop(self) -> None:
        """As `forget`, where nobody has asked for that: of a polygon it is told."""
        polygon = self.kind is MaskKind.POLYGON and bool(self._places)
        self.forget()
        if polygon:
            self.dropped.emit()

    def resize(self, factor: float) -> None:
        self.diameter = min(max(self.diameter * factor, _SMALLEST), _LARGEST)
        self._scene.refresh()

    @property
    def resizes(self) -> bool:
        return self.kind in (MaskKind.BRUSH, MaskKind.ERASER)

    # Mouse

    def press(
        self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> None:
        right = button == Qt.MouseButton.RightButton
        if self._held or (not right and button != Qt.MouseButton.LeftButton):
            return
        self._button = button
        place = self._scene.image_point(position)
        opposite = right or bool(modifiers & Qt.KeyboardModifier.AltModifier)
        if self.kind is MaskKind.POLYGON:
            if not self._places:
                self._opposite = opposite
            elif self._closes(position):
                self.close_polygon()
                return
            self._held, self._moved = True, False
            self._steps.append(len(self._places))
            self._places.append(place)
        elif self.kind is MaskKind.FILL:
            self.filled.emit(*place, opposite)
        elif self.kind is MaskKind.CLICK:
            self.said.emit(*place, not opposite)
        else:
            self._opposite, self._held = opposite, True
            self._places = [place]
        self._scene.refresh()

    def move(self, position: QPointF) -> None:
        if self._held:
            place = self._scene.image_point(position)
            before = self._scene.viewport.to_screen(np.array(self._places[-1]))
            # Closer together than a screen pixel says nothing; a polygon is drawn freely too.
            far = 4.0 if self.kind is MaskKind.POLYGON else 1.0
            if is_drag(tuple(before), position.toTuple(), far):
                self._places.append(place)
                self._moved = True
        self._scene.refresh()

    def release(self, position: QPointF, button: Qt.MouseButton) -> None:
        if not self._held or button != self._button:
            return
        self._held = False
        if self.kind is MaskKind.POLYGON:
            if self._moved and len(self._places) > 2 and self._closes(position):
                self.close_polygon()
            return
        places, erasing = self._places, self.erasing
        diameter = self.diameter / self._scene.viewport.scale
        self.forget()
        self.stroked.emit(places, diameter, erasing)
        self._scene.refresh()

    def settle(self) -> None:
        """A stroke that is held is drawn as far as it is: something follows before the button is
        up."""
        if self._held and self.resizes:
            self.release(QPointF(), self._button)

    def close_polygon(self) -> bool:
        """Whether one was open; of fewer than three corners it stays open."""
        if self.kind is not MaskKind.POLYGON or not self._places:
            return False
        if len(self._places) > 2:
            corners, erasing = self._places, self.erasing
            self.forget()
            self.outlined.emit(corners, erasing)
            self._scene.refresh()
        return True

    def step_back(self) -> bool:
        """Whether a polygon was open, whose last corner is taken back, or its last dragged line;
        or a click was not answered yet."""
        if self.kind is MaskKind.CLICK:
            return self.unanswered()
        if self.kind is not MaskKind.POLYGON or not self._places:
            return False
        del self._places[self._steps.pop() :]
        self._held = False
        self._scene.refresh()
        return True

    def _closes(self, position: QPointF) -> bool:
        first = self._scene.viewport.to_screen(np.array(self._places[0]))
        near = not is_drag(tuple(first), position.toTuple(), canvas_colours.HIT_RADIUS)
        return near and len(self._places) > 2

    # Keys; True where the key is used here

    def key_pressed(self, key: int) -> bool:
        if self.kind is None:
            return False
        if key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight) and self.resizes:
            self.resize(_LARGER if key == Qt.Key.Key_BracketRight else 1 / _LARGER)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.numbered.emit(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_Escape:
            if self.busy:
                self.forget()
                self._scene.refresh()
            else:
                self.take(None)
        else:
            return False
        return True

    # Painting

    def paint(self, painter: QPainter) -> None:
        """What is being drawn, and where the brush would touch."""
        cursor, scene = self._scene.cursor, self._scene
        if self.kind is None or scene.image_size is None:
            return
        shown = [
            QPointF(float(x), float(y))
            for x, y in scene.viewport.to_screen(np.array(self._places).reshape(-1, 2))
        ]
        if self.kind is MaskKind.POLYGON:
            if shown:
                paint_outline(painter, shown + ([cursor] if cursor else []), self.colour)
        elif shown:
            paint_stroke(painter, shown, self.diameter, self.colour, erasing=self.erasing)
        if cursor is not None and self.resizes:
            paint_circle(painter, cursor, self.diameter, self.colour)
