"""What hands do on the canvas, from press to release: take, drag, place, pan, draw a box.

A small machine of states without memory of labels: its signals say what hands meant.
"""

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import (
    inside,
    is_drag,
    nearest_point,
)
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.canvas.tools.box_tool import ARROWS, BoxTool
from landmark_annotator.annotator.gui.canvas.tools.brush import MaskTool
from landmark_annotator.annotator.gui.canvas.tools.grab import Grab
from landmark_annotator.annotator.gui.style import canvas_colours

_NUDGE, _FAR_NUDGE, _STRIDE, _FAR_STRIDE = 0.25, 1.0, 4.0, 20.0
"""A press of an arrow key, and with Shift, in image pixels; with Ctrl in screen pixels."""
_PAN = 60.0  # screen pixels that it moves the image by while the space bar is held


class Gestures(QObject):
    """Signals carry image pixels.

    exact: whether Shift is held, so that the very place is meant and not a contour through it.
    """

    dragged = Signal(int, float, float)
    """A landmark is being held there; nothing is decided yet."""
    dropped = Signal(int, float, float)
    """A landmark was placed there."""
    carried = Signal(object)
    """Several landmarks are being held: a dict of their places."""
    put_down = Signal(object)
    """Several landmarks were placed: a dict of their places."""
    drag_cancelled = Signal()
    picked = Signal(int)
    """A landmark was clicked on without being moved."""
    nudged = Signal(float, float)
    """An arrow key moves a landmark by so much."""
    numbered = Signal(int)
    """A key of 1 to 9 was pressed; from 0."""
    tapped = Signal()
    """The space bar was pressed and released without panning."""
    thrown_out = Signal(int)
    """(instance id) The cross of what a model found was clicked."""
    meant = Signal(int)
    """(instance id) Another object of the image was clicked on."""
    cursor_changed = Signal(object)
    """(Qt.CursorShape) What the cursor looks like from now on."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._grab: Grab | None = None
        self._at = QPointF()
        """Where the cursor was last, also once a dialog has taken it away."""
        self._pan_from: QPointF | None = None
        self._pan_button = Qt.MouseButton.NoButton
        """That moves the view, while others may hold what they held before."""
        self._turning = self._telling = False
        """Whether the view is turned instead of moved; whether a drag is just being told of."""
        self._space_held = self._space_used = False
        self._band: tuple[QPointF, QPointF] | None = None
        self.box = BoxTool(scene)
        self.masks = MaskTool(scene)
        self.cursor = Qt.CursorShape.CrossCursor
        self._last: int | None = None
        """The landmark that the last press was about."""
        self._cross: int | None = None
        """The instance whose cross is held by the left button."""
        self._crossed_at: QPointF | None = None
        """Where the last press was, if it was on a cross or on another object."""
        self._other: int | None = None
        """The instance on which the left button is held."""
        self.exact = False

    def repeats(self, key: int) -> bool:
        """Whether a key that is held down counts many times."""
        return key in ARROWS or self.box.turns(key)

    @property
    def busy(self) -> bool:
        """Whether a button is held down for something that is under way."""
        held = (self._grab, self._cross, self._other)
        grab = any(each is not None for each in held)
        of_tools = self.box.busy or self.masks.busy
        return grab or self._pan_from is not None or self._band is not None or of_tools

    @property
    def holding(self) -> bool:
        """Whether a landmark is being moved right now."""
        return self._grab is not None and self._grab.moving

    @property
    def held(self) -> int | None:
        """The landmark that is being moved right now, where it is a single one."""
        places = self._grab.places if self._grab is not None and self._grab.moving else ()
        return next(iter(places)) if len(places) == 1 else None

    def forget(self) -> None:
        """Another image came: what was begun on the last one is over."""
        self._grab = self._band = self._last = self._cross = self._other = None
        self.box.forget()
        self.masks.drop()

    def settle(self) -> None:
        """What keys have done to the box, and what the button holds, is where it is now: something
        follows before the button is up. Not what is only told of the drag itself."""
        grab = None if self._telling else self._grab
        if grab is not None and (grab.moving or grab.aim.places):
            self._grab = None
            self._let_go(grab, grab.at)
        self.box.settle()

    @property
    def draws(self) -> bool:
        """Whether buttons draw masks; a box that is asked for goes before."""
        return self.masks.kind is not None and not self.box.wanted

    # Mouse

    def again(self, position: QPointF) -> bool:
        """Whether the second of two quick clicks there is a habit, and says nothing: the first
        has just placed or chosen the landmark that is there now, or thrown an object out."""
        if self.crossed(position):
            return True
        marks = self._scene.marks
        if marks is None or self._last is None:
            return False
        points = self._scene.viewport.to_screen(marks.points[[self._last]])
        return nearest_point(points, position.toTuple(), canvas_colours.HIT_RADIUS) is not None

    def crossed(self, position: QPointF) -> bool:
        """Whether the last press was on a cross that was there."""
        if self._crossed_at is None:
            return False
        before, now = self._crossed_at.toTuple(), position.toTuple()
        return not is_drag(before, now, canvas_colours.HIT_RADIUS)

    def pick(self, landmark: int) -> None:
        """As a click on it does, for menus."""
        self.picked.emit(landmark)

    @property
    def told_of_masks(self) -> str:
        """What the tool in hand says, where the next press is its."""
        return self.masks.told if self.draws else ""

    def pans(self, button: Qt.MouseButton) -> bool:
        """Whether a press of this button moves the view."""
        left = button == Qt.MouseButton.LeftButton
        return button == Qt.MouseButton.MiddleButton or (left and self._space_held)

    def press(
        self, position: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> None:
        self._at, left = position, button == Qt.MouseButton.LeftButton
        self.exact = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if self.pans(button):
            self._pan_from, self._pan_button = position, button
            self._turning = self.exact
            self._show_cursor()
        elif self.draws and self._scene.image_size is not None:
            self.masks.press(position, button, modifiers)
        elif left and self._scene.image_size is not None:
            found = self._scene.found_at(position)
            plain = modifiers == Qt.KeyboardModifier.NoModifier
            other = self._scene.other_at(position) if plain and found is None else None
            self._crossed_at = position if found or other else None
            if found is not None:
                self._cross = found.id
            elif other is not None:
                self._other = other.id
            elif self.box.wanted:
                self.box.press(position)
            else:
                self._begin(position, modifiers)

    def move(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._at, self.exact = position, bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if self._pan_from is not None:
            self._space_used = True
            before, self._pan_from = self._pan_from, position
            if self._turning:
                self._scene.turn_along(before, position)
            else:
                step = position - before
                self._scene.look_at(self._scene.viewport.panned(step.x(), step.y()))
        elif self.masks.held is not None:
            self.masks.move(position)
        elif self.box.busy:
            self.box.move(position, self.exact)
        elif self._grab is not None:
            grab = self._grab
            grab.at, grab.moving = position, grab.moved(position)
            if grab.moving:
                self._tell(self._moves(grab, position), dropped=False)
        elif self._band is not None:
            self._band = (self._band[0], position)
            self._scene.refresh()
        elif not self.draws and self._cross is None and self._other is None:
            self._scene.hover(position)
            self._show_cursor(position)

    def release(
        self,
        position: QPointF,
        button: Qt.MouseButton,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        self.exact = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if self._pan_from is not None and button == self._pan_button:
            self._pan_from = None
            self._show_cursor()
        elif button == self.masks.held:  # also where a box is asked for meanwhile
            self.masks.release(position, button)
        elif button == Qt.MouseButton.LeftButton and self._cross is not None:
            cross, self._cross = self._cross, None
            found = self._scene.found_at(position)
            if found is not None and found.id == cross:
                self.thrown_out.emit(cross)
        elif button == Qt.MouseButton.LeftButton and self._other is not None:
            held, self._other = self._other, None
            other = self._scene.other_at(position)
            if other is not None and other.id == held:
                self.meant.emit(held)
        elif button == Qt.MouseButton.LeftButton and self.box.busy:
            self.box.release(position)
        elif button == Qt.MouseButton.LeftButton and self._grab is not None:
            grab, self._grab = self._grab, None
            self._let_go(grab, position)
        elif button == Qt.MouseButton.LeftButton and self._band is not None:
            (start, _), self._band = self._band, None
            self._select(start, position)

    def release_unseen(self) -> None:
        """Over a dialog or a page that has come up the button is let go unseen: it counts as let
        go where the cursor was last, but for what only a whole click does."""
        self._cross = self._other = None
        if self.busy:
            for button in ("MiddleButton", "RightButton", "LeftButton"):
                self.release(self._at, Qt.MouseButton[button])

    @property
    def band(self) -> tuple[QPointF, QPointF] | None:
        """Opposite corners of the rectangle that selects landmarks, on the screen."""
        return self._band

    def _begin(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Takes the point under the cursor; where there is none, places the landmark meant."""
        scene = self._scene
        if scene.marks is None:
            return
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._band = (position, position)
            return
        aim = scene.aim_at(position, anywhere=self.exact)
        if aim is None:
            return
        self._last = aim.clicked
        place = scene.image_point(position)
        if aim.under is not None:
            selected = scene.marks.selected
            taken = selected if aim.under in selected else (aim.under,)
            known = scene.marks.points
            places = {j: (float(known[j, 0]), float(known[j, 1])) for j in taken}
            self._grab = Grab(aim, position, place, places, position)
        else:
            held = {aim.clicked: place}
            self._grab = Grab(aim, position, place, held, position, moving=True)
            self._tell(held, dropped=False)

    def _moves(self, grab: Grab, position: QPointF) -> dict[int, tuple[float, float]]:
        (x0, y0), (x1, y1) = grab.taken, self._scene.image_point(position)
        return {j: (x + (x1 - x0), y + (y1 - y0)) for j, (x, y) in grab.places.items()}

    def _tell(self, moves: dict[int, tuple[float, float]], dropped: bool) -> None:
        self._telling = not dropped
        if len(moves) > 1:
            (self.put_down if dropped else self.carried).emit(moves)
        else:
            ((landmark, place),) = moves.items()
            (self.dropped if dropped else self.dragged).emit(landmark, *place)
        self._telling = False

    def _let_go(self, grab: Grab, position: QPointF) -> None:
        if grab.moving:
            self._tell(self._moves(grab, position), dropped=True)
        elif grab.aim.places:
            # Also a click on the very point that was asked for says: here, under the cursor.
            self.dropped.emit(grab.aim.clicked, *self._scene.image_point(position))
        else:
            self.picked.emit(grab.aim.clicked)

    def _select(self, start: QPointF, end: QPointF) -> None:
        """What the band holds besides what is selected; a click turns one landmark over."""
        scene = self._scene
        if scene.marks is None:
            return
        selected = scene.marks.selected
        if is_drag(start.toTuple(), end.toTuple(), canvas_colours.DRAG_THRESHOLD):
            points = scene.viewport.to_screen(scene.marks.points)
            scene.select(selected | set(inside(points, start.toTuple(), end.toTuple())))
        else:
            landmark = scene.landmark_at(end)
            scene.select(selected ^ {landmark} if landmark is not None else ())

    def hold_exactly(self, exact: bool) -> None:
        """What a click with Shift places stands at the cursor as soon as Shift is held."""
        if not self.busy:
            self.exact = exact
            self._scene.refresh()

    # Keys that are held; True where the key is used here

    def key_pressed(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        if key in ARROWS and self._space_held:
            self._space_used = True
            right, below = ARROWS[key]
            self._scene.look_at(self._scene.viewport.panned(-right * _PAN, -below * _PAN))
        elif self.box.key_pressed(key, modifiers) or (self.draws and self.masks.key_pressed(key)):
            return True
        elif key in ARROWS:
            far = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            step = (_FAR_NUDGE if far else _NUDGE) * self._scene.viewport.scale
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                step = _FAR_STRIDE if far else _STRIDE
            # In the direction that is seen on the screen.
            dx, dy = self._scene.image_step(*ARROWS[key])
            self.nudged.emit(dx * step, dy * step)
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.numbered.emit(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_Space:
            self._space_held, self._space_used = True, False
            self._show_cursor()
        elif key == Qt.Key.Key_H:
            self._scene.hide_marks(True)
        elif key == Qt.Key.Key_Escape:
            return self._cancel()
        else:
            return False
        return True

    def key_released(self, key: int) -> bool:
        if key == Qt.Key.Key_Space:
            tapped = self._space_held and not self._space_used and self._pan_from is None
            self._space_held = False
            self._show_cursor()
            if tapped:
                self.tapped.emit()
        elif key == Qt.Key.Key_H:
            self._scene.hide_marks(False)
        else:
            return False
        return True

    def release_keys(self) -> None:
        """A key that is released elsewhere is never seen here, so it counts as released."""
        self._space_held = self.exact = False
        self._scene.hide_marks(False)
        self._show_cursor()

    def _cancel(self) -> bool:
        """Whether there was anything to end."""
        if self._grab is not None:
            moving, self._grab = self._grab.moving, None
            if moving:
                self.drag_cancelled.emit()
        elif self._cross is not None:
            self._cross = None
        elif self.box.wanted:
            return self.box.cancel()
        elif self._band is not None:
            self._band = None
        elif self._scene.selected:
            self._scene.select(())
        else:
            return False
        self._scene.refresh()
        return True

    def _show_cursor(self, position: QPointF | None = None) -> None:
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._space_held:
            shape = Qt.CursorShape.OpenHandCursor
        elif position is not None and (
            self._scene.found_at(position) or self._scene.other_at(position)
        ):
            shape = Qt.CursorShape.PointingHandCursor
        elif position is not None:
            shape = self.box.cursor(position)
        else:
            shape = Qt.CursorShape.CrossCursor
        if shape != self.cursor:
            self.cursor = shape
            self.cursor_changed.emit(shape)
