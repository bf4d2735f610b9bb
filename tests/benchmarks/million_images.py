"""SQLite with a million images: opening, a page of what waits, the whole list, a click.

python -m tests.benchmarks.million_images --json tests/benchmarks/results/store.json
"""

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from projects.store import Project
from projects.vocabulary import Scheme

PAGE = 100
_TIMES = 21
_CLICKS = 200


def make(folder: Path, images: int) -> None:
    """One instance an image, written past the journal: as many as nobody imports in a benchmark."""
    Project.create(folder, Scheme.named("face68")).close()
    with closing(sqlite3.connect(folder / "project.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO images (id, path, sha256, width, height, position) "
            "VALUES (?, ?, ?, 640, 480, ?)",
            ((i, f"images/{i:07}.jpg", f"{i:064x}", i) for i in range(1, images + 1)),
        )
        connection.executemany(
            "INSERT INTO instances (id, image_id, state, centre_x, centre_y, width, height, angle) "
            "VALUES (?, ?, 'untouched', 320, 240, 200, 200, 0)",
            ((i, i) for i in range(1, images + 1)),
        )


def median_ms(action: Callable[[], object], times: int = _TIMES) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def measured(folder: Path, images: int) -> dict[str, float]:
    middle = images // 2
    found = {"store/images": float(images)}
    found["store/open_ms"] = median_ms(lambda: Project.open(folder).close())
    with Project.open(folder) as project:
        found["store/page_ms"] = median_ms(lambda: project.waiting(middle, PAGE))
        places = iter(range(_CLICKS))

        def click() -> None:
            x = next(places)
            project.place(middle, x % 68, (x, x), who="ada", proposed=(x, x), duration=1.0)

        found["store/click_ms"] = median_ms(click, _CLICKS)
        found["store/instance_ms"] = median_ms(lambda: project.shape(middle))
        found["store/whole_list_ms"] = median_ms(project.queue, 3)
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.million_images")
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        folder = Path(work) / "million"
        make(folder, options.images)
        figures = measured(folder, options.images)
    for name, value in figures.items():
        sys.stdout.write(f"{name}  {value}\n")
    if options.json is None:
        return
    git = ["git", "rev-parse", "--short=12", "HEAD"]
    content = {
        "protocol": "store",
        "command": f"python -m tests.benchmarks.million_images --json {options.json}",
        "commit": subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip(),
        "seed": 0,
        "settings": {"images": options.images},
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "device": "cpu"},
        "seconds": round(time.monotonic() - start, 1),
        "figures": figures,
    }
    options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
