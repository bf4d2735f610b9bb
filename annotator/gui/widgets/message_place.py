"""Where a message lies: over the lower edge of what is seen, so that nothing moves, or over the
upper one where it would hide what hands are about."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.style.themes import letters
from landmark_annotator.annotator.gui.widgets.banner import Banner

_WIDEST = 760
"""Pixels in usual letters: longer lines are hard to read."""

_MARGIN = 10

_NEW_MESSAGE = (QEvent.Type.Show, QEvent.Type.LayoutRequest)


class MessagePlace(QObject):
    """Follows the area that the message lies over, its size, and the text of the message, which Esc
    closes where nobody else has a use for it."""

    def __init__(
        self, banner: Banner, within: QWidget, in_use: Callable[[], QRectF] = QRectF
    ) -> None:
        """within: what holds every area, and now the message as well. in_use: what hands are about,
        in the area that is followed."""
        super().__init__(within)
        self._banner, self._within, self._in_use = banner, within, in_use
        self._area: QWidget | None = None
        self._above = False
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.timeout.connect(self._place)
        banner.setParent(within)
        banner.installEventFilter(self)
        within.installEventFilter(self)

    def follow(self, area: QWidget) -> None:
        """From now on the message lies over this one."""
        self._area = area
        # Once only: Qt leaves out a filter that is there already.
        area.installEventFilter(self)
        self._place()

    def look_again(self) -> None:
        """Once what is in use has been painted."""
        if not self._banner.isHidden():
            self._placing.start()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._banner and event.type() is QEvent.Type.Show:
            self._above = False
        if watched is self._within and self._closes(event):
            self._banner.hide()
            return True
        if watched is self._banner:
            moving = event.type() in _NEW_MESSAGE
        else:
            moving = event.type() is QEvent.Type.Resize
        if moving:
            self._place()
        return False

    def _closes(self, event: QEvent) -> bool:
        """It has come up from what has the focus, which had no use for it."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        pressed = event.key() == Qt.Key.Key_Escape and not event.isAutoRepeat()
        return pressed and not self._banner.isHidden()

    def _place(self) -> None:
        if self._banner.isHidden() or self._area is None:
            return
        area, used = self._area, self._in_use().toRect()
        left, wide = area.mapTo(self._within, QPoint(0, 0)), area.width() - 2 * _MARGIN
        wide = max(min(wide, round(_WIDEST * letters(self._banner))), 0)
        high = self._banner.heightForWidth(wide)
        x, below = (area.width() - wide) // 2, area.height() - high - _MARGIN
        ways = [QRect(x, y, wide, high) for y in (below, _MARGIN)]
        # It stays where it is unless only the other edge is free.
        if ways[self._above].intersects(used) and not ways[not self._above].intersects(used):
            self._above = not self._above
        there = ways[self._above].translated(left)
        if self._banner.geometry() != there:
            self._banner.setGeometry(there)
        self._banner.raise_()
