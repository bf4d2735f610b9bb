"""Worker processes beside this one."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from heapq import heappop, heappush
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Lock
from types import TracebackType
from typing import Any, Self, cast

from landmark_annotator.annotator.session.execution.executor import Result, Task, Work
from landmark_annotator.annotator.session.execution.worker import Failure, serve
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.interrupts import not_for_helpers

_AT_EACH = 2
"""Tasks with each worker: one that it does, and one that it need not wait for."""
_AHEAD = 16
"""Times as many as there are workers: how far a result may be ahead of the oldest that is not
there yet. Bounds what is kept of results that wait for their turn."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_ENVIRONMENT = Lock()
_MOST_DEATHS = 3
"""Of workers over the same task: after that it is the task's fault."""


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection
    tasks: list[int] = field(default_factory=list)


class LocalProcesses:
    """So many processes, started for the first work and kept for the next one.

    A worker that dies (the system's memory was full, somebody has ended it) is replaced, and what
    it was at work on is done again; nothing that it had finished is.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def pids(self) -> list[int]:
        """Of the processes that work at present."""
        return [cast(int, worker.process.pid) for worker in self._workers]

    def results(self, work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result]:
        waiting = list(range(len(tasks)))  # a heap: the oldest goes first
        arrived: dict[int, Any] = {}
        deaths: dict[int, int] = {}
        try:
            for worker in self._workers:
                _send(worker, (work,))
            for following in range(len(tasks)):
                while following not in arrived:
                    self._fill_up(work, len(tasks) - following - len(arrived))
                    self._deal(tasks, waiting, following)
                    for under_way, *behind in self._hear(arrived):
                        deaths[under_way] = deaths.get(under_way, 0) + 1
                        if deaths[under_way] >= _MOST_DEATHS:
                            raise _ended_again()
                        for number in (under_way, *behind):
                            heappush(waiting, number)
                answer = arrived.pop(following)
                if isinstance(answer, Failure):
                    raise answer.raised()
                yield answer
        finally:
            if any(worker.tasks for worker in self._workers):
                self._end()  # Nobody waits for the rest.

    def _fill_up(self, work: object, left: int) -> None:
        """left: tasks without a result; there is no use for more workers than those."""
        while len(self._workers) < min(self.count, left):
            worker = _started(self.count)
            _send(worker, (work,))
            self._workers.append(worker)

    def _deal(self, tasks: Sequence[Any], waiting: list[int], following: int) -> None:
        """The first to each before the second to any."""
        for most in range(1, _AT_EACH + 1):
            for worker in self._workers:
                if not waiting or waiting[0] >= following + _AHEAD * self.count:
                    return
                if len(worker.tasks) < most:
                    number = heappop(waiting)
                    worker.tasks.append(number)
                    _send(worker, (number, tasks[number]))

    def _hear(self, arrived: dict[int, Any]) -> list[list[int]]:
        """Waits for something to happen. Returns what each worker that has died had to do, the task
        that it was at first."""
        heard = wait([w.pipe for w in self._workers] + [w.process.sentinel for w in self._workers])
        lost = []
        for worker in list(self._workers):
            if worker.pipe not in heard and worker.process.sentinel not in heard:
                continue
            try:
                while worker.pipe.poll():
                    number, answer = worker.pipe.recv()
                    worker.tasks.remove(number)
                    arrived[number] = answer
                alive = worker.process.is_alive()
            except (EOFError, OSError):
                alive = False
            if not alive:
                self._workers.remove(worker)
                _ended(worker)
                if worker.tasks:
                    lost.append(worker.tasks)
        return lost

    def _end(self) -> None:
        for worker in self._workers:
            _ended(worker)
        self._workers.clear()


def _started(count: int) -> _Worker:
    # A forked process would inherit the threads' locks of this one's libraries.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    with threads_of_started(max((os.cpu_count() or 1) // count, 1)), not_for_helpers():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def threads_of_started(count: int) -> Iterator[None]:
    """Processes that are started meanwhile use so many each, where nobody has said otherwise.

    It has to be in their environment from the beginning: libraries read it when they are imported,
    and a new process may import the module that this one was started with before it is told a word.
    """
    with _ENVIRONMENT:
        said = {name: str(count) for name in _THREADS if name not in os.environ}
        os.environ.update(said)
        try:
            yield
        finally:
            for name in said:
                del os.environ[name]


def _send(worker: _Worker, message: object) -> None:
    with suppress(OSError):  # It has died, as `_hear` will find.
        worker.pipe.send(message)


def _ended(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.process.close()
    worker.pipe.close()


def _ended_again() -> ActionableError:
    return ActionableError(
        f"Worker processes were ended {_MOST_DEATHS} times while at work on the same task.",
        kept="What was finished before is stored.",
        remedy="Where the machine's memory was full, take fewer workers; if not, see by "
        "--scheduler local:1 which image it is.",
    )
