"""A line round what has the keyboard, for whoever goes through the window without a mouse.

What the style draws there itself is a shade darker than what lies beside it, on some parts of a
window nothing at all; and a dialog's usual button wears the same without having the keyboard.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFocusFrame,
    QLineEdit,
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid
from typing_extensions import override

from landmark_annotator.annotator.gui.style import themes

_RINGED = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
"""Lists and tables have a line of their own, for which there is no room around them."""
_WIDTH = 2


class _Above(QProxyStyle):
    """Else frames lie under what they surround, and are cut off where it fills its parent."""

    @override
    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1
        return super().styleHint(hint, option, widget, returnData)


class _Ring(QFocusFrame):
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(themes.current().mark), _WIDTH))
            half = _WIDTH / 2
            painter.drawRoundedRect(self.rect().toRectF().adjusted(half, half, -half, -half), 3, 3)


class FocusRing(QObject):
    """Follows the keyboard through all windows; where the mouse has brought it, nothing is drawn.

    There is one in an application, which `of` makes.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: _Ring | None = None
        self._above = _Above("fusion")
        self._above.setParent(self)
        app.focusChanged.connect(self._follow)

    @classmethod
    def of(cls, app: QApplication) -> "FocusRing":
        return app.findChild(cls) or cls(app)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        last, self._ring = self._ring, None
        if last is not None and isValid(last):  # it goes with the window that it is in
            last.setWidget(None)  # type: ignore[arg-type]
            last.deleteLater()
        if isinstance(now, _RINGED) and not QApplication.mouseButtons():
            self._ring = _Ring(now.parentWidget())
            self._ring.setStyle(self._above)
            self._ring.setWidget(now)
