"""The pointer says to wait as long as a server is waited for, and only then."""

import threading

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from landmark_annotator.annotator.gui.services.wait_pointer import WaitPointer


def shape() -> Qt.CursorShape | None:
    cursor = QGuiApplication.overrideCursor()
    return None if cursor is None else cursor.shape()


def test_a_long_wait_changes_the_pointer_until_it_is_over(qtbot) -> None:
    pointer = WaitPointer()
    pointer(0.1)
    assert shape() is None
    for seconds in (0.7, 5.0):
        pointer(seconds)
        assert shape() is Qt.CursorShape.WaitCursor
    pointer(None)
    assert shape() is None
    pointer(None)


def test_the_wait_of_another_thread_is_none_of_the_windows(qtbot) -> None:
    pointer = WaitPointer()
    other = threading.Thread(target=pointer, args=(9.0,))
    other.start()
    other.join()
    assert shape() is None
