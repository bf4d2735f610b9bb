"""The canvas: shows one photograph with its landmarks and turns gestures into signals.

It decides nothing: what a gesture means for the labels is the controller's business.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from annotator.gui.canvas.geometry.viewport import Viewport, fitted, whole_image
from annotator.gui.canvas.layers import landmarks as landmarks_module
from annotator.gui.canvas.layers.backdrop import Backdrop, Pyramid
from annotator.gui.canvas.layers.box_handles import paint_handles
from annotator.gui.canvas.layers.heat_map import heat_image, paint_heat
from annotator.gui.canvas.layers.landmarks import Marks, OtherObject
from annotator.gui.canvas.layers.loupe import paint_loupe
from annotator.gui.canvas.layers.picking import landmark_at, meant_at, object_corners
from annotator.gui.canvas.layers.tone import Tone
from annotator.gui.canvas.tools.gestures import Gestures
from annotator.session.posterior.landmark_density import Heat
from projects.vocabulary import ActionableError, Box

_ZOOM_PER_NOTCH = 1.2
_OUTSIDE = 0.25
"""How far beyond the border, as a share of the image, a landmark may still be placed."""

Fit = Literal["object", "image"]


class Canvas(QWidget):
    """Signals carry image pixels."""

    dragged = Signal(int, float, float)
    """A landmark is being held there; nothing is decided yet."""
    dropped = Signal(int, float, float)
    """A landmark was placed there."""
    carried = Signal(object)
    """Several landmarks are being held: a dict of their places."""
    put_down = Signal(object)
    """Several landmarks were placed: a dict of their places."""
    drag_cancelled = Signal()
    hovered = Signal()
    """Another landmark, or none, is under the cursor."""
    picked = Signal(int)
    """A landmark was clicked on without being moved."""
    box_drawn = Signal(Box)
    box_changed = Signal(Box)
    """Moved, resized or turned; it can be changed further."""
    box_dismissed = Signal()
    spotted = Signal(float, float)
    """A click where a box could have been drawn."""
    nudged = Signal(float, float)
    """An arrow key moves a landmark by so much."""
    numbered = Signal(int)
    """A key of 1 to 9 was pressed; from 0."""
    menu_wanted = Signal(QPoint)
    """A menu of what can be said of the landmark at this place; a place on the whole screen."""
    tapped = Signal()
    """The space bar was pressed and released without panning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self.marks: Marks | None = None
        self._backdrop = Backdrop()
        self._fit: Fit | None = "object"
        self._overlay_hidden = False
        self._every_ellipse = True
        self._others: Sequence[OtherObject] = ()
        self._heat: tuple[Heat, QImage] | None = None
        self._picture: QPixmap | None = None
        self.selected: frozenset[int] = frozenset()
        self._loupe = False
        self._cursor: QPointF | None = None
        """Where the cursor was last seen on the canvas; None where it left."""
        self._hint = ""
        self._gestures = Gestures(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Image with landmarks")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.failure = QLabel(self)
        """Stands in the image's place when it cannot be shown."""
        self.failure.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.failure.setWordWrap(True)
        self.failure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.failure.hide()

    # What is shown

    def show_image(self, pyramid: Pyramid | None) -> None:
        """Another photograph, or None while it is being loaded."""
        self._backdrop.pyramid = pyramid
        self.failure.hide()
        self._gestures.forget()
        self.select(())
        self.refit()
        self.update()

    def show_failure(self, error: ActionableError) -> None:
        self._backdrop.pyramid = None
        parts = (error.happened, error.kept, error.remedy)
        self.failure.setText("\n\n".join(part for part in parts if part))
        self.failure.setGeometry(self.rect().adjusted(60, 60, -60, -60))
        self.failure.show()
        self._gestures.forget()
        self.update()

    def show_marks(self, marks: Marks | None) -> None:
        """The landmarks as they are now.

        One that gets under a resting cursor, as what was just placed does, is not named: names
        answer to the hand.
        """
        named = self.marks is not None and self.marks.hovered is not None
        self.marks = marks and replace(marks, selected=self.selected)
        if named:
            self.hover(QPointF(self.mapFromGlobal(QCursor.pos())))
        self.update()

    def select(self, landmarks: Collection[int]) -> None:
        """Those that are moved and swapped together from now on."""
        self.selected = frozenset(landmarks)
        self.show_marks(self.marks)

    def show_others(self, others: Sequence[OtherObject]) -> None:
        """The objects of the image that are not open."""
        self._others = others
        self.update()

    def show_heat(self, heat: Heat | None) -> None:
        """Where a landmark may be, or None."""
        if heat is not None or self._heat is not None:
            self._heat = None if heat is None else (heat, heat_image(heat))
            self.update()

    def show_picture(self, picture: QPixmap | None) -> None:
        """Of where the landmark that is asked for sits on the scheme."""
        self._picture = picture
        self.update()

    def show_hint(self, text: str) -> None:
        """A line at the top of the view, or '' for none."""
        if text != self._hint:
            self._hint = text
            self.update()

    @property
    def image_size(self) -> tuple[int, int] | None:
        """(width, height) of the photograph that is shown."""
        return None if self._backdrop.pyramid is None else self._backdrop.pyramid.size

    def hide_overlay(self, hidden: bool) -> None:
        self._overlay_hidden = hidden
        self.update()

    def show_every_ellipse(self, every: bool) -> None:
        """Or only those of the landmark asked for and of the one under the cursor."""
        self._every_ellipse = every
        self.update()

    def show_tone(self, tone: Tone) -> None:
        """How bright the photograph is shown, now and from now on."""
        self._backdrop.tone = tone
        self.update()

    def show_loupe(self, shown: bool) -> None:
        self._loupe = shown
        self.update()

    def ask_for_box(self, wanted: bool) -> None:
        """Whether the next drag draws a box."""
        self._gestures.box.ask(wanted)

    def settle_box(self) -> None:
        """What keys have done to the box is stored now."""
        self._gestures.box.settle()

    # The view

    def fit(self, what: Fit) -> None:
        """Shows the whole object or the whole image, and keeps to it when the window is resized."""
        self._fit = what
        self.refit()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """The image point under `at` (by default the cursor) stays there."""
        if self.image_size is None:
            return
        if at is None:
            at = QPointF(self.mapFromGlobal(QCursor.pos()))
            if not QRectF(self.rect()).contains(at):
                at = QRectF(self.rect()).center()
        smallest = 0.5 * min(whole_image(self.image_size, self._size).scale, 1.0)
        self.look_at(self.viewport.zoomed(factor, (at.x(), at.y()), smallest))

    @property
    def _size(self) -> tuple[int, int]:
        return max(self.width(), 1), max(self.height(), 1)

    def look_at(self, viewport: Viewport) -> None:
        """Another view of the image, moved back where the image would get out of sight."""
        self._fit = None
        if self.image_size is not None:
            viewport = viewport.kept_in_sight(self.image_size, self._size)
        self.viewport = viewport
        self.update()

    def refit(self) -> None:
        """Fits again what was fitted, unless somebody has chosen another view since."""
        if self._fit is None or self.image_size is None:
            return
        self.viewport = whole_image(self.image_size, self._size)
        seen = self.marks if self._fit == "object" else None
        corners = None if seen is None else object_corners(seen)
        if corners is not None:
            self.viewport = fitted(*corners, self._size)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        # The painter ends with the block even where painting fails, or Qt would crash on it.
        with QPainter(self) as painter:
            self._backdrop.paint(painter, self.viewport, self.size(), self.devicePixelRatioF())
            if self._backdrop.pyramid is not None and not self._overlay_hidden:
                if self._heat is not None:
                    heat, image = self._heat
                    paint_heat(painter, image, heat, self.viewport)
                if self.marks is not None:
                    for other in self._others:
                        landmarks_module.paint_other(
                            painter, self.marks.scheme, other, self.viewport, self.font()
                        )
                    size = float(self.width()), float(self.height())
                    landmarks_module.paint(
                        painter,
                        self.marks,
                        self.viewport,
                        size,
                        self.font(),
                        named=not self._gestures.holding,
                        every_ellipse=self._every_ellipse,
                    )
                self._paint_box(painter)
                if self._gestures.band is not None:
                    landmarks_module.paint_band(painter, *self._gestures.band)
                if self._picture is not None:
                    landmarks_module.paint_corner(painter, self._picture)
                if self._hint:
                    landmarks_module.paint_hint(painter, self._hint, self.width(), self.font())
            if self._loupe and self._cursor is not None and self._backdrop.pyramid is not None:
                marks = None if self._overlay_hidden else self.marks
                ratio, font = self.devicePixelRatioF(), self.font()
                paint_loupe(
                    painter, self._backdrop, marks, self.viewport, self._cursor, ratio, font
                )

    def _paint_box(self, painter: QPainter) -> None:
        """The one that is being drawn, or changed by its handles."""
        hands = self._gestures.box
        box = hands.drawn() or hands.editable
        if box is not None:
            landmarks_module.paint_box(painter, box, self.viewport, drawn=True)
        if hands.editable is not None:
            under = None if self._cursor is None else hands.handle_under(self._cursor)
            paint_handles(painter, hands.editable, self.viewport, under)

    def sizeHint(self) -> QSize:
        return QSize(900, 800)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.failure.setGeometry(self.rect().adjusted(60, 60, -60, -60))
        self.refit()

    # What is under the cursor

    def landmark_at(self, position: QPointF) -> int | None:
        """The landmark under a screen position; none while the overlay is hidden."""
        if self.marks is None or self._overlay_hidden:
            return None
        return landmark_at(self.marks, self.viewport, position)

    def meant_at(self, position: QPointF, asked: int) -> int:
        """The landmark that a click there places, where none is under the cursor."""
        return asked if self.marks is None else meant_at(self.marks, self.viewport, position, asked)

    def image_point(self, position: QPointF) -> tuple[float, float]:
        """A screen position in image pixels."""
        x, y = self.viewport.to_image(np.array([position.x(), position.y()]))
        return float(x), float(y)

    def within_reach(self, position: QPointF) -> bool:
        """Landmarks beyond the border are placed too, but not far out in the surround."""
        if self.image_size is None:
            return False
        width, height = self.image_size
        x, y = self.image_point(position)
        return (
            -_OUTSIDE * width <= x <= (1 + _OUTSIDE) * width
            and -_OUTSIDE * height <= y <= (1 + _OUTSIDE) * height
        )

    def hover(self, position: QPointF | None) -> None:
        """Marks the landmark under the cursor; None where the cursor is elsewhere."""
        if self.marks is None:
            return
        if position is not None and not QRectF(self.rect()).contains(position):
            position = None
        landmark = None if position is None else self.landmark_at(position)
        asked = None if self._gestures.box.wanted else self.marks.asked
        if position is not None and landmark is None and asked is not None:
            # What would take the click is named before it does.
            meant = self.meant_at(position, asked)
            landmark = meant if meant != asked else None
        if landmark != self.marks.hovered:
            self.marks = replace(self.marks, hovered=landmark)
            self.update()
            self.hovered.emit()

    @property
    def landmark_under_cursor(self) -> int | None:
        return None if self._cursor is None else self.landmark_at(self._cursor)

    def _see_cursor(self, position: QPointF | None) -> None:
        self._cursor = position
        if self._loupe or self._gestures.box.editable is not None:
            self.update()

    # Events, handed on

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._gestures.press(event.position(), event.button(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Two quick clicks are two clicks, except that the second on a point that the first has
        # just chosen is a habit and not a placement.
        landmark = self.landmark_at(event.position())
        if landmark is None or self.marks is None or landmark != self.marks.asked:
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._see_cursor(event.position())
        self._gestures.move(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._gestures.release(event.position(), event.button())

    def leaveEvent(self, event: QEvent) -> None:
        self._see_cursor(None)
        self.hover(None)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._see_cursor(event.position())
        self.hover(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        landmark = None
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            landmark = self.landmark_at(QPointF(event.pos()))
        if landmark is not None:
            self.picked.emit(landmark)
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        again = event.isAutoRepeat() and not self._gestures.repeats(key)
        if again or not self._gestures.key_pressed(key, modifiers):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or not self._gestures.key_released(event.key()):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._gestures.release_keys()
