"""Work of the window's own thread, one thing a turn: together it would hold up a key or a click."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_PAUSE_MS = 4
"""Between two of them, so that what one changed is painted in a turn of its own."""


def once(late: Callable[[], object], parent: QObject) -> QTimer:
    """A timer that, whenever it is begun, calls this one time."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(late)
    return timer


class Turns(QObject):
    """Does things in order, each in a turn of the event loop of its own."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left: list[Callable[[], object]] = []
        self._next = once(self._do_one, self)
        self._next.setInterval(_PAUSE_MS)

    @property
    def pending(self) -> bool:
        return bool(self._left)

    def begin(self, *steps: Callable[[], object]) -> None:
        """In place of what is left of earlier ones."""
        self._left = [*steps]
        self._next.start()

    def also(self, step: Callable[[], object]) -> None:
        """After what is left."""
        self._left.append(step)
        self._next.start()

    def stop(self) -> None:
        """What is left is not done any more."""
        self._left.clear()
        self._next.stop()

    def _do_one(self) -> None:
        if not self._left:
            return
        step = self._left[0]
        try:
            step()
        finally:
            # Still pending while it is being done; it may have begun others in its place.
            if self._left and self._left[0] is step:
                del self._left[0]
            if self._left:
                self._next.start()
