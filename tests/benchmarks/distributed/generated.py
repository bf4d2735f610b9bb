"""Proposing in a project of a million records, whose images are made from the rendered heads when
they are asked for, so that nothing fills the disk.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image
from typing_extensions import override

from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.annotator.session.models import proposal_work
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.benchmarks.million_images import make

_SIDE = 240
_MEGABYTE = 2**20
_WARM = 0.2
"""Of the proposals: until then models are loaded and buffers grow to their size."""


def drawn(image: ImageRecord) -> Pixels:
    """640 x 480 pixels: one of the heads, where the records' boxes are, each a little elsewhere."""
    heads = rendered_heads()
    with Image.open(heads[image.id % len(heads)].picture) as picture:
        head = np.asarray(picture.convert("RGB").resize((_SIDE, _SIDE)))
    pixels = np.full((480, 640, 3), 90, np.uint8)
    x, y = 200 + image.id * 7 % 31 - 15, 120 + image.id * 11 % 31 - 15
    pixels[y : y + _SIDE, x : x + _SIDE] = head
    return pixels


@dataclass(frozen=True)
class OfDrawn:
    """Any work, on drawn images."""

    work: Any

    def make(self) -> Callable[[Any], Any]:
        proposal_work.pixels_of = drawn  # type: ignore[assignment]
        done: Callable[[Any], Any] = self.work.make()
        return done


class Watched(LocalProcesses):
    """begun: when the first result was asked for. rate: results a second after the first ones.
    held: megabytes of the processes meanwhile."""

    def __init__(self, count: int, warm: int) -> None:
        super().__init__(count)
        self.warm = warm
        self.begun = self.rate = 0.0
        self.held: dict[str, list[float]] = {"writer": [], "worker": []}

    @override
    def results(self, work: Any, tasks: Sequence[Any]) -> Iterator[Any]:
        start = self.begun = time.perf_counter()
        for number, found in enumerate(super().results(OfDrawn(work), tasks), 1):
            if number == self.warm:
                start = time.perf_counter()
            elif number > self.warm:
                self.rate = (number - self.warm) / (time.perf_counter() - start)
                if number % 50 == 0:
                    self.held["writer"].append(_megabytes(psutil.Process().pid))
                    self.held["worker"].append(max(map(_megabytes, self.pids)))
            yield found


class Enough:
    """Progress that somebody stops after so many steps of a stage."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def start(self, stage: str, total: int | None) -> None:
        self.done = 0

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.done += steps == 1

    def cancelled(self) -> bool:
        return self.done >= self.steps


def _megabytes(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / _MEGABYTE


def million_rates(folder: Path, records: int, proposals: int) -> dict[str, float]:
    """By two workers, from the command's beginning on; how much writer and workers have grown from
    the first of the measured proposals to the last, by the medians of the tenths at both ends. A
    project that is there already is gone on with."""
    if not folder.exists():
        make(folder, records)
    with Project.open(folder) as project, Watched(2, round(proposals * _WARM)) as executor:
        start = time.perf_counter()
        done = propose_all(project, Enough(proposals), executor)
        found = {
            "distributed/generated/records": records,
            "distributed/generated/proposals": done.earlier + done.count,
            "distributed/generated/list_s": round(executor.begun - start, 1),
            "distributed/generated/images_per_second/2": round(executor.rate, 2),
        }
    for who, held in executor.held.items():
        tenth = max(len(held) // 10, 1)
        first, last = (statistics.median(part) for part in (held[:tenth], held[-tenth:]))
        found[f"distributed/generated/{who}_mb"] = round(last, 1)
        found[f"distributed/generated/{who}_grown_mb"] = round(last - first, 1)
    return found
