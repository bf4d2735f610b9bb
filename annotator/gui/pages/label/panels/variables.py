"""The global variables of the open object: how far it is turned, how wide its mouth is open."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.gui.style.themes import current
from landmark_annotator.annotator.session.posterior.global_variables import Reading

_GAP = 8.0
_LONGEST = ("mouth opening", "0.88 \N{PLUS-MINUS SIGN} 0.88")
"""Texts that the columns are as wide as."""


class VariablePanel(QFrame):
    """Hidden while there is nothing to read: no proposal, or a scheme without such variables."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Variables of the whole shape")
        self.setToolTip("What is believed of the whole object, and how sure it is")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(10, 6, 10, 2)
        self._rows.setSpacing(1)
        self.rows: list[_Row] = []
        self.hide()

    def show_readings(self, readings: Sequence[Reading]) -> None:
        while len(self.rows) < len(readings):
            row = _Row(self)
            self._rows.addWidget(row)
            self.rows.append(row)
        for row, reading in zip(self.rows, readings, strict=False):
            row.show_reading(reading)
        for row in self.rows[len(readings) :]:
            row.hide()
        self.setVisible(bool(readings))


class _Row(QWidget):
    """One variable: its name, what is believed of it as bars, its mean and spread."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.reading: Reading | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_reading(self, reading: Reading) -> None:
        self.reading = reading
        self.setAccessibleName(f"{reading.name} {reading_text(reading)}")
        self.show()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 6)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.reading is None:
            return
        theme, area = current(), QRectF(self.rect())
        wide = self.fontMetrics().horizontalAdvance
        with QPainter(self) as painter:
            painter.setPen(QColor(theme.quiet))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, self.reading.name)
            painter.setPen(QColor(theme.text))
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, reading_text(self.reading))
            left, right = wide(_LONGEST[0]) + _GAP, wide(_LONGEST[1]) + _GAP
            bars = QRectF(left, 3.0, max(area.width() - left - right, 0.0), area.height() - 6.0)
            _paint_bars(painter, bars, self.reading, QColor(theme.line))


def _paint_bars(painter: QPainter, area: QRectF, reading: Reading, ground: QColor) -> None:
    painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), ground)
    tallest, across = max(float(reading.shares.max()), 1e-9), area.width() / len(reading.shares)
    for number, share in enumerate(reading.shares.tolist()):
        if share > 0:
            tall = max(area.height() * share / tallest, 1.0)
            left = area.left() + number * across
            bar = QRectF(left, area.bottom() - tall, max(across - 0.6, 0.6), tall)
            painter.fillRect(bar, canvas_colours.INFERRED)


def reading_text(reading: Reading) -> str:
    """Mean and standard deviation, angles in whole degrees."""
    places = 0 if reading.unit else 2
    # Adding zero turns a rounded -0.0 into 0.0.
    mean = f"{round(reading.mean, places) + 0.0:.{places}f}".replace("-", "\N{MINUS SIGN}")
    return f"{mean}{reading.unit} \N{PLUS-MINUS SIGN} {reading.deviation:.{places}f}"
