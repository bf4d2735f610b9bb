"""The only place with threads: slow work runs in a pool, its answers arrive in the GUI thread.

A request is a snapshot: the work must hold everything it needs and touch neither widgets nor the
store. Requests have a key; a newer request of a key supersedes the older one, whose answer,
should it still come, is dropped.
"""

import atexit
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid
from typing_extensions import override

from landmark_annotator.projects.priority import thread_gives_way
from landmark_annotator.projects.vocabulary import Progress

Answer = TypeVar("Answer")

_one_at_a_time = threading.Lock()
"""Held by the one work of the whole program that nobody waits for. A gesture gives way whenever it
asks the disk or the database, some sixty times, and then waits for each thread that is at work."""
_LOOK_S = 0.05
"""After which work that waits for its turn looks whether anybody still wants it."""

_ending: list["Tasks"] = []
"""Those that nobody waits for any more, until their last work is done."""


@dataclass(frozen=True)
class _Request:
    """All that a thread holds of one. Not who gets the answer: the last reference to a widget, let
    go in a thread, would destroy the widget there."""

    key: str
    revision: int


class _Work(QRunnable):
    def __init__(self, tasks: "Tasks", request: _Request, work: Callable[[], object]) -> None:
        super().__init__()
        self._wanted: tuple[Tasks, _Request, Callable[[], object]] | None = (tasks, request, work)

    @override
    def run(self) -> None:
        # PySide keeps every QRunnable for good (6.11), so it keeps nothing itself: the work holds
        # whole photographs.
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            _run(*wanted)


def _run(tasks: "Tasks", request: _Request, work: Callable[[], object]) -> None:
    # A pool makes its threads as it needs them.
    thread_gives_way()
    if not tasks.begin(request):
        return
    answer: object
    try:
        answer = work()
        fine = True
    except Exception as error:  # noqa: BLE001  it is raised again in the GUI thread
        answer, fine = error, False
    finally:
        tasks.end()
    if tasks.is_wanted(request):
        tasks.hand_over(request, answer, fine)


@dataclass(frozen=True)
class _WhileWanted:
    """The `Progress` of work whose steps nobody counts."""

    tasks: "Tasks"
    request: _Request

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        return not self.tasks.is_wanted(self.request)


class Tasks(QObject):
    """Runs work in threads and hands answers and exceptions to functions in the GUI thread."""

    answered = Signal(object, object, bool)
    """(request, answer or exception, whether it is an answer); from any thread."""

    busy_changed = Signal()

    def __init__(
        self, threads: int = 2, parent: QObject | None = None, *, quiet: bool = False
    ) -> None:
        """quiet: nobody waits for the answers: one work at a time of all such."""
        super().__init__(parent)
        self._quiet = quiet
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._revisions = itertools.count(1)
        self._wanted: dict[str, _Request] = {}
        # Beside what is wanted, not in it: threads look at that.
        self._receivers: dict[str, tuple[Callable[[Any], None], Callable[[Exception], None]]] = {}
        self.answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def request(
        self,
        key: str,
        work: Callable[[], Answer],
        done: Callable[[Answer], None],
        failed: Callable[[Exception], None],
        *,
        urgent: bool = False,
    ) -> None:
        """Runs `work` in a thread, then `done` or `failed` in this one, unless superseded.

        urgent: goes before everything that has not begun.
        """
        self._start(_Request(key, next(self._revisions)), work, done, failed, urgent)

    def request_stoppable(
        self,
        key: str,
        work: Callable[[Progress], Answer],
        done: Callable[[Answer], None],
        failed: Callable[[Exception], None],
        *,
        urgent: bool = False,
    ) -> None:
        """As `request`, of work that takes long and may end as soon as nobody wants its answer: a
        newer request waits for its thread, and so does the end of the program."""
        request = _Request(key, next(self._revisions))
        self._start(request, partial(work, _WhileWanted(self, request)), done, failed, urgent)

    def _start(
        self,
        request: _Request,
        work: Callable[[], Answer],
        done: Callable[[Answer], None],
        failed: Callable[[Exception], None],
        urgent: bool,
    ) -> None:
        self._wanted[request.key] = request
        self._receivers[request.key] = (done, failed)
        self._pool.start(_Work(self, request, work), 1 if urgent else 0)
        self.busy_changed.emit()

    def drop(self, key: str) -> None:
        """The answer to this request is no longer wanted; work that has not begun never does."""
        self._receivers.pop(key, None)
        if self._wanted.pop(key, None) is not None:
            self.busy_changed.emit()

    def is_wanted(self, request: _Request) -> bool:
        """Whether no newer request has taken its place. Safe from any thread."""
        return self._wanted.get(request.key) is request

    def begin(self, request: _Request) -> bool:
        """From its thread: waits for the turn of this work; False once nobody wants it."""
        while self._quiet and not _one_at_a_time.acquire(timeout=_LOOK_S):
            if not self.is_wanted(request):
                return False
        if not self.is_wanted(request):
            self.end()
            return False
        return True

    def end(self) -> None:
        """From its thread: the turn of the next."""
        if self._quiet:
            _one_at_a_time.release()

    def hand_over(self, request: _Request, answer: object, fine: bool) -> None:
        """An answer, or with `fine` False an exception, from any thread to that of the window."""
        if isValid(self):  # or what asked for it was destroyed with its window
            self.answered.emit(request, answer, fine)

    def pending(self, key: str) -> bool:
        return key in self._wanted

    def close(self) -> None:
        """Drops every request and waits for the work that has already begun."""
        self._forget()
        self._pool.waitForDone()

    def leave(self) -> None:
        """As `close`, without waiting: only the program's end waits for what has begun.

        For work that touches nothing that somebody closes or removes after this.
        """
        self._forget()
        _ending[:] = [tasks for tasks in _ending if tasks._pool.activeThreadCount()]
        if self._pool.activeThreadCount():
            # It outlives its window.
            self.setParent(None)
            _ending.append(self)

    def _forget(self) -> None:
        self._wanted.clear()
        self._receivers.clear()
        self._pool.clear()

    @Slot(object, object, bool)
    def _deliver(self, request: _Request, answer: object, fine: bool) -> None:
        if not self.is_wanted(request):
            return
        del self._wanted[request.key]
        done, failed = self._receivers.pop(request.key)
        self.busy_changed.emit()
        if fine:
            done(answer)
        else:
            assert isinstance(answer, Exception)
            failed(answer)


@atexit.register
def _wait_for_the_last() -> None:
    # Qt would wait as well, without letting the threads of Python end.
    for tasks in _ending:
        tasks.close()
