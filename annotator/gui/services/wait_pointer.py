"""The pointer that says to wait, while the window waits for the server of a shared project."""

import threading

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

_AFTER_SECONDS = 0.5
"""Shorter waits are none for a person; a pointer that flickers would be."""


class WaitPointer:
    """To be given to `tell_waits`. Waits of other threads hold no window up."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, seconds: float | None) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        if seconds is None:
            if self._shown:
                self._shown = False
                QGuiApplication.restoreOverrideCursor()
        elif seconds >= _AFTER_SECONDS and not self._shown:
            self._shown = True
            QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
