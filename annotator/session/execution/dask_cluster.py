"""A cluster by Dask: a scheduler that runs somewhere, or the jobs that dask-jobqueue submits.

Dask sends work as pickles, so whoever reaches a scheduler's port can run code on its workers: it
belongs into a network that is trusted, or behind its own TLS (`tls://`).
"""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from landmark_annotator.annotator.session.execution.executor import Result, Task, Work
from landmark_annotator.annotator.session.execution.memory import keep_freed_memory
from landmark_annotator.annotator.session.execution.worker import Failure
from landmark_annotator.projects.vocabulary.errors import ActionableError, MissingPackage

_TOGETHER = 8
"""Tasks that are sent at once: a message costs about a millisecond, a task tens of them."""
_AT_EACH = 4
"""Such batches for each thread of the workers; more wait here, so that what is kept is bounded."""
_WAIT_S = 60.0
"""For the scheduler, and for its first worker to come."""


class DaskCluster:
    """address: of a scheduler (tcp://host:8786), or else what starts one. tell: gets what is waited
    for, before it is."""

    def __init__(
        self,
        address: str = "",
        start: Callable[[], Any] | None = None,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._address = address
        self._start = start
        self._tell = tell
        self._cluster: Any = None
        self._client: Any = None

    def __enter__(self) -> Self:
        distributed = imported("distributed")
        if self._start is not None:
            self._cluster = self._start()
        patience = f"{_WAIT_S:g} s at most"
        try:
            if self._start is None:
                self._tell(f"Waiting for the scheduler at {self._address}, {patience}.")
            self._client = distributed.Client(
                self._cluster or self._address, timeout=_WAIT_S, set_as_default=False
            )
            if self._start is None and not self._client.nthreads():
                self._tell(f"The scheduler answers. Waiting for its first worker, {patience}.")
                self._client.wait_for_workers(1, timeout=_WAIT_S)
        except (OSError, TimeoutError, ValueError) as error:
            self._close()
            raise ActionableError(
                f"No scheduler with workers answers at {self._address}: {error}.",
                kept="Nothing was changed.",
                remedy="Start one: dask scheduler, and on each machine: dask worker "
                "tcp://HOST:8786 --nworkers N --nthreads 1",
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def results(self, work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result]:
        distributed = imported("distributed")
        gone = (
            OSError,
            TimeoutError,
            distributed.KilledWorker,
            distributed.client.FutureCancelledError,
        )
        numbers = iter(range(len(tasks)))
        # Each is looked up when its turn comes: there may be millions.
        batches = iter(lambda: [tasks[n] for n in islice(numbers, _TOGETHER)], [])
        under_way: list[Any] = []
        try:
            # As a result it is sent to each worker once, and made anew where one dies with it.
            sent = self._client.submit(named, uuid4().hex, work, pure=False)

            def send(most: int) -> None:
                for batch in islice(batches, max(most - len(under_way), 0)):
                    under_way.append(self._client.submit(done, sent, batch, pure=False))

            send(self._ahead())
            while under_way:
                answers = under_way.pop(0).result()
                send(self._ahead())
                for answer in answers:
                    if isinstance(answer, Failure):
                        raise answer.raised()
                    yield answer
        except gone as error:
            raise ActionableError(
                "The scheduler or its workers are gone: "
                f"{str(error).splitlines()[0] if str(error) else type(error).__name__}",
                kept="What was finished before is stored.",
                remedy="Start them again, and then this command.",
            ) from error
        finally:
            for future in under_way:
                future.release()

    def _ahead(self) -> int:
        threads = int(sum(self._client.nthreads().values()))
        return max(threads, 1) * _AT_EACH

    def _close(self) -> None:
        for one in (self._client, self._cluster):
            if one is not None:
                one.close()
        self._client = self._cluster = None


_making = threading.Lock()
_made: tuple[str, Any] = ("", None)
"""Of the last work: what does it, made once a process."""


def named(key: str, work: Any) -> tuple[str, Any]:
    """So that a process knows whether it has made this work already."""
    return key, work


def done(sent: tuple[str, Any], tasks: Sequence[Any]) -> list[Any]:
    """In a worker's process: all of the batch, one after the other. A worker of several threads
    does one task at a time, for models are used by one thread at a time."""
    global _made
    key, work = sent
    answers: list[Any] = []
    with _making:
        try:
            if _made[0] != key:
                keep_freed_memory()
                _made = (key, work.make())
            answers += [_made[1](task) for task in tasks]
        except Exception as error:  # noqa: BLE001 - raised where the work was sent from
            answers.append(Failure.of(error))
    return answers


def jobs(kind: str, settings: Mapping[str, Any]) -> Any:
    """The cluster of dask-jobqueue for this queueing system. settings: its own, besides `jobs`, how
    many are submitted. Raises ActionableError."""
    jobqueue = imported("dask_jobqueue")
    # A dashboard would show to everybody who reaches its port what runs.
    hidden = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    own = {"scheduler_options": hidden, **settings}
    count = own.pop("jobs", 1)
    if type(count) is not int or count < 1:
        raise ActionableError(
            f'"jobs" is how many jobs are submitted, not {count!r}.', kept="Nothing was submitted."
        )
    try:
        cluster = getattr(jobqueue, QUEUES[kind])(**own)
    except (TypeError, ValueError) as error:
        raise ActionableError(
            f"dask-jobqueue does not take these settings: {error}",
            kept="Nothing was submitted.",
            remedy="See what it takes: https://jobqueue.dask.org.",
        ) from error
    cluster.scale(jobs=count)
    return cluster


QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "lsf": "LSFCluster"}


def imported(module: str) -> Any:
    """Raises MissingPackage."""
    # dask-jobqueue takes Ctrl+C over as it is imported, and ends the process without a word.
    main = threading.current_thread() is threading.main_thread()
    ctrl_c = signal.getsignal(signal.SIGINT) if main else None
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingPackage(
            f"The package {module.replace('_', '-')}, which talks to clusters, is not installed.",
            kept="Nothing was changed.",
            remedy="pip install 'landmark-annotator[cluster]', or: pip install distributed "
            "dask-jobqueue. Without it: --scheduler local:N, or --shard I/N.",
        ) from error
    finally:
        if ctrl_c is not None:
            signal.signal(signal.SIGINT, ctrl_c)
