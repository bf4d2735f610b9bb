"""Many pictures in a pool of processes; what is finished stays, so a stopped run goes on."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import orjson

from landmark_annotator.projects.rendering.mesh.assets import Assets, fetched_assets
from landmark_annotator.projects.rendering.production.sequence import acted_frame, film_frame
from landmark_annotator.projects.rendering.production.studio import Shot, stills
from landmark_annotator.projects.rendering.scene.path_tracing import choose_variant
from landmark_annotator.projects.vocabulary import Progress

ACTED = "acted"
"""What names of frames begin with, of films other than the embedded one."""


@dataclass(frozen=True)
class Order:
    """folder: where the files go. seed: of the set. size: in pixels. samples: paths a pixel.
    assets: the unpacked data folder. variant: of Mitsuba. views: pictures of one sitting, which
    follow each other."""

    folder: Path
    seed: int
    size: int
    samples: int
    assets: Path
    variant: str
    views: int = 1


def acted_names(count: int) -> list[str]:
    return [f"{ACTED}_{number:05}" for number in range(count)]


def head_names(count: int) -> list[str]:
    return [f"head_{number:0{max(3, len(str(count - 1)))}}" for number in range(count)]


def produce(order: Order, names: list[str], processes: int, progress: Progress) -> float:
    """Makes what is not there yet: NAME.jpg, NAME.png (the mask) and last NAME.json (the truth).

    A name is "head_", "frame_" (of the embedded film) or "acted_" and a number. Returns the
    seconds that it took.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    fetched_assets(order.assets)
    missing = [name for name in names if not (order.folder / f"{name}.json").exists()]
    started = time.perf_counter()
    progress.start("Rendering heads", len(missing))
    for made in _made(order, _together(order, missing), processes):
        progress.advance(len(made), made[-1])
        if progress.cancelled():
            break
    return time.perf_counter() - started


def _together(order: Order, names: list[str]) -> list[list[str]]:
    """The names that one sitting makes, for each sitting."""
    sittings = groupby(names, lambda name: (name[0], _number(name) // order.views))
    return [list(same) for _, same in sittings]


def _number(name: str) -> int:
    return int(name.rpartition("_")[2])


def _made(order: Order, work: list[list[str]], processes: int) -> Iterator[list[str]]:
    if processes == 1:
        yield from (_make(order, names) for names in work)
        return
    # Mitsuba's state does not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting = [pool.submit(_make, order, names) for names in work]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _make(order: Order, names: list[str]) -> list[str]:
    """Pictures of one sitting."""
    assets = _ready(order.assets, order.variant)
    numbers = [_number(name) for name in names]
    if names[0].startswith(("frame", ACTED)):
        of_film = acted_frame if names[0].startswith(ACTED) else film_frame
        shots = iter([of_film(assets, order.seed, numbers[0], order.size, order.samples)])
    else:
        views = [number % order.views for number in numbers]
        sitting = numbers[0] // order.views
        shots = stills(assets, order.seed, sitting, order.size, order.samples, views)
    for name, shot in zip(names, shots, strict=True):
        _write(order, name, shot)
    return names


def _write(order: Order, name: str, shot: Shot) -> None:
    for ending, content in (
        ("jpg", shot.jpeg),
        ("png", shot.mask),
        ("json", orjson.dumps(shot.truth)),
    ):
        partial = order.folder / f"{name}.{ending}.{os.getpid()}"
        partial.write_bytes(content)
        partial.replace(order.folder / f"{name}.{ending}")


@lru_cache(maxsize=1)
def _ready(folder: Path, variant: str) -> Assets:
    choose_variant(variant)
    return fetched_assets(folder)
