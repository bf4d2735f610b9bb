"""The letters that are underlined in a window, each of which is to be of one thing there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QGroupBox, QLabel, QTabBar, QWidget


def letters(window: QWidget) -> Mapping[str, list[str]]:
    """Texts of what is seen now, by the keys that go to it."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in _texts(window):
        letter = QKeySequence.mnemonic(text).toString()
        if letter:
            found[letter].append(text)
    return found


def of_several(window: QWidget) -> list[list[str]]:
    """What shares its letter with something else: the key only goes from one to the other, and
    does neither."""
    return [texts for texts in letters(window).values() if len(texts) > 1]


def _texts(window: QWidget) -> Iterator[str]:
    for each in window.findChildren(QWidget):
        if each.window() is not window or not each.isVisible():
            continue
        named = isinstance(each, QLabel) and each.buddy() is not None
        if named or isinstance(each, QAbstractButton):
            yield each.text()
        elif isinstance(each, QGroupBox):
            yield each.title()
        elif isinstance(each, QTabBar):
            yield from (each.tabText(place) for place in range(each.count()))
