"""The canvas: the widget that paints a scene and hands mouse and keys to the tools.

It decides nothing: what a gesture means for the labels is the controller's business.
"""

from collections.abc import Sequence

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
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers import landmarks as landmarks_module
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Backdrop, Pyramid
from landmark_annotator.annotator.gui.canvas.layers.box_handles import paint_handles
from landmark_annotator.annotator.gui.canvas.layers.crosses import NAME, paint_crosses
from landmark_annotator.annotator.gui.canvas.layers.cursor_names import (
    CursorName,
    after_placing,
    cursor_names,
    paint_cursor_names,
    while_held,
)
from landmark_annotator.annotator.gui.canvas.layers.heat_map import heat_image, paint_heat
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks, OtherObject
from landmark_annotator.annotator.gui.canvas.layers.loupe import RADIUS, paint_loupe
from landmark_annotator.annotator.gui.canvas.layers.mask import MaskLayer
from landmark_annotator.annotator.gui.canvas.layers.tone import Tone
from landmark_annotator.annotator.gui.canvas.layers.words_in_place import WordsInPlace
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.canvas.tools.gestures import Gestures
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.session.posterior.landmark_density import Heat
from landmark_annotator.projects.vocabulary import ActionableError

_ZOOM_PER_NOTCH = 1.2


