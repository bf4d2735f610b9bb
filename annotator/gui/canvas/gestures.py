"""What hands do on the canvas, from press to release: take, drag, place, pan, draw a box.

A small machine of states without memory of labels; it speaks through the canvas's signals.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from annotator.gui import look
from annotator.gui.canvas.hit_testing import is_drag
from projects.vocabulary import Box

if TYPE_CHECKING:
    from annotator.gui.canvas.view import Canvas

_OUTSIDE = 0.25
"""How far beyond the border, as a share of the image, a landmark may still be placed."""
_SMALLEST_BOX = 6.0
"""Screen pixels; a shorter drag was not meant as a box."""

_NUDGE, _FAR_NUDGE = 0.25, 1.0
"""Image pixels a press of an arrow key, and with Shift."""
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@dataclass
class _Grab:
    """A landmark held by the left button."""

    landmark: int
    start: QPointF
    offset: QPointF
    """From the cursor to the landmark on the screen: a point does not jump when it is taken."""
    moving: bool = False


class Gestures:
    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._grab: _Grab | None = None
        self._pan_from: QPointF | None = None
        self._space_held = False
        self._space_used = False
        self._box_mode = False
        self._box_start: QPointF | None = None
        self._box_end: QPointF | None = None
        self._show_cursor()

    @staticmethod
    def repeats(key: int) -> bool:
        """Whether a key that is held down counts many times."""
        return key in _ARROWS

    @property
    def holding(self) -> bool:
        """Whether a landmark is being moved right now."""
        return self._grab is not None and self._grab.moving

    def ask_for_box(self, wanted: bool) -> None:
        # Asked for once more while it is being drawn, it goes on being drawn.
        if wanted != self._box_mode:
            self._box_mode = wanted
            self._box_start = self._box_end = None
            self._canvas.update()

    def forget(self) -> None:
        """Another image came: what was begun on the last one is over."""
        self._grab = self._box_start = self._box_end = None

    def drawn_box(self) -> Box | None:
        """The box between where the drag began and where it is, in image pixels."""
        if self._box_start is None or self._box_end is None:
            return None
        x1, y1 = self._canvas.image_point(self._box_start)
        x2, y2 = self._canvas.image_point(self._box_end)
        if x1 == x2 or y1 == y2:
            return None
        return Box((x1 + x2) / 2, (y1 + y2) / 2, abs(x2 - x1), abs(y2 - y1))

    # Mouse

    def press(
        self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> None:
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._pan_from = position
            self._show_cursor()
        elif left and self._canvas.image_size is not None:
            if self._box_mode:
                self._box_start = self._box_end = position
            else:
                self._take(position, bool(modifiers & Qt.KeyboardModifier.ShiftModifier))

    def move(self, position: QPointF) -> None:
        if self._pan_from is not None:
            self._space_used = True
            step = position - self._pan_from
            self._pan_from = position
            self._canvas.look_at(self._canvas.viewport.panned(step.x(), step.y()))
        elif self._box_start is not None:
            self._box_end = position
            self._canvas.update()
        elif self._grab is not None:
            grab = self._grab
            start, here = grab.start.toTuple(), position.toTuple()
            grab.moving = grab.moving or is_drag(start, here, look.DRAG_THRESHOLD)
            if grab.moving:
                place = self._canvas.image_point(position + grab.offset)
                self._canvas.dragged.emit(grab.landmark, *place)
        else:
            self._canvas.hover(position)

    def release(self, position: QPointF, button: Qt.MouseButton) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor()
        elif button == Qt.MouseButton.LeftButton and self._box_start is not None:
            self._box_end = position
            self._finish_box()
        elif button == Qt.MouseButton.LeftButton and self._grab is not None:
            grab, self._grab = self._grab, None
            self._let_go(grab, position)

    def _take(self, position: QPointF, anywhere: bool) -> None:
        """Takes the landmark under the cursor; where there is none, places the asked one."""
        canvas = self._canvas
        if canvas.marks is None:
            return
        landmark = None if anywhere else canvas.landmark_at(position)
        if landmark is not None:
            at = canvas.viewport.to_screen(canvas.marks.points[landmark])
            offset = QPointF(float(at[0]), float(at[1])) - position
            self._grab = _Grab(landmark, position, offset)
        elif canvas.marks.asked is not None and self._within_reach(position):
            self._grab = _Grab(canvas.marks.asked, position, QPointF(0, 0), moving=True)
            canvas.dragged.emit(canvas.marks.asked, *canvas.image_point(position))

    def _let_go(self, grab: _Grab, position: QPointF) -> None:
        canvas = self._canvas
        asked = None if canvas.marks is None else canvas.marks.asked
        if grab.moving:
            canvas.dropped.emit(grab.landmark, *canvas.image_point(position + grab.offset))
        elif grab.landmark == asked:
            # A click on the very point that was asked for says: here, under the cursor.
            canvas.dropped.emit(grab.landmark, *canvas.image_point(position))
        else:
            canvas.picked.emit(grab.landmark)

    def _finish_box(self) -> None:
        box, place = self.drawn_box(), self._box_end
        self._box_start = self._box_end = None
        self._canvas.update()
        if box is not None and box.side * self._canvas.viewport.scale >= _SMALLEST_BOX:
            self._canvas.box_drawn.emit(box)
        elif place is not None and self._within_reach(place):
            self._canvas.spotted.emit(*self._canvas.image_point(place))

    def _within_reach(self, position: QPointF) -> bool:
        """Landmarks beyond the border are placed too, but not far out in the surround."""
        assert self._canvas.image_size is not None
        width, height = self._canvas.image_size
        x, y = self._canvas.image_point(position)
        return (
            -_OUTSIDE * width <= x <= (1 + _OUTSIDE) * width
            and -_OUTSIDE * height <= y <= (1 + _OUTSIDE) * height
        )

    # Keys that are held; True where the key is used here

    def key_pressed(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        if key in _ARROWS:
            far = modifiers & Qt.KeyboardModifier.ShiftModifier
            step = _FAR_NUDGE if far else _NUDGE
            across, down = _ARROWS[key]
            self._canvas.nudged.emit(across * step, down * step)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self._canvas.numbered.emit(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_Space:
            self._space_held, self._space_used = True, False
            self._show_cursor()
        elif key == Qt.Key.Key_H:
            self._canvas.hide_overlay(True)
        elif key == Qt.Key.Key_Escape:
            self._cancel()
        else:
            return False
        return True

    def key_released(self, key: int) -> bool:
        if key == Qt.Key.Key_Space:
            tapped = self._space_held and not self._space_used and self._pan_from is None
            self._space_held = False
            self._show_cursor()
            if tapped:
                self._canvas.tapped.emit()
        elif key == Qt.Key.Key_H:
            self._canvas.hide_overlay(False)
        else:
            return False
        return True

    def release_keys(self) -> None:
        """A key that is released elsewhere is never seen here, so it counts as released."""
        self._space_held = False
        self._canvas.hide_overlay(False)
        self._show_cursor()

    def _cancel(self) -> None:
        if self._grab is not None:
            moving, self._grab = self._grab.moving, None
            if moving:
                self._canvas.drag_cancelled.emit()
        elif self._box_mode:
            self._box_start = self._box_end = None
            self._canvas.box_dismissed.emit()
        self._canvas.update()

    def _show_cursor(self) -> None:
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space_held:
            shape = Qt.CursorShape.OpenHandCursor
        else:
            shape = Qt.CursorShape.CrossCursor
        self._canvas.setCursor(shape)
