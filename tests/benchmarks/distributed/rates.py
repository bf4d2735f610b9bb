"""Images a second by one and two workers and by the plain loop, and results a second of the writer.

Each round measures all of them one after the other, and what is told are medians of ratios within
rounds: the machine may have other work, which changes from minute to minute. What the engine costs
is measured by the time of the cores, too, which other work changes less.
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import numpy as np
import psutil

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.execution.memory import keep_freed_memory
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.annotator.session.models.batch_proposals import TOGETHER
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposal_work import ProposalWork
from landmark_annotator.annotator.session.models.proposers import proposer_recipe
from landmark_annotator.annotator.session.models.waiting_instances import waiting_for_proposals
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Making, OwnProposal, Project
from landmark_annotator.projects.vocabulary import Box, Scheme

_ROUND = 120
"""Images of a round: at its end one of two workers waits for the other's last image."""
_WARM = 4


def rates(folder: Path, rounds: int) -> dict[str, float]:
    """Of workers with one thread each, and beside them of plain loops that nobody hands anything:
    what two cores of this machine can do at the same time, which share its memory."""
    with Project.open(folder, read_only=True) as project:
        recipe = proposer_recipe(project)
        proposer = recipe.make()
        tasks = list(waiting_for_proposals(project, proposer)[0])
    work = ProposalWork(recipe, identity_of(proposer), proposer)
    tasks = (tasks * (1 + _ROUND // len(tasks)))[: _WARM + _ROUND]
    speedups, possible, overheads, plain, used, core_overheads = [], [], [], [], [], []
    with LocalProcesses(1) as one, LocalProcesses(2) as two, PlainLoops(work, tasks) as loops:
        for executor in (one, two):
            list(executor.results(work, tasks[:_WARM]))  # models are loaded
        for number in range(rounds):
            # Another order each time, as what else runs may favour the first.
            order: list[Executor] = [THIS_PROCESS, one, two]
            taken, cores = {}, {}
            for executor in order if number % 2 else order[::-1]:
                taken[id(executor)], cores[id(executor)] = _seconds(executor, work, tasks)
            used.append(cores[id(THIS_PROCESS)] / _ROUND)
            core_overheads.append(100 * (cores[id(one)] / cores[id(THIS_PROCESS)] - 1))
            plain.append(_ROUND / taken[id(THIS_PROCESS)])
            speedups.append(taken[id(one)] / taken[id(two)])
            overheads.append(100 * (taken[id(one)] / taken[id(THIS_PROCESS)] - 1))
            possible.append(2 * loops.seconds(1) / loops.seconds(2))
    return {
        "distributed/speedup_2": round(statistics.median(speedups), 3),
        "distributed/speedup_2/plain_loops": round(statistics.median(possible), 3),
        "distributed/overhead_percent": round(statistics.median(overheads), 2),
        "distributed/overhead_percent/cores": round(statistics.median(core_overheads), 2),
        "distributed/images_per_second/plain": round(statistics.median(plain), 2),
        "distributed/core_ms_per_image": round(1000 * statistics.median(used), 2),
    }


def _seconds(executor: Executor, work: Any, tasks: Sequence[Any]) -> tuple[float, float]:
    """By the clock and of the cores, after the first few, when each worker has the work and is at
    it."""
    start = used = 0.0
    for number, _ in enumerate(executor.results(work, tasks), 1):
        if number == _WARM:
            start, used = time.perf_counter(), _core_seconds(executor)
    return time.perf_counter() - start, _core_seconds(executor) - used


def _core_seconds(executor: Executor) -> float:
    """Of this process and of those that work for it."""
    workers = executor.pids if isinstance(executor, LocalProcesses) else []
    times = [psutil.Process(pid).cpu_times() for pid in workers]
    return time.process_time() + sum(each.user + each.system for each in times)


class PlainLoops:
    """Two processes that know nothing of each other."""

    def __init__(self, work: Any, tasks: Sequence[Any]) -> None:
        context = get_context("spawn")
        self._ends = []
        for _ in range(2):
            ours, theirs = context.Pipe()
            context.Process(target=_loops, args=(theirs, work, tasks), daemon=True).start()
            theirs.close()
            ours.recv()
            self._ends.append(ours)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._ends:
            end.close()

    def seconds(self, loops: int) -> float:
        """The mean of so many loops at the same time."""
        for end in self._ends[:loops]:
            end.send(None)
        return statistics.mean(end.recv() for end in self._ends[:loops])


def _loops(pipe: Connection, work: Any, tasks: Sequence[Any]) -> None:
    keep_freed_memory()  # as the other loops do
    do = work.make()
    do(tasks[0])
    pipe.send(0.0)
    with suppress(EOFError):
        while True:
            pipe.recv()
            start = time.perf_counter()
            for task in tasks:
                do(task)
            pipe.send(time.perf_counter() - start)


def writer_rates(folder: Path, count: int, store: str) -> dict[str, float]:
    """Results of 68 landmarks a second, in batches as large as those of a command, each committed
    to the disk; on top of earlier ones, which is the slower way. As the clock says, which other
    work on the machine slows down, and by the time of the core that it took."""
    scheme = Scheme.named("face68")
    box = Box(100, 100, 80, 80)
    size = len(scheme)
    making = Making("heatmap 0123456789ab", 1000, np.inf, np.eye(2), 1.1, np.zeros((size, 2)))
    random = np.random.default_rng(0)
    points, doubts = random.normal(size=(size, 2)), np.tile(np.eye(2), (size, 1, 1))
    with Project.create(folder, scheme) as project:
        with project.transaction():
            ids = []
            for number in range(count):
                facts = ImageFacts(200, 200, f"{number:064x}")
                image = project.add_image(folder / f"{number}.jpg", facts)
                ids.append(project.add_instance(image.id, box, who="a").id)
        for error in (3.0, 4.0):  # another one, which the list of what waits is ordered by
            made = [OwnProposal(i, box, points, doubts, error, "heatmap", making) for i in ids]
            start, before = time.perf_counter(), time.process_time()
            for first in range(0, count, TOGETHER):
                project.store_own_proposals(made[first : first + TOGETHER])
            seconds, used = time.perf_counter() - start, time.process_time() - before
    return {
        f"distributed/writer_per_second/{store}": round(count / seconds, 1),
        f"distributed/writer_per_core_second/{store}": round(count / used, 1),
    }


def on_paper(figures: Mapping[str, Any], images: int = 1_000_000) -> dict[str, float]:
    """Hours for so many images by workers of one core each, and how many workers one writer keeps
    up with."""
    seconds = figures["distributed/core_ms_per_image"] / 1000
    hours = {
        f"distributed/million_hours/{workers}": round(images * seconds / workers / 3600, 2)
        for workers in (1, 10, 100)
    }
    writer: dict[str, float] = {}
    for store in ("sqlite", "postgresql"):
        rate = figures[f"distributed/writer_per_second/{store}"]
        writer[f"distributed/million_writer_hours/{store}"] = round(images / rate / 3600, 2)
        writer[f"distributed/writer_keeps_up_with/{store}"] = int(rate * seconds)
    return hours | writer
