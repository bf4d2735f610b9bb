"""Many pictures in a pool of processes; what is finished stays, so a stopped run goes on."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson

from projects.samples.rendering.assets import Assets, fetched_assets
from projects.samples.rendering.sequence import film_frame
from projects.samples.rendering.studio import still
from projects.samples.rendering.tracing import choose_variant
from projects.vocabulary import Progress


@dataclass(frozen=True)
class Order:
    """folder: where the files go. seed: of the set. size: in pixels. samples: paths a pixel.
    assets: the unpacked data folder. variant: of Mitsuba."""

    folder: Path
    seed: int
    size: int
    samples: int
    assets: Path
    variant: str


def head_names(count: int) -> list[str]:
    return [f"head_{number:0{max(3, len(str(count - 1)))}}" for number in range(count)]


def produce(order: Order, names: list[str], processes: int, progress: Progress) -> float:
    """Makes what is not there yet: NAME.jpg, NAME.png (the mask) and last NAME.json (the truth).

    A name is "head_" or "frame_" and a number. Returns the seconds that it took.
    """
    order.folder.mkdir(parents=True, exist_ok=True)
    fetched_assets(order.assets)
    missing = [name for name in names if not (order.folder / f"{name}.json").exists()]
    started = time.perf_counter()
    progress.start("Rendering heads", len(missing))
    for name in _made(order, missing, processes):
        progress.advance(note=name)
        if progress.cancelled():
            break
    return time.perf_counter() - started


def _made(order: Order, names: list[str], processes: int) -> Iterator[str]:
    if processes == 1:
        yield from (_make(order, name) for name in names)
        return
    # Mitsuba's state does not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting = [pool.submit(_make, order, name) for name in names]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _make(order: Order, name: str) -> str:
    assets = _ready(order.assets, order.variant)
    kind, _, number = name.partition("_")
    make = film_frame if kind == "frame" else still
    shot = make(assets, order.seed, int(number), order.size, order.samples)
    for ending, content in (
        ("jpg", shot.jpeg),
        ("png", shot.mask),
        ("json", orjson.dumps(shot.truth)),
    ):
        partial = order.folder / f"{name}.{ending}.{os.getpid()}"
        partial.write_bytes(content)
        partial.replace(order.folder / f"{name}.{ending}")
    return name


@lru_cache(maxsize=1)
def _ready(folder: Path, variant: str) -> Assets:
    choose_variant(variant)
    return fetched_assets(folder)
