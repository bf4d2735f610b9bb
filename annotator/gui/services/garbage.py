"""When Python looks for cycles of garbage, and in which thread.

In the window's own thread alone. Python would look for them in whatever thread has just made
enough objects: there it destroys widgets that only their own thread may destroy, and in Python
3.11 a search in the middle of compiling (every `.npz` that is read compiles its header) ends that
with "AST constructor recursion depth mismatch" where another thread compiles something too.

And from the event loop alone, to the very end. An object that Qt destroys is locked while it asks
Python whether anybody wants to know of its connections' end; a search that begins there destroys
other objects, and where one of these shares the lock (Qt has 131 for all), it is waited for for
ever: the window, or the program at its end, hangs.

And not through what stays for as long as the program runs: torch, SQLAlchemy and the window are
some 300,000 objects, a search through which stops every thread for 0.1 to 0.3 s, at any moment.
"""

import gc
import time

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot

_EVERY_MS = 100
_SHARE = 0.01
"""Of the time at most for searches through everything, which hold the window."""

_loading = False
_set_aside: set[str] = set()


def search_here(app: QCoreApplication) -> "GarbageSearch":
    """From now on in the thread of this one application, and in no other."""
    search = app.findChild(GarbageSearch) or GarbageSearch(app)
    search.begin()
    return search


class GarbageSearch(QObject):
    """By Python's own thresholds: the young objects often, all of them seldom."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._next_whole = 0.0
        """By the monotonic clock."""

    def begin(self) -> None:
        gc.disable()
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Searches if enough was made since the last time, and unless much is being loaded."""
        if not is_searched_for():
            return
        full = [made > most for made, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        begun = time.monotonic()
        if full[2] and begun >= self._next_whole:
            gc.collect()
            ended = time.monotonic()
            self._next_whole = ended + (ended - begun) / _SHARE
        elif full[1] or full[0]:
            gc.collect(1 if full[1] else 0)


def search_for_garbage(wanted: bool) -> None:
    """Not while much is loaded, which leaves hardly any: the search would hold the window just when
    its people begin."""
    global _loading
    _loading = not wanted


def is_searched_for() -> bool:
    return not _loading


def set_aside(what: str) -> None:
    """All that is there now stays out of later searches. Once a process for the same reason:
    what a window leaves behind is garbage one day."""
    if what not in _set_aside:
        _set_aside.add(what)
        gc.freeze()
