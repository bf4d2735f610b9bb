"""A video under its frame: a lane for each track, marks where something is labelled, proposed or
flagged, and the frame that is shown. It knows frames and lanes, and nothing of a project."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.label.panels.lanes import FLAGGED, Lane
from landmark_annotator.annotator.gui.pages.label.panels.timeline_sizes import TimelineSizes
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_TICKS = (1, 2, 5)
_ZOOM, _FEWEST = 1.25, 30
"""Of a notch of the wheel; and the frames that are in sight at least."""
_NEAR = 6
"""Pixels from the frame that is shown within which a menu is about that frame."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Of the open track, (T,) each: its frames, how unsure they are, and how far landmarks leap
    there, both in percent of the object's side. suggested: the frames that are worth a label."""

    frames: Sequence[int]
    uncertainty: Floats
    jumps: Floats
    suggested: Sequence[int] = ()


_OPEN = QColor(62, 64, 70)
"""Behind the lane of the open object."""
_HEIGHTS = {"proposed": 0.4, "started": 0.7, "accepted": 1.0}
"""Of a lane, and so the same is said without colours."""
_NONE: Ints = np.empty(0, dtype=np.int64)


class Timeline(QWidget):
    scrubbed = Signal(int)
    """(frame) The hand is over this frame, with the button down."""
    settled = Signal(int)
    """(frame) There the button was released."""
    menu_wanted = Signal(object, int, QPoint)
    """(track id or None, frame, place on the screen)"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 1
        self._seconds: Floats | None = None
        self._first, self._span = 0.0, 1.0
        """The first frame in sight and how many there are, after the wheel has zoomed."""
        self._lanes: Sequence[Lane] = ()
        self._open: int | None = None
        self.curves: Curves | None = None
        self.frame = 0
        """The one that is shown."""
        self.range: tuple[int, int] | None = None
        """Frames that a drag with Shift has marked, both among them."""
        self._anchor: int | None = None
        self._scrubs = False
        """Whether the button went down on the frames, and not beside them on the names."""
        self._drawn: QPixmap | None = None
        self._sizes = TimelineSizes(letters(self), 0, self.width())
        Restyling(self).done.connect(self._measure)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Timeline of the video")

    def show_video(self, count: int, seconds: Floats | None) -> None:
        """count: of its frames. seconds: (count,) when each is shown, None where nobody knows."""
        self._count, self._seconds = max(count, 1), seconds
        self._first, self._span = 0.0, float(self._count)
        self._draw_anew()

    def show_lanes(self, lanes: Sequence[Lane]) -> None:
        self._lanes = lanes
        self._measure()

    def show_open(self, track_id: int | None) -> None:
        """Which lane is that of the open object; None: that of no track."""
        if track_id != self._open:
            self._open = track_id
            self.updateGeometry()
            self._draw_anew()

    def show_curves(self, curves: Curves | None) -> None:
        """Of all frames of the open track; None: of none."""
        if self.curves is None and curves is None:
            return
        self.curves = curves
        self.updateGeometry()
        self._draw_anew()

    def show_frame(self, frame: int) -> None:
        """In sight, wherever the wheel has led."""
        self.frame = frame
        if not self._first <= frame <= self._first + self._span - 1:
            self._look_at(frame + 0.5 - self._span / 2, self._span)
        self.update()

    def mark(self, chosen: tuple[int, int] | None) -> None:
        """chosen: the frames that are marked, both among them; one alone or None: none is."""
        self.range = None if chosen is None or chosen[0] == chosen[1] else chosen
        self.update()

    # Places

    @property
    def lanes(self) -> Sequence[Lane]:
        return self._lanes

    @property
    def lane_height(self) -> int:
        return self._sizes.lane

    def x_of(self, frame: int) -> float:
        """The middle of the frame on the screen."""
        return self._sizes.names + (frame + 0.5 - self._first) * self._sizes.room / self._span

    def frame_at(self, x: float) -> int:
        at = int(self._first + (x - self._sizes.names) * self._span / self._sizes.room)
        return min(max(at, 0), self._count - 1)

    def pointed_at(self, place: QPointF) -> int:
        """Where many frames lie in one pixel the one whose mark is seen at the hand, in the lane
        under it before others."""
        lanes = [*filter(None, [self.lane_at(place.y())]), *self._lanes]
        frames = [lane.frames for lane in lanes]
        marked = self._sizes.marked_at(place.x(), self._first, self._span, frames)
        return self.frame_at(place.x()) if marked is None else marked

    def meant_at(self, x: float) -> int:
        """The frame that is shown, where the hand is beside it or on the names of the lanes."""
        beside = x < self._sizes.names or abs(x - self.x_of(self.frame)) <= _NEAR
        return self.frame if beside else self.frame_at(x)

    def _look_at(self, first: float, span: float) -> None:
        """These frames are in sight, as far as there are so many."""
        self._span = min(max(span, float(min(_FEWEST, self._count))), float(self._count))
        self._first = min(max(first, 0.0), self._count - self._span)
        self._draw_anew()

    def lane_at(self, y: float) -> Lane | None:
        number = int((y - self._sizes.ruler) // self._sizes.lane)
        return self._lanes[number] if 0 <= number < len(self._lanes) else None

    def _measure(self) -> None:
        """After anything has changed that sizes go by."""
        high = self.sizeHint().height()
        self._sizes = TimelineSizes(letters(self), len(self._lanes), self.width())
        if self.sizeHint().height() != high:
            self.updateGeometry()
        self._draw_anew()

    @override
    def sizeHint(self) -> QSize:
        # Curves come seconds after their track is opened: the picture is not to move then, under
        # the hand.
        tracked = self.curves is not None or self._open is not None
        curves = self._sizes.curves if tracked else 0
        return QSize(400, self._sizes.lanes_end + curves + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    # Painting: the lanes once, the frame that is shown each time

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawn is None:
            self._drawn = self._draw()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._drawn)
            painter.setClipRect(self._sizes.names - 5, 0, self.width(), self.height())
            if self.range is not None:
                first, last = map(self.x_of, self.range)
                marked = QRectF(first, 0, max(last - first, 2.0), self.height())
                painter.fillRect(marked, canvas_colours.BAND)
            x = self.x_of(self.frame)
            painter.setPen(canvas_colours.ASKED)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            painter.setBrush(canvas_colours.ASKED)
            knob = [QPointF(x - 5, 0), QPointF(x + 5, 0), QPointF(x, 7)]
            painter.drawPolygon(QPolygonF(knob))

    def _draw_anew(self) -> None:
        self._drawn = None
        self.update()

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(canvas_colours.SURROUND)
        with QPainter(drawn) as painter:
            self._draw_ruler(painter)
            for number, lane in enumerate(self._lanes):
                self._draw_lane(painter, lane, self._sizes.ruler + number * self.lane_height)
            if self.curves is not None:
                self._draw_curves(painter, self.curves)
        return drawn

    def _write(self, painter: QPainter, name: str, letters: int, middle: int) -> None:
        """At the left, as much of it as there is room for. letters, middle: in pixels."""
        painter.setPen(canvas_colours.LABEL_TEXT)
        font = self.font()
        font.setPixelSize(letters)
        painter.setFont(font)
        wide = self._sizes.names - 8
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(4, middle + round(letters * 0.36), name)

    def _clip(self, painter: QPainter) -> None:
        """Nothing of frames that are out of sight is drawn over the names."""
        painter.setClipRect(self._sizes.names, 0, self.width(), self.height())

    def _draw_curves(self, painter: QPainter, curves: Curves) -> None:
        """How unsure the frames are as a line, and leaps as ticks from below; one that is far
        beyond the others ends in a bar, as the room does."""
        sizes = self._sizes
        bottom = sizes.lanes_end + sizes.curves
        self._write(painter, "unsure, leaps", sizes.small_letters, bottom - sizes.curves // 2)
        painter.save()
        self._clip(painter)
        painter.setPen(canvas_colours.IMPORTED)
        most = sizes.tallest_leap(curves.jumps)
        heights = sizes.heights(curves.jumps, most)
        for frame, leap, high in zip(curves.frames, curves.jumps, heights, strict=True):
            x = self.x_of(frame)
            if high >= 1:
                painter.drawLine(QPointF(x, bottom), QPointF(x, bottom - high))
            if leap > most:
                painter.drawLine(QPointF(x - 3, bottom - high), QPointF(x + 3, bottom - high))
        painter.setPen(canvas_colours.ASKED)
        line = [
            QPointF(self.x_of(frame), bottom - high)
            for frame, high in zip(curves.frames, sizes.heights(curves.uncertainty), strict=True)
        ]
        painter.drawPolyline(QPolygonF(line))
        painter.setBrush(canvas_colours.ASKED)
        for frame in curves.suggested:
            x = self.x_of(frame)
            corners = (x - 3, 3), (x, 0), (x + 3, 3), (x, 6)
            painter.drawPolygon(
                QPolygonF([QPointF(at, sizes.lanes_end + down) for at, down in corners])
            )
        painter.restore()

    def _draw_ruler(self, painter: QPainter) -> None:
        painter.setPen(canvas_colours.OTHER)
        step, ruler = self._step(), self._sizes.ruler
        begin = -(-int(self._first) // step) * step
        for frame in range(begin, min(int(self._first + self._span) + 1, self._count), step):
            x = round(self.x_of(frame))
            painter.drawLine(x, ruler - 5, x, ruler - 1)
            number = str(frame)
            if x + 3 + painter.fontMetrics().horizontalAdvance(number) <= self.width():
                painter.drawText(x + 3, ruler - 5, number)

    def _step(self) -> int:
        """Frames between the numbers of the ruler: 1, 2 or 5 times a power of ten."""
        least = self._sizes.apart * self._span / self._sizes.room
        power = 1
        while True:
            for tick in _TICKS:
                if tick * power >= least:
                    return tick * power
            power *= 10

    def _draw_lane(self, painter: QPainter, lane: Lane, top: int) -> None:
        high = self.lane_height
        if lane.track_id == self._open:
            painter.fillRect(0, top, self.width(), high - 1, _OPEN)
            painter.fillRect(0, top, 2, high - 1, canvas_colours.ASKED)
        painter.setPen(QColor(60, 60, 62))
        painter.drawLine(self._sizes.names, top + high - 1, self.width(), top + high - 1)
        if self._sizes.lane_letters:
            self._write(painter, lane.name, self._sizes.lane_letters, top + high // 2)
        for kind, colour in (
            ("proposed", canvas_colours.INFERRED),
            ("started", canvas_colours.IMPORTED),
            ("accepted", canvas_colours.PLACED),
        ):
            frames = lane.by_kind.get(kind, _NONE)
            self._draw_marks(painter, frames, colour, top, round(high * _HEIGHTS[kind]))
        flagged = lane.by_kind[FLAGGED]
        self._draw_marks(painter, flagged, canvas_colours.ASKED, top, max(high // 4, 2), above=True)

    def _draw_marks(
        self,
        painter: QPainter,
        frames: Ints,
        colour: QColor,
        top: int,
        high: int,
        *,
        above: bool = False,
    ) -> None:
        """Of many frames in one pixel one mark is drawn. above: at the upper edge of the lane."""
        if len(frames):
            frames = frames[(frames >= int(self._first)) & (frames < self._first + self._span)]
        if not len(frames):
            return
        scale = self._sizes.room / self._span
        wide = max(round(scale) - 1, 1)
        names = self._sizes.names
        columns = np.unique(np.floor(names + (frames - self._first) * scale).astype(int))
        columns = np.maximum(columns, names)
        y = top if above else top + self.lane_height - 1 - high
        for column in columns.tolist():
            painter.fillRect(column, y, wide, high, colour)

    # Hands

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        frame = self.pointed_at(event.position())
        self._anchor, self._scrubs = None, event.position().x() >= self._sizes.names
        if not self._scrubs:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = frame
            self._mark(frame)
        else:
            self.scrubbed.emit(frame)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame = self.pointed_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            if self._anchor is not None:
                self._mark(frame)
            elif self._scrubs:
                self.scrubbed.emit(frame)
            return
        lane = self.lane_at(event.position().y())
        at = "" if self._seconds is None else f", {self._seconds[frame]:.2f} s"
        said = [] if event.position().x() < self._sizes.names else [f"Frame {frame:,}{at}"]
        said += [] if lane is None else [lane.name]
        QToolTip.showText(event.globalPosition().toPoint(), "\n".join(said), self)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._anchor is None and self._scrubs:
            self.settled.emit(self.pointed_at(event.position()))

    def _mark(self, frame: int) -> None:
        """From where the drag began; a click without a drag marks none."""
        assert self._anchor is not None
        first, last = sorted((self._anchor, frame))
        self.mark((first, last))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms at the cursor; with Shift, or to the side, it goes through what is in sight."""
        steps = event.angleDelta()
        notches = (steps.y() or steps.x()) / 120
        if steps.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._look_at(self._first - notches * self._span / 8, self._span)
        else:
            x = event.position().x() - self._sizes.names
            under = self._first + x * self._span / self._sizes.room
            if self.meant_at(event.position().x()) == self.frame:
                x, under = self.x_of(self.frame) - self._sizes.names, self.frame + 0.5
            span = self._span / _ZOOM**notches
            span = min(max(span, float(min(_FEWEST, self._count))), float(self._count))
            self._look_at(under - x * span / self._sizes.room, span)
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        lane = self.lane_at(event.pos().y())
        track_id = None if lane is None else lane.track_id
        self.menu_wanted.emit(track_id, self.meant_at(event.pos().x()), event.globalPos())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
