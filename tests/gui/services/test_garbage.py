"""Garbage is searched for in the thread of the window, and in no other."""

import gc
import threading
from collections.abc import Iterator

import pytest

from landmark_annotator.annotator.gui.services import garbage
from landmark_annotator.annotator.gui.services.garbage import GarbageSearch, search_for_garbage


class Cycle:
    """Garbage that only a search finds; it says in which thread it was found."""

    def __init__(self, found: list[threading.Thread]) -> None:
        self.itself, self.found = self, found

    def __del__(self) -> None:
        self.found.append(threading.current_thread())


@pytest.fixture
def search(qapp) -> Iterator[GarbageSearch]:
    search = GarbageSearch()
    search.begin()
    yield search
    search_for_garbage(True)
    search.end()


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


def test_searches_through_everything_take_little_of_the_time(search, monkeypatch):
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


def test_at_its_end_python_searches_by_itself_again(qapp):
    search = GarbageSearch()
    search.begin()
    assert not gc.isenabled()
    search.end()
    assert gc.isenabled()
