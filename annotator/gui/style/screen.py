"""How large a window may be, and where, on the screens that there are now."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyle, QWidget

_SHARE = 0.9
"""Of a large screen, where a window is to use what there is."""


def resize_within(window: QWidget, wanted: QSize) -> None:
    """As wanted, or as large as its screen has room for."""
    window.resize(wanted.boundedTo(_room(window)))


def place_first(window: QWidget, smallest: QSize) -> None:
    """Of a good size for its screen: most of it, and at least the smallest where that fits."""
    room = _room(window)
    window.resize((room * _SHARE).expandedTo(smallest).boundedTo(room))
    # It is moved by its title, whose height Qt does not know before it is shown.
    whole = QRect(QPoint(), window.size() + QSize(0, _title(window)))
    window.move(window.screen().availableGeometry().center() - whole.center())


def place_again(window: QWidget, remembered: Sequence[int]) -> bool:
    """Where `place_of` said that it was, no larger than the screens have room for by now; False
    where that is on none of them."""
    if len(remembered) != 5:
        return False
    *rectangle, maximised = remembered
    wanted = QRect(*rectangle)
    # By the middle of its upper edge a window can be taken and moved.
    held = QPoint(wanted.center().x(), wanted.top())
    if wanted.isEmpty() or not any(
        screen.availableGeometry().contains(held) for screen in QGuiApplication.screens()
    ):
        return False
    window.setGeometry(_made_to_fit(window, wanted))
    if maximised:
        window.showMaximized()
    return True


def place_of(window: QWidget) -> list[int]:
    """x, y, width and height as it is while not maximised, and 1 where it is maximised."""
    usual = window.normalGeometry()
    maximised = window.isMaximized() or window.isFullScreen()
    return [usual.x(), usual.y(), usual.width(), usual.height(), int(maximised)]


def _made_to_fit(window: QWidget, wanted: QRect) -> QRect:
    """The same where the screens have room for it, wherever on them it lies: a window may be half
    outside. What is larger would have its last lines where nobody sees them."""
    everything = window.screen().availableVirtualGeometry()
    size = wanted.size().boundedTo(everything.size() - QSize(0, _title(window)))
    if size == wanted.size():
        return wanted
    fitting = QRect(wanted.topLeft(), size)
    fitting.moveRight(min(fitting.right(), everything.right()))
    fitting.moveBottom(min(fitting.bottom(), everything.bottom()))
    return fitting


def _room(window: QWidget) -> QSize:
    """Of its screen, less a title."""
    return window.screen().availableSize() - QSize(0, _title(window))


def _title(window: QWidget) -> int:
    return window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
