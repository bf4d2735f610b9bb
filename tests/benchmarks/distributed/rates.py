"""Images a second by one and two workers and by the plain loop, and results a second of the writer.

Each round measures all of them one after the other, and what is told are medians of ratios within
rounds: the machine may have other work, which changes from minute to minute.
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.annotator.session.models.batch_proposals import (
    TOGETHER,
    waiting_for_proposals,
)
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposal_work import ProposalWork
from landmark_annotator.annotator.session.models.proposers import proposer_recipe
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Making, OwnProposal, Project
from landmark_annotator.projects.vocabulary import Box, Scheme

_ROUND = 40
"""Images of a round."""
_WARM = 4


def rates(folder: Path, rounds: int) -> dict[str, float]:
    with Project.open(folder, read_only=True) as project:
        recipe = proposer_recipe(project)
        proposer = recipe.make()
        tasks, _ = waiting_for_proposals(project)
    work = ProposalWork(recipe, identity_of(proposer), proposer)
    speedups, overheads, plain, used = [], [], [], []
    with LocalProcesses(1) as one, LocalProcesses(2) as two:
        for executor in (one, two):
            list(executor.results(work, tasks[:_ROUND]))  # models are loaded, files are cached
        for number in range(rounds):
            # Another order each time, as what else runs may favour the first.
            order: list[Executor] = [THIS_PROCESS, one, two]
            taken = {}
            for executor in order if number % 2 else order[::-1]:
                before = time.process_time()
                taken[id(executor)] = _seconds(executor, work, tasks[: _WARM + _ROUND])
                if executor is THIS_PROCESS:
                    used.append((time.process_time() - before) / (_WARM + _ROUND))
            plain.append(_ROUND / taken[id(THIS_PROCESS)])
            speedups.append(taken[id(one)] / taken[id(two)])
            overheads.append(100 * (taken[id(one)] / taken[id(THIS_PROCESS)] - 1))
    return {
        "distributed/speedup_2": round(statistics.median(speedups), 3),
        "distributed/overhead_percent": round(statistics.median(overheads), 2),
        "distributed/images_per_second/plain": round(statistics.median(plain), 2),
        "distributed/core_ms_per_image": round(1000 * statistics.median(used), 2),
    }


def _seconds(executor: Executor, work: Any, tasks: Sequence[Any]) -> float:
    """After the first few, when each worker has the work and is at it."""
    start = 0.0
    for number, _ in enumerate(executor.results(work, tasks), 1):
        if number == _WARM:
            start = time.perf_counter()
    return time.perf_counter() - start


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
        made = [OwnProposal(i, box, points, doubts, 3.0, "heatmap", making) for i in ids]
        for _ in range(2):
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
