"""Lines of text that give way to their neighbours."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy
from typing_extensions import override

_LEAST = 6
"""Letters of the end of a name that stay, such as the number of a frame."""


class ElidedLabel(QLabel):
    """What does not fit is in the tool tip."""

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._full, self._name, self._mode = "", "", mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.show_text(text)

    def show_text(self, text: str, name: str = "") -> None:
        """name: of what it is, written after it; its end stays, which tells it from others."""
        self._full, self._name = text, name
        self.setToolTip(text + name)
        self._elide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room, metrics = max(self.contentsRect().width() - 2, 0), self.fontMetrics()
        end = metrics.horizontalAdvance("\N{HORIZONTAL ELLIPSIS}" + self._name[-_LEAST:])
        least = min(metrics.horizontalAdvance(self._name), end)
        text = metrics.elidedText(self._full, self._mode, max(room - least, 0))
        left = max(room - metrics.horizontalAdvance(text), 0)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideLeft, left)
        both = text != self._full and name != self._name
        self.setText(f"{text}{name[1:] if both else name}")


class ShorteningLabel(QLabel):
    """As wide as its text where there is room, and no wider than there is: however long it gets,
    it makes no window wider. `text` is all of it; what does not fit is in the tool tip."""

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter,
                room,
                self.alignment(),
                self.palette(),
                self.isEnabled(),
                shown,
                self.foregroundRole(),
            )
