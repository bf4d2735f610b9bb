"""Tells when the theme or the size of letters has changed, to what paints in them by itself."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

_OF_STYLE = (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange)


class Restyling(QObject):
    """Watches one widget."""

    done = Signal()
    """Once, after all the events that one change of theme or letters comes as."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._last = QTimer(self)
        self._last.setSingleShot(True)
        self._last.setInterval(0)
        self._last.timeout.connect(self.done)
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _OF_STYLE:
            self._last.start()
        return False
