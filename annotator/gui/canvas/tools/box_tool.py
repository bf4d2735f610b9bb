"""The box under the hand: drawn anew, or moved, resized and turned by its handles and by keys."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal

from landmark_annotator.annotator.gui.canvas.geometry.box_geometry import (
    MOVE,
    TURN,
    Handle,
    grown,
    handle_at,
    pulled,
    shifted,
    turned,
)
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary import Box

_SMALLEST = 6.0
"""Screen pixels; a shorter drag was not meant as a box."""
_STEP, _FAR_STEP = 1.0, 10.0
"""Screen pixels, or degrees, a press of a key, and with Shift."""
_SETTLES_AFTER_MS = 600
ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
# With Shift the keys of comma and full stop are others, which ones depends on the keyboard.
_TURNS: dict[int, int] = {
    Qt.Key.Key_Comma: -1,
    Qt.Key.Key_Less: -1,
    Qt.Key.Key_Semicolon: -1,
    Qt.Key.Key_Period: 1,
    Qt.Key.Key_Greater: 1,
    Qt.Key.Key_Colon: 1,
}
_RESIZING = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)


@dataclass
class _Pull:
    handle: Handle
    start: tuple[float, float]
    """In image pixels."""
    box: Box
    """As it was."""


class BoxTool(QObject):
    """At work while a box is asked for. Signals carry image pixels."""

    drawn = Signal(Box)
    changed = Signal(Box)
    """Moved, resized or turned; it can be changed further."""
    dismissed = Signal()
    spotted = Signal(float, float)
    """A click where a box could have been drawn."""
    begins_changed = Signal()
    """Keys began a box where there was none, or it was given up."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._scene = scene
        self._start: tuple[float, float] | None = None
        """Image pixels: the view may go elsewhere while the mouse is held, as where a message takes
        some of its height."""
        self._end: QPointF | None = None
        self._pull: _Pull | None = None
        self._edited: Box | None = None
        """Not stored yet: under the mouse, or moved by keys that have not come to rest."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLES_AFTER_MS)
        self._rest.timeout.connect(self.settle)

    def ask(self, wanted: bool) -> None:
        # Asked for once more while it is being drawn, it goes on being drawn.
        if wanted != self.wanted:
            self._scene.box_asked_for = wanted
            self.forget()
            self._scene.refresh()

    @property
    def wanted(self) -> bool:
        return self._scene.box_asked_for

    def forget(self) -> None:
        self._rest.stop()
        self._start = self._end = self._pull = self._edited = None

    @property
    def begins(self) -> bool:
        """Whether there is a box that only keys have made, which is stored with what follows."""
        marks = self._scene.marks
        return self._edited is not None and marks is not None and marks.box is None

    @property
    def busy(self) -> bool:
        """Whether the mouse holds something."""
        return self._start is not None or self._pull is not None

    @property
    def editable(self) -> Box | None:
        """The box whose handles are shown, as it is now."""
        marks = self._scene.marks
        if not self.wanted or marks is None or self._start is not None:
            return None
        return self._edited or marks.box

    def between(self) -> Box | None:
        """The box between where the drag began and where it is, upright on the screen: in a view
        that is turned it is turned in the image."""
        if self._start is None or self._end is None:
            return None
        viewport = self._scene.viewport
        start = QPointF(*viewport.to_screen(np.array(self._start)).tolist())
        way = self._end - start
        width, height = (abs(v) / viewport.scale for v in way.toTuple())
        if width == 0.0 or height == 0.0:
            return None
        x, y = self._scene.image_point(start + way / 2)
        return Box(x, y, width, height, -viewport.angle)

    def handle_under(self, position: QPointF) -> Handle | None:
        box = self.editable
        if box is None:
            return None
        here = (position.x(), position.y())
        return handle_at(box, self._scene.viewport, here, canvas_colours.HIT_RADIUS)

    def cursor(self, position: QPointF) -> Qt.CursorShape:
        """What the cursor looks like there."""
        box, handle = self.editable, self.handle_under(position)
        if box is None or handle is None:
            return Qt.CursorShape.CrossCursor
        if handle in (MOVE, TURN):
            moves = handle == MOVE
            return Qt.CursorShape.SizeAllCursor if moves else Qt.CursorShape.PointingHandCursor
        angle = math.atan2(handle[1], handle[0]) + box.angle + self._scene.viewport.angle
        return _RESIZING[round(angle / (math.pi / 4)) % 4]

    # Mouse

    def press(self, position: QPointF) -> None:
        if not self.begins:  # which the hand may change, or draw anew
            self.settle()
        box, handle = self.editable, self.handle_under(position)
        if box is not None and handle is not None:
            self._pull = _Pull(handle, self._scene.image_point(position), box)
        else:
            self._start, self._end = self._scene.image_point(position), position
            self._give_up()

    def move(self, position: QPointF, snap: bool) -> None:
        if self._pull is not None:
            pull, here = self._pull, self._scene.image_point(position)
            self._edited = pulled(pull.box, pull.handle, pull.start, here, snap)
        else:
            self._end = position
        self._scene.refresh()

    def release(self, position: QPointF) -> None:
        if self._pull is not None:
            self._pull = None
            self.settle()
            return
        self._end = position
        box, self._start, self._end = self.between(), None, None
        self._scene.refresh()
        if box is not None and box.side * self._scene.viewport.scale >= _SMALLEST:
            self.drawn.emit(box)
        elif self._scene.within_reach(position):
            self.spotted.emit(*self._scene.image_point(position))

    # Keys

    def turns(self, key: int) -> bool:
        """Whether this key turns a box that is being edited."""
        return key in _TURNS and self.editable is not None

    def key_pressed(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """True where the key is used here. Where there is no box, an arrow key begins one."""
        box = self.editable
        if box is None and key in ARROWS:
            return self.begin()
        if box is None or not (key in ARROWS or key in _TURNS):
            return False
        far = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        step = _FAR_STEP if far else _STEP
        if key in _TURNS:
            self._edited = turned(box, _TURNS[key] * math.radians(step))
        else:
            right, below = ARROWS[key]
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                across, down = (v * step / self._scene.viewport.scale for v in ARROWS[key])
                self._edited = grown(box, (abs(ARROWS[key][0]), abs(ARROWS[key][1])), across, down)
            else:
                self._edited = shifted(box, *self._scene.image_step(right * step, below * step))
        if not self.begins:  # Escape leaves nothing of what was only begun
            self._rest.start()
        self._scene.refresh()
        return True

    def begin(self) -> bool:
        """Where there is no box: one in the middle of what is seen of the image, half as large,
        upright on the screen. Whether one was begun."""
        scene = self._scene
        seen, free = scene.seen, self.wanted and not self.busy and self.editable is None
        if not free or scene.marks is None or seen is None:
            return False
        (left, top), (right, bottom) = seen
        across, down = (right - left) / 2, (bottom - top) / 2
        x, y = scene.image_point(QPointF(left + across, top + down))
        scale, angle = scene.viewport.scale, scene.viewport.angle
        self._edited = Box(x, y, across / scale, down / scale, -angle)
        scene.refresh()
        self.begins_changed.emit()
        return True

    def settle(self) -> None:
        """What was moved by keys, or let go of, is the box from now on."""
        self._rest.stop()
        box, self._edited = self._edited, None
        marks = self._scene.marks
        if box is not None and marks is not None and box != marks.box:
            self.changed.emit(box)
        self._scene.refresh()

    def cancel(self) -> bool:
        """What is under way is given up; without that, the box is no longer asked for. False where
        there was none: then it goes on being asked for."""
        under_way, there = self.busy or self._edited is not None, self.editable is not None
        self._give_up()
        self.forget()
        if not under_way:
            self.dismissed.emit()
        self._scene.refresh()
        return under_way or there

    def _give_up(self) -> None:
        """The box that was begun, where one was."""
        if self.begins:
            self._edited = None
            self.begins_changed.emit()
