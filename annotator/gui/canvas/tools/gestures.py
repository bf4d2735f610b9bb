"""What hands do on the canvas, from press to release: take, drag, place, pan, draw a box.

A small machine of states without memory of labels; it speaks through the canvas's signals.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from annotator.gui.canvas.geometry.hit_testing import inside, is_drag
from annotator.gui.canvas.tools.box_tool import BoxTool
from annotator.gui.style import canvas_colours

if TYPE_CHECKING:
    from annotator.gui.canvas.view import Canvas

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
    """A landmark held by the left button, and the selected ones with it where it is one."""

    landmark: int
    start: QPointF
    places: dict[int, tuple[float, float]]
    """Of each when it was taken, in image pixels: a point does not jump under the cursor."""
    moving: bool = False


class Gestures:
    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self._grab: _Grab | None = None
        self._pan_from: QPointF | None = None
        self._space_held = False
        self._space_used = False
        self._band: tuple[QPointF, QPointF] | None = None
        self.box = BoxTool(canvas)
        self._show_cursor()

    def repeats(self, key: int) -> bool:
        """Whether a key that is held down counts many times."""
        return key in _ARROWS or self.box.turns(key)

    @property
    def holding(self) -> bool:
        """Whether a landmark is being moved right now."""
        return self._grab is not None and self._grab.moving

    def forget(self) -> None:
        """Another image came: what was begun on the last one is over."""
        self._grab = self._band = None
        self.box.forget()

    # Mouse

    def press(
        self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> None:
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._pan_from = position
            self._show_cursor()
        elif left and self._canvas.image_size is not None:
            if self.box.wanted:
                self.box.press(position)
            else:
                self._begin(position, modifiers)

    def move(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self._pan_from is not None:
            self._space_used = True
            step = position - self._pan_from
            self._pan_from = position
            self._canvas.look_at(self._canvas.viewport.panned(step.x(), step.y()))
        elif self.box.busy:
            self.box.move(position, bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        elif self._grab is not None:
            grab = self._grab
            start, here = grab.start.toTuple(), position.toTuple()
            grab.moving = grab.moving or is_drag(start, here, canvas_colours.DRAG_THRESHOLD)
            if grab.moving:
                self._tell(self._moves(grab, position), dropped=False)
        elif self._band is not None:
            self._band = (self._band[0], position)
            self._canvas.update()
        else:
            self._canvas.hover(position)
            self._show_cursor(position)

    def release(self, position: QPointF, button: Qt.MouseButton) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._show_cursor()
        elif button == Qt.MouseButton.LeftButton and self.box.busy:
            self.box.release(position)
        elif button == Qt.MouseButton.LeftButton and self._grab is not None:
            grab, self._grab = self._grab, None
            self._let_go(grab, position)
        elif button == Qt.MouseButton.LeftButton and self._band is not None:
            (start, _), self._band = self._band, None
            self._select(start, position)

    @property
    def band(self) -> tuple[QPointF, QPointF] | None:
        """Opposite corners of the rectangle that selects landmarks, on the screen."""
        return self._band

    def _begin(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Takes the landmark under the cursor; where there is none, places the one meant."""
        canvas = self._canvas
        if canvas.marks is None:
            return
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._band = (position, position)
            return
        anywhere = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        landmark = None if anywhere else canvas.landmark_at(position)
        if landmark is not None:
            selected = canvas.marks.selected
            taken = selected if landmark in selected else (landmark,)
            known = canvas.marks.points
            places = {j: (float(known[j, 0]), float(known[j, 1])) for j in taken}
            self._grab = _Grab(landmark, position, places)
        elif canvas.marks.asked is not None and canvas.within_reach(position):
            asked = canvas.marks.asked
            meant = asked if anywhere else canvas.meant_at(position, asked)
            place = canvas.image_point(position)
            self._grab = _Grab(meant, position, {meant: place}, moving=True)
            canvas.dragged.emit(meant, *place)

    def _moves(self, grab: _Grab, position: QPointF) -> dict[int, tuple[float, float]]:
        scale = self._canvas.viewport.scale
        dx, dy = ((position - grab.start) / scale).toTuple()
        return {landmark: (x + dx, y + dy) for landmark, (x, y) in grab.places.items()}

    def _tell(self, moves: dict[int, tuple[float, float]], dropped: bool) -> None:
        canvas = self._canvas
        if len(moves) > 1:
            (canvas.put_down if dropped else canvas.carried).emit(moves)
        else:
            ((landmark, place),) = moves.items()
            (canvas.dropped if dropped else canvas.dragged).emit(landmark, *place)

    def _let_go(self, grab: _Grab, position: QPointF) -> None:
        canvas = self._canvas
        asked = None if canvas.marks is None else canvas.marks.asked
        if grab.moving:
            self._tell(self._moves(grab, position), dropped=True)
        elif grab.landmark == asked:
            # A click on the very point that was asked for says: here, under the cursor.
            canvas.dropped.emit(grab.landmark, *canvas.image_point(position))
        else:
            canvas.picked.emit(grab.landmark)

    def _select(self, start: QPointF, end: QPointF) -> None:
        """What the band holds besides what is selected; a click turns one landmark over."""
        canvas = self._canvas
        if canvas.marks is None:
            return
        selected = canvas.marks.selected
        if is_drag(start.toTuple(), end.toTuple(), canvas_colours.DRAG_THRESHOLD):
            points = canvas.viewport.to_screen(canvas.marks.points)
            canvas.select(selected | set(inside(points, start.toTuple(), end.toTuple())))
        else:
            landmark = canvas.landmark_at(end)
            canvas.select(selected ^ {landmark} if landmark is not None else ())

    # Keys that are held; True where the key is used here

    def key_pressed(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        if self.box.key_pressed(key, modifiers):
            return True
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
        elif self.box.wanted:
            self.box.cancel()
        elif self._band is not None:
            self._band = None
        else:
            self._canvas.select(())
        self._canvas.update()

    def _show_cursor(self, position: QPointF | None = None) -> None:
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space_held:
            shape = Qt.CursorShape.OpenHandCursor
        elif position is not None:
            shape = self.box.cursor(position)
        else:
            shape = Qt.CursorShape.CrossCursor
        if shape != self._canvas.cursor().shape():
            self._canvas.setCursor(shape)
