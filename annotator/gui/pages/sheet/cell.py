"""One object of a sheet: the part of its photograph, its landmarks, and what is said of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.geometry.viewport import box_corners
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from landmark_annotator.annotator.gui.canvas.layers.crosses import FoundObject
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.sheet.object_masks import MasksOf, boxes_around
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.widgets.elided_label import ElidedLabel
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError, Box, Scheme
from landmark_annotator.projects.vocabulary.region import region_colours

_EDGE = 2
"""Pixels of the line round the object that keys are about."""
_VEIL = QColor(32, 32, 33, 165)


class _CellCanvas(Canvas):
    """A small one. Nothing is asked for, so a click mends the landmark that is near."""

    opened = Signal()
    """It was double-clicked."""
    entered = Signal()
    focused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(60, 40)
        self.veiled = False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.veiled:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), _VEIL)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if left and not self.gestures.crossed(event.position()):
            self.opened.emit()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.entered.emit()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        """Only the hand that is in it looks closely: it is accepted as it is seen whole."""
        super().leaveEvent(event)
        if not self.gestures.busy:
            self.scene.fit("object")

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """view: what was on the screen, since when, in seconds of the clock."""

    view: View
    since: float


class SheetCell(QWidget):
    """Shows what it is told to; what hands mean is the page's business."""

    def __init__(
        self, scheme: Scheme, masks: MasksOf, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._scheme, self._masks, self._clock = scheme, masks, clock
        self._colours = region_colours(scheme.regions)
        self._around_masks: list[Box] = []
        self.instance_id: int | None = None
        self.view: View | None = None
        self.chosen: int | None = None
        """The landmark that was clicked on: the next click places it."""
        self._drawn: _Drawn | None = None
        self._placed_at = float("-inf")
        self.canvas = _CellCanvas()
        self.canvas.painted.connect(self._see)
        self.canvas.show_every_ellipse(False)
        self.canvas.focused.connect(lambda _: self.update())
        self.canvas.entered.connect(self._take_focus)
        self.caption = ElidedLabel()
        self.caption.setContentsMargins(6, 2, 6, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.caption)
        self.setFocusProxy(self.canvas)

    # What is shown

    def show_object(self, instance_id: int, view: View) -> None:
        """Another one, whose picture is on its way."""
        self.instance_id, self.view, self.chosen = instance_id, view, None
        self._drawn, self._placed_at = None, float("-inf")
        self.canvas.scene.rest()
        self.canvas.show_image(None)
        self._show_masks()
        self._turn()
        self.canvas.show_marks(None)
        self.canvas.scene.show_found(())

    def show_picture(self, pyramid: Pyramid) -> None:
        self.canvas.show_marks(self._marks(self.view))
        self.canvas.show_image(pyramid)
        self.canvas.scene.fit("object")

    def show_failure(self, error: ActionableError) -> None:
        self.canvas.show_failure(error)

    def show_view(self, view: View, *, fit: bool = False) -> None:
        """What is stored, with what is proposed for the rest. fit: it is seen whole."""
        self.view = view
        self.canvas.show_marks(self._marks(view))
        self._show_masks()
        if fit:
            self._turn()
            self.canvas.scene.fit("object")

    def show_held(self, view: View) -> None:
        """A landmark is being moved; nothing is decided yet."""
        self.canvas.show_marks(self._marks(view))

    def let_go(self) -> None:
        """Back to where it was."""
        self.canvas.show_marks(self._marks(self.view))

    def choose(self, landmark: int | None) -> None:
        self.chosen = landmark
        self.canvas.show_marks(self._marks(self.view))

    def show_caption(self, text: str, name: str, *, veiled: bool) -> None:
        self.caption.show_text(text, name)
        self.canvas.setAccessibleName(text + name)
        if veiled != self.canvas.veiled:
            self.canvas.veiled = veiled
            self.canvas.update()

    def offer_to_throw_out(self, offered: bool) -> None:
        """Whether a click on a cross says that what was found is no object."""
        record = None if self.view is None else self.view.instance
        box = None if record is None else record.box
        found = [FoundObject(record.id, box)] if offered and record and box else []
        self.canvas.scene.show_found(found)

    def _turn(self) -> None:
        """All point the same way, where objects have a heading."""
        view, scene = self.view, self.canvas.scene
        box = None if view is None else view.instance.box
        if view is None or box is None:
            scene.beside, angle = None, 0.0
        else:
            # A turned object fills less of its box than of what is seen of it, once that is known.
            boxed = self._scheme.heading is None or not view.shape.known.any()
            beside = [box_corners(box)] if boxed else []
            beside += [box_corners(around) for around in self._around_masks]
            scene.beside = np.concatenate(beside) if beside else None
            angle = headed(box, view.shape, self._scheme).angle
        scene.turn_to(-angle)

    def _show_masks(self) -> None:
        drawn = {} if self.instance_id is None else self._masks(self.instance_id)
        self._around_masks = boxes_around(drawn)
        self.canvas.masks.show({n: one.mask for n, one in drawn.items()}, self._colours, "")
        self.canvas.update()

    def _marks(self, view: View | None) -> Marks | None:
        """Without its box: what is looked at is the shape."""
        if view is None or not view.shape.known.any():
            return None
        return Marks(
            self._scheme,
            np.where(view.shape.known[:, None], view.shape.points, view.absent_at),
            view.shape.covariances,
            view.shape.visibility,
            view.shape.provenance,
            asked=self.chosen,
            absent=view.absent,
            fine=True,
            hidden=view.hidden,
            mends=view.instance.state is not InstanceState.ACCEPTED,
        )

    # What was seen

    def drawn_for(self, view: View | None) -> float:
        """Seconds for which this very shape was on the screen, and whole."""
        shown = self.isVisible() and not self.window().isMinimized()
        if self._drawn is None or self._drawn.view is not view or not shown:
            return 0.0
        return self._clock() - self._drawn.since

    def just_placed(self, seconds: float) -> bool:
        """Whether a click has placed a landmark within so many seconds."""
        return time.monotonic() - self._placed_at < seconds

    def remember_click(self) -> None:
        self._placed_at = time.monotonic()

    def _see(self) -> None:
        canvas, view = self.canvas, self.view
        if view is None or canvas.scene.marks is None or canvas.scene.marks_hidden:
            self._drawn = None
            return
        known = self._drawn is not None and self._drawn.view is view
        if not known and not canvas.gestures.busy and self._whole():
            self._drawn = _Drawn(view, self._clock())

    def _whole(self) -> bool:
        """Whether no landmark and no mask lies outside of the cell."""
        marks = self.canvas.scene.marks
        assert marks is not None
        corners = [box_corners(around) for around in self._around_masks]
        places = self.canvas.scene.viewport.to_screen(np.concatenate([marks.points, *corners]))
        places = places[np.isfinite(places[:, 0])]
        size = self.canvas.width(), self.canvas.height()
        return bool(((places >= 0) & (places <= size)).all())

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drawn = None

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._drawn = None

    # Which one keys are about

    def _take_focus(self) -> None:
        """The one under the hand, unless somebody is writing."""
        if self.window().isActiveWindow():
            self.canvas.setFocus(Qt.FocusReason.MouseFocusReason)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            colour = themes.current().mark if self.canvas.hasFocus() else themes.current().line
            painter.setPen(QPen(QColor(colour), _EDGE))
            half = _EDGE // 2
            painter.drawRect(self.rect().adjusted(half, half, -half, -half))
