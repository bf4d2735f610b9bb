"""The scheme drawn on its picture: landmarks are placed on it, and lines drawn between them."""

import numpy as np
from PySide6.QtCore import QLineF, QMarginsF, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport, fitted, whole_image
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Backdrop
from landmark_annotator.annotator.gui.canvas.layers.signs import stroke
from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import smooth

_REACH = 11.0
"""Pixels from a landmark within which a click is on it."""
_DRAG = 5.0
_ZOOM_PER_NOTCH = 1.2
_RADIUS = 4.5
_NAMED = 24
"""Landmarks up to which all wear their names, as far as there is room."""
_UNIT = 100.0
"""Side of a picture without a photograph, in its own pixels."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class SchemePicture(QWidget):
    """Draws the draft and turns gestures into its steps. Several landmarks may be selected.

    A click beside all landmarks places the one that is selected and has no place, else the next
    one without a place, else a new one. A drag from one landmark to another draws the line
    between them or takes it away; with Shift a drag moves a landmark of the picture. The wheel
    zooms, and a drag beside all landmarks moves the picture.
    """

    picked = Signal(int, bool)
    """(landmark, whether those that are selected stay so) A landmark was clicked."""
    placed = Signal(int)
    """(landmark) It has a place now."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._backdrop = Backdrop()
        self._selected: tuple[int, ...] = ()
        self._from: int | None = None
        self._pressed: QPointF | None = None
        self._here = QPointF()
        self._moves = False
        self._frame: Viewport | None = None
        self._object: Floats | None = None
        """(N, 2) where landmarks were on the photograph when it came."""
        draft.changed.connect(self._look_again)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture of the scheme")
        self.setAccessibleDescription(
            "Click to place landmarks; drag from one to another for a line. Arrow keys move the "
            "selected landmark."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(300, 300)

    @override
    def sizeHint(self) -> QSize:
        return QSize(520, 480)

    @property
    def viewport(self) -> Viewport:
        """Kept while landmarks are placed, so that nothing moves under the hand."""
        if self._frame is None:
            self._frame = self._fitted()
        return self._frame

    def show_selected(self, landmarks: tuple[int, ...]) -> None:
        self._selected = landmarks
        self.update()

    def landmark_at(self, place: QPointF) -> int | None:
        screen = self.viewport.to_screen(self._draft.now.points)
        distances = np.hypot(*(screen - (place.x(), place.y())).T)
        if not np.isfinite(distances).any():
            return None
        nearest = int(np.nanargmin(distances))
        return nearest if distances[nearest] <= _REACH * letters(self) else None

    # Gestures

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self._here = event.position()
            self._from = self.landmark_at(event.position())
            self._moves = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        before, self._here = self._here, event.position()
        if self._pressed is not None and self._from is None:
            if QLineF(self._pressed, self._here).length() > _DRAG:
                step = self._here - before
                self._frame = self._in_sight(self.viewport.panned(step.x(), step.y()))
                self.update()
            return
        under = self.landmark_at(self._here)
        self.setCursor(
            Qt.CursorShape.CrossCursor if under is None else Qt.CursorShape.PointingHandCursor
        )
        self.setToolTip("" if under is None else self._draft.scheme.landmarks[under])
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, start, self._pressed, self._from = self._pressed, self._from, None, None
        if event.button() is not Qt.MouseButton.LeftButton or pressed is None:
            return
        here = event.position()
        end = self.landmark_at(here)
        dragged = QLineF(pressed, here).length() > _DRAG
        if start is None:
            if not dragged:
                self._place(self._image_point(here))
        elif not dragged:
            several = event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            )
            self.picked.emit(start, bool(several))
        elif self._moves:
            self._draft.place(start, self._image_point(here))
        elif end is not None and end != start:
            self._draft.switch_edge(start, end)
        self.update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        here, now = event.position(), self.viewport
        factor = _ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120)
        smallest = min(now.scale, self._whole().scale)
        self._frame = self._in_sight(now.zoomed(factor, (here.x(), here.y()), smallest))
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or len(self._selected) != 1:
            super().keyPressEvent(event)
            return
        (landmark,) = self._selected
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        place = self._draft.now.points[landmark]
        if not np.isfinite(place).all():
            middle = QPointF(self.width() / 2, self.height() / 2)
            place = np.array(self._image_point(middle))
        moved = place + far * np.array(step) / self.viewport.scale
        self._draft.place(landmark, (float(moved[0]), float(moved[1])))

    def _place(self, place: tuple[float, float]) -> None:
        draft, landmark = self._draft, None
        if draft.now.ground is not None:
            width, height = draft.now.ground.size
            if not (-0.5 <= place[0] <= width - 0.5 and -0.5 <= place[1] <= height - 0.5):
                return  # beside the photograph
        if len(self._selected) == 1 and np.isnan(draft.now.points[self._selected[0], 0]):
            (landmark,) = self._selected
        elif draft.next_landmark is not None:
            landmark = draft.next_landmark
        if landmark is None:
            landmark = draft.add(place)
        else:
            draft.place(landmark, place)
        self.placed.emit(landmark)

    def _image_point(self, place: QPointF) -> tuple[float, float]:
        x, y = self.viewport.to_image(np.array([place.x(), place.y()])).tolist()
        return x, y

    # How it looks

    def _look_again(self) -> None:
        if self._from is not None and self._from >= len(self._draft.scheme):
            self._pressed = self._from = None  # undone under the hand
        if self._draft.now.ground is not self._backdrop.pyramid:
            self._backdrop.pyramid = self._draft.now.ground
            points = self._draft.now.points
            known = points[np.isfinite(points[:, 0])]
            self._object = known if len(known) > 1 else None
            self._frame = None
        self.update()

    def _fitted(self) -> Viewport:
        """On the object that was there; its neighbours are near to each other on a photograph that
        shows much besides."""
        if self._draft.now.ground is not None and self._object is not None:
            return fitted(self._object, self._screen, margin=0.14)
        return self._whole()

    @property
    def _screen(self) -> tuple[int, int]:
        return max(self.width(), 1), max(self.height(), 1)

    def _in_sight(self, frame: Viewport) -> Viewport:
        ground = self._draft.now.ground
        return frame if ground is None else frame.kept_in_sight(ground.size, self._screen)

    def _whole(self) -> Viewport:
        size, ground = self._screen, self._draft.now.ground
        if ground is not None:
            return whole_image(ground.size, size)
        points = self._draft.now.points
        known = points[np.isfinite(points[:, 0])]
        if len(known) < 2:
            return fitted(np.array([[0.0, 0.0], [_UNIT, _UNIT]]), size)
        return fitted(known, size, margin=0.14)

    def refit(self) -> None:
        self._frame = None
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self.refit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now, scheme = self._draft.now, self._draft.scheme
        screen = self.viewport.to_screen(now.points)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), canvas_colours.SURROUND)
            self._backdrop.paint(painter, self.viewport, self.size(), self.devicePixelRatioF())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            lines = [
                QLineF(*screen[a], *screen[b])
                for a, b in scheme.edges
                if np.isfinite(screen[[a, b]]).all()
            ]
            if lines:
                stroke(painter, canvas_colours.EDGE, 1.4, lambda: painter.drawLines(lines))
            self._paint_curves(painter, screen)
            self._paint_heading(painter, screen)
            self._paint_pairs(painter, screen)
            own = dict(scheme.colours)
            for landmark in np.flatnonzero(np.isfinite(screen[:, 0])).tolist():
                colour = QColor(own.get(landmark, canvas_colours.INFERRED.name()))
                self._paint_landmark(painter, screen, landmark, colour)
            for landmark, plate in self.named().items():
                self._write(painter, plate, scheme.landmarks[landmark])
            if self._from is not None and self._pressed is not None:
                rubber = QLineF(QPointF(*screen[self._from]), self._here)
                if rubber.length() > _DRAG:
                    stroke(painter, canvas_colours.ASKED, 1.6, lambda: painter.drawLine(rubber))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(canvas_colours.ASKED, 1.0))
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_landmark(
        self, painter: QPainter, screen: np.ndarray, landmark: int, colour: QColor
    ) -> None:
        centre = QPointF(*screen[landmark])
        painter.setPen(QPen(canvas_colours.HALO, 2.0))
        painter.setBrush(colour)
        painter.drawEllipse(centre, _RADIUS, _RADIUS)
        if landmark in self._selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = 2 * _RADIUS
            stroke(
                painter, canvas_colours.ASKED, 2.0, lambda: painter.drawEllipse(centre, ring, ring)
            )

    def named(self) -> dict[int, QRectF]:
        """Which landmarks wear their names, and where: those that are selected or under the cursor,
        and of few the others, where a name covers no landmark and no other name."""
        screen = self.viewport.to_screen(self._draft.now.points)
        known = np.flatnonzero(np.isfinite(screen[:, 0])).tolist()
        under = self.landmark_at(self._here) if self.underMouse() else None
        first = [landmark for landmark in known if landmark in self._selected or landmark == under]
        others = known if len(self._draft.scheme) <= _NAMED else []
        room = QMarginsF(*[_RADIUS + 1] * 4)
        taken = [QRectF(QPointF(*screen[j]), QSizeF(0, 0)).marginsAdded(room) for j in known]
        plates: dict[int, QRectF] = {}
        for landmark in dict.fromkeys([*first, *others]):
            places = self._places(
                QPointF(*screen[landmark]), self._draft.scheme.landmarks[landmark]
            )
            covered = (*taken, *plates.values())
            free = (place for place in places if not any(map(place.intersects, covered)))
            plate = next(free, places[0] if landmark in first else None)
            if plate is not None:
                plates[landmark] = plate
        return plates

    def _places(self, centre: QPointF, name: str) -> list[QRectF]:
        """Where the name may stand, the best place first: beside its landmark, above it, below."""
        metrics = QFontMetricsF(self.font())
        width, height = metrics.horizontalAdvance(name) + 8, metrics.height() + 2
        aside = 2 * _RADIUS + 3
        level, middle = centre.y() - height / 2, centre.x() - width / 2
        corners = [
            (centre.x() + aside, level),
            (centre.x() - aside - width, level),
            (middle, centre.y() - aside - height),
            (middle, centre.y() + aside),
        ]
        whole = QRectF(self.rect())
        places = [QRectF(*corner, width, height) for corner in corners]
        return [place for place in places if whole.contains(place)] or places[:1]

    @staticmethod
    def _write(painter: QPainter, plate: QRectF, text: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(canvas_colours.LABEL_BACKGROUND)
        painter.drawRoundedRect(plate, 3, 3)
        painter.setPen(canvas_colours.LABEL_TEXT)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_curves(self, painter: QPainter, screen: np.ndarray) -> None:
        """As smooth as they are meant, over the lines."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = QPainterPath()
        for curve in self._draft.scheme.curves:
            corners = smooth(screen[list(curve.landmarks)], curve.closed)
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners.tolist()]))
        stroke(painter, canvas_colours.FILLED, 2.2, lambda: painter.drawPath(path))

    def _paint_pairs(self, painter: QPainter, screen: np.ndarray) -> None:
        """Of the selected landmarks, a dashed line to the partner."""
        for pair in self._draft.scheme.partners:
            if set(pair) & set(self._selected) and np.isfinite(screen[list(pair)]).all():
                pen = QPen(canvas_colours.FILLED, 1.4, Qt.PenStyle.DashLine)
                painter.setPen(pen)
                painter.drawLine(QPointF(*screen[pair[0]]), QPointF(*screen[pair[1]]))

    def _paint_heading(self, painter: QPainter, screen: np.ndarray) -> None:
        heading = self._draft.scheme.heading
        if heading is None or not np.isfinite(screen[list(heading)]).all():
            return
        arrow = QLineF(QPointF(*screen[heading[0]]), QPointF(*screen[heading[1]]))
        if arrow.length() < 4 * _RADIUS:
            return
        tip = arrow.pointAt(1 - 2 * _RADIUS / arrow.length())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        barbs = [
            QLineF.fromPolar(3 * _RADIUS, arrow.angle() + turn).translated(tip)
            for turn in (150, -150)
        ]
        stroke(painter, canvas_colours.IMPORTED, 1.6, lambda: painter.drawLines(barbs))

    def screen_place(self, landmark: int) -> QPoint:
        """Where it is on the widget."""
        x, y = self.viewport.to_screen(self._draft.now.points[landmark]).tolist()
        return QPoint(round(x), round(y))
