"""Garbage is searched for in the thread of the window, and in no other."""

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from landmark_annotator.annotator.gui.services import garbage
from landmark_annotator.annotator.gui.services.garbage import (
    GarbageSearch,
    search_for_garbage,
    search_here,
)


class Cycle:
    """Garbage that only a search finds; it says in which thread it was found."""

    def __init__(self, found: list[threading.Thread]) -> None:
        self.itself, self.found = self, found

    def __del__(self) -> None:
        self.found.append(threading.current_thread())


@pytest.fixture
def search(qapp) -> Iterator[GarbageSearch]:
    yield search_here(qapp)
    search_for_garbage(True)


def many_in_a_thread() -> list[threading.Thread]:
    found: list[threading.Thread] = []

    def work() -> None:
        for _ in range(5 * gc.get_threshold()[0]):
            Cycle(found)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found


def test_what_other_threads_leave_is_found_in_that_of_the_window(search, qtbot):
    found = many_in_a_thread()
    assert not found
    qtbot.waitUntil(lambda: bool(found))
    assert set(found) == {threading.main_thread()}


def test_nothing_is_searched_while_much_is_loaded(search, qtbot):
    search_for_garbage(False)
    found = many_in_a_thread()
    search.look()
    assert not found
    search_for_garbage(True)
    search.look()
    assert found


def test_searches_through_everything_take_little_of_the_time(qapp, monkeypatch):
    search = GarbageSearch()
    searched: list[int] = []
    now = [100.0]

    def collect(generation: int = 2) -> None:
        searched.append(generation)
        now[0] += 0.25

    monkeypatch.setattr(garbage.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(garbage.gc, "collect", collect)
    monkeypatch.setattr(garbage.gc, "get_count", lambda: (701, 11, 11))
    search.look()
    search.look()
    now[0] += 30
    search.look()
    assert searched == [2, 1, 2]


def test_what_qt_destroys_begins_no_search():
    """It has a lock then, and another object that the search destroys may need the same."""
    done = subprocess.run(
        [sys.executable, "-c", _DESTROYED], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "done", done.stderr


_DESTROYED = """
import faulthandler, gc
from PySide6.QtCore import QObject, QTimer
from landmark_annotator.annotator.gui.services.application import application

class Hearing(QObject):
    def __init__(self):
        super().__init__()
        QTimer(self).timeout.connect(self.hear)

    def hear(self): ...

app = application()
faulthandler.dump_traceback_later(30, exit=True)
gc.set_threshold(1_000_000)
for _ in range(1000):
    garbage = Hearing()
    garbage.itself = garbage
# Python's own search would begin with the next object that is made.
destroyed = Hearing()
gc.set_threshold(1)
del destroyed
print("done")
"""