class Canvas(QWidget):
    """`scene` is what it shows, `gestures` what hands mean."""

    painted = Signal()
    """The photograph has been painted, with what is on it."""
    menu_wanted = Signal(QPoint)
    """A menu of what can be said of the landmark at this place; a place on the whole screen."""
    closeup_wanted = Signal(int)
    """A landmark was double-clicked."""
    misplaced = Signal(int)
    """The first of the two clicks has placed that landmark, which nobody meant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene(self._extent, self)
        self.scene.changed.connect(self.update)
        self.gestures = Gestures(self.scene)
        self.gestures.cursor_changed.connect(self.setCursor)
        self.setCursor(self.gestures.cursor)
        self._backdrop = Backdrop()
        self.masks = MaskLayer()
        self._every_ellipse = True
        self._heat: tuple[Heat, QImage] | None = None
        self._picture: QPixmap | None = None
        self._loupe = False
        self._pressed: int | None = None
        """The landmark that was under the cursor when the button was pressed last."""
        self._placed: int | None = None
        """The one that was placed since."""
        self.gestures.dropped.connect(self._remember_placed)
        self._hint = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # With the panels on both sides it fits a laptop's screen that shows all twice as large.
        self.setMinimumSize(250, 200)
        self.setAccessibleName("Image with landmarks")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.failure = WordsInPlace(self)

    # What is shown

    def show_image(self, pyramid: Pyramid | None) -> None:
        """Another photograph, or None while it is being loaded."""
        self._backdrop.pyramid = pyramid
        self.failure.hide()
        self.gestures.forget()
        self.scene.show_image(None if pyramid is None else pyramid.size)

    def show_failure(self, error: ActionableError) -> None:
        self._backdrop.pyramid = self.scene.image_size = None
        parts = (error.happened, error.kept, error.remedy)
        self.failure.say("\n\n".join(part for part in parts if part))
        self.gestures.forget()
        self.update()

    def show_waiting(self, text: str) -> None:
        """In place of a photograph that is still being read; until `show_image`."""
        self.failure.say(text)

    def show_marks(self, marks: Marks | None) -> None:
        """The landmarks as they are now.

        One that gets under a resting cursor, as what was just placed does, is not named: names
        answer to the hand.
        """
        before = self.scene.marks
        self.scene.show_marks(marks)
        if before is not None and before.hovered is not None:
            self.scene.hover(self.scene.cursor)

    def show_others(self, others: Sequence[OtherObject]) -> None:
        """The objects of the image that are not open."""
        self.scene.show_others(others)

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

    @property
    def asked_plate(self) -> QRectF:
        """The name of the landmark that is asked for; empty where it has no place."""
        marks = self.scene.marks
        if marks is None or marks.asked is None or not np.isfinite(marks.points[marks.asked, 0]):
            return QRectF()
        points, name = (
            self.scene.viewport.to_screen(marks.points),
            marks.scheme.landmarks[marks.asked],
        )
        size = float(self.width()), float(self.height())
        return landmarks_module.asked_plate(points, marks.asked, name, size, self.font())

    @property
    def asked_area(self) -> QRectF:
        """The landmark that is asked for, its ring and its name; empty where it has no place."""
        plate, marks, ring = self.asked_plate, self.scene.marks, canvas_colours.ASKED_RADIUS
        if plate.isEmpty() or marks is None:
            return plate
        x, y = self.scene.viewport.to_screen(marks.points[marks.asked]).tolist()
        return plate.united(QRectF(x - ring, y - ring, 2 * ring, 2 * ring))

    def ask_for_box(self, wanted: bool) -> None:
        """Whether the next drag draws a box."""
        self.gestures.box.ask(wanted)

    def settle(self) -> None:
        """What is only held, of the box, of landmarks or of a stroke, is stored now."""
        self.gestures.settle()
        self.gestures.masks.settle()

    # The view

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """The image point under `at` (by default the cursor) stays there."""
        if at is None:
            at = QPointF(self.mapFromGlobal(QCursor.pos()))
            if not QRectF(self.rect()).contains(at):
                at = QRectF(self.rect()).center()
        self.scene.zoom(factor, at)

    def _extent(self) -> tuple[int, int]:
        return max(self.width(), 1), max(self.height(), 1)

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self.scene
        # The painter ends with the block even where painting fails, or Qt would crash on it.
        with QPainter(self) as painter:
            self._backdrop.paint(painter, scene.viewport, self.size(), self.devicePixelRatioF())
            if self._backdrop.pyramid is not None and not scene.marks_hidden:
                if scene.image_size is not None:
                    self.masks.paint(painter, scene.viewport, scene.image_size, self.size())
                if self._heat is not None:
                    heat, image = self._heat
                    paint_heat(painter, image, heat, scene.viewport)
                if scene.marks is not None:
                    for other in scene.others:
                        landmarks_module.paint_other(
                            painter,
                            scene.marks.scheme,
                            other,
                            scene.viewport,
                            self.font(),
                        )
                    size = float(self.width()), float(self.height())
                    landmarks_module.paint(
                        painter,
                        scene.marks,
                        scene.viewport,
                        size,
                        self.font(),
                        named=not self.gestures.holding,
                        every_ellipse=self._every_ellipse,
                    )
                self._paint_box(painter)
                self._paint_crosses(painter)
                if self.gestures.draws:
                    self.gestures.masks.paint(painter)
                if self.gestures.band is not None:
                    landmarks_module.paint_band(painter, *self.gestures.band)
                if self._picture is not None:
                    width, asked = self.width(), self.asked_area
                    landmarks_module.paint_corner(painter, self._picture, width, asked)
                if hint := self.gestures.told_of_masks or self._hint:
                    width, font = self.width(), self.font()
                    landmarks_module.paint_hint(painter, hint, width, font, self._picture)
            cursor = scene.cursor
            if self._loupe and cursor is not None and self._backdrop.pyramid is not None:
                marks = None if scene.marks_hidden else scene.marks
                ratio, font = self.devicePixelRatioF(), self.font()
                paint_loupe(painter, self._backdrop, marks, scene.viewport, cursor, ratio, font)
            if cursor is not None and (names := self.cursor_names):
                beside = RADIUS if self._loupe else 0.0
                size = float(self.width()), float(self.height())
                taken = self.asked_plate
                paint_cursor_names(painter, names, cursor, size, self.font(), beside, taken)

        if self._backdrop.pyramid is not None:
            self.painted.emit()

    def _paint_crosses(self, painter: QPainter) -> None:
        scene, size = self.scene, (float(self.width()), float(self.height()))
        under = None if scene.cursor is None else scene.found_at(scene.cursor)
        paint_crosses(painter, scene.crosses, scene.viewport, size, under)

    def _paint_box(self, painter: QPainter) -> None:
        """The one that is being drawn, or changed by its handles."""
        tool = self.gestures.box
        box = tool.between() or tool.editable
        if box is not None:
            landmarks_module.paint_box(painter, box, self.scene.viewport, drawn=True)
        if tool.editable is not None:
            cursor = self.scene.cursor
            under = None if cursor is None else tool.handle_under(cursor)
            paint_handles(painter, tool.editable, self.scene.viewport, under)

    @override
    def sizeHint(self) -> QSize:
        return QSize(900, 800)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.failure.fit()
        self.scene.refit()

    # What is under the cursor

    @property
    def cursor_names(self) -> Sequence[CursorName]:
        """What stands beside the cursor: whom a click there places, and whom keys act on; or that
        it throws an object out or opens it; while a landmark is moved, what its place means."""
        marks, cursor = self.scene.marks, self.scene.cursor
        if self.gestures.busy:
            return () if marks is None else while_held(self.gestures.held, marks)
        if cursor is not None and self.scene.found_at(cursor) is not None:
            return (CursorName(NAME, False),)
        if cursor is not None and (other := self.scene.other_at(cursor)) is not None:
            return (CursorName(f"open object {other.number}", False),)
        if marks is None:
            return ()
        exact = self.gestures.exact
        aim = self.scene.exact_aim if exact else self.scene.aim
        names = cursor_names(aim, marks, resting=self.scene.resting, exact=exact)
        return after_placing(names, self.scene.placed_here, marks)

    # Events, handed on

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.WindowBlocked, QEvent.Type.Hide):
            self.gestures.release_unseen()
        return super().event(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        factor = _ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.gestures.masks.resizes:
            self.gestures.masks.resize(factor)
        else:
            self.zoom(factor, event.position())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._placed = self.scene.landmark_at(event.position()), None
        self.scene.see_cursor(event.position())
        self.gestures.press(event.position(), event.button(), event.modifiers())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Two quick clicks on the same point look at it closely. One that the first click has put
        # there was no such point, and the second click is a habit.
        landmark, before = self.scene.landmark_at(event.position()), self._pressed
        left = event.button() == Qt.MouseButton.LeftButton
        if self.gestures.draws:
            if not self.gestures.masks.close_polygon():
                self.mousePressEvent(event)
        elif left and landmark is not None and landmark == before and not self.gestures.box.wanted:
            if self._placed == landmark:
                self.misplaced.emit(landmark)
            self.closeup_wanted.emit(landmark)
        elif not self.gestures.again(event.position()):
            self.mousePressEvent(event)

    def _remember_placed(self, landmark: int, _x: float, _y: float) -> None:
        self._placed = self.scene.just_placed = landmark

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.scene.see_cursor(event.position())
        self.gestures.move(event.position(), event.modifiers())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.gestures.release(event.position(), event.button(), event.modifiers())

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.scene.see_cursor(None)
        self.scene.hover(None)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self.scene.see_cursor(event.position())
        self.scene.hover(event.position())

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # Above a menu nobody would see that the left button is let go.
        if self.gestures.draws or self.gestures.busy:
            return
        landmark = None
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            landmark = self.scene.landmark_at(QPointF(event.pos()))
        if landmark is not None:
            self.gestures.pick(landmark)
        # What the menu says is said of the landmark that is asked for now.
        self.scene.rest()
        self.menu_wanted.emit(event.globalPos())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        again = event.isAutoRepeat() and not self.gestures.repeats(key)
        if key == Qt.Key.Key_Shift:
            self.gestures.hold_exactly(True)
        if again or not self.gestures.key_pressed(key, modifiers):
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Shift:
            self.gestures.hold_exactly(False)
        if event.isAutoRepeat() or not self.gestures.key_released(event.key()):
            super().keyReleaseEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.gestures.release_keys()
