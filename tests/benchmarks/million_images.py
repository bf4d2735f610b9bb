"""SQLite with a million images, all of them proposed for: opening, a page of the list, what waits
next, a click, what a reviewer is to look at first, the window.

python -m tests.benchmarks.million_images --json tests/benchmarks/results/store.json

--project keeps the project there, or takes the one that is there already.
"""

import argparse
import itertools
import json
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from landmark_annotator.annotator.gui.pages.review.queue_reading import LISTED
from landmark_annotator.annotator.session.review.review_queue import review_queue, waits
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

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
            "INSERT INTO instances (id, image_id, position, state, centre_x, centre_y, width, "
            "height, angle, predicted_error) "
            "VALUES (?, ?, ?, 'untouched', 320, 240, 200, 200, 0, ?)",
            ((i, i, i, i * 7919 % 1000 / 100) for i in range(1, images + 1)),
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
        listed = project.listed()
        starts = random.Random(0)

        def page() -> None:
            start = starts.randrange(images - PAGE)
            project.rows(listed[start : start + PAGE].tolist())

        found["store/page_ms"] = median_ms(page)
        found["store/waiting_ms"] = median_ms(lambda: project.waiting(middle, PAGE))
        found["store/least_sure_ms"] = median_ms(project.least_sure)
        places = itertools.count()

        def click() -> None:
            x = next(places)
            project.place(middle, x % 68, (x, x), who="ada", proposed=(x, x), duration=1.0)

        found["store/click_ms"] = median_ms(click, _CLICKS)
        found["store/instance_ms"] = median_ms(lambda: project.shape(middle))
        found["store/list_ids_ms"] = median_ms(project.listed, 5)
        found["store/search_ms"] = median_ms(lambda: list(project.perhaps_named("0999999")), 3)
        found["store/counts_ms"] = median_ms(project.state_counts, 5)
        found["store/review_ms"] = median_ms(lambda: review_queue(project, LISTED), 3)
        found["store/judged_ms"] = median_ms(lambda: waits(project, middle + 1))
    found |= window_figures(folder, images)
    return {name: round(value, 3) for name, value in found.items()}


def window_figures(folder: Path, images: int) -> dict[str, float]:
    """In a process of its own: from the opened project to the first instance on the screen."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _WINDOW, str(folder), str(images)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return figures


_WINDOW = """
import json, resource, sys, time
from pathlib import Path
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.projects.store import Project

def since(start):
    return 1000 * (time.perf_counter() - start)

def megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

app, images = application(), int(sys.argv[2])
before, start = megabytes(), time.perf_counter()
with Project.open(Path(sys.argv[1])) as project:
    window = MainWindow(project, who="benchmark")
    window.resize(1440, 900)
    window.show()
    window.start()
    window.repaint()
    found = {"store/window_open_ms": since(start), "store/window_added_mb": megabytes() - before}
    app.processEvents()
    bar, scrolls, steps = window.list.verticalScrollBar(), [], []
    for number in range(1, 40):
        start = time.perf_counter()
        bar.setValue(bar.maximum() * (number * 17 % 40) // 40)
        app.processEvents()
        window.list.viewport().repaint()
        scrolls.append(since(start))
    window.open_instance(images // 2)
    for _ in range(20):
        start = time.perf_counter()
        window.label_page.steps.step(1)
        window.repaint()
        steps.append(since(start))
    blocks, start = [], time.perf_counter()
    window.pages.turn_to("review")
    while not blocks or not window.pages.page("review").settled:
        blocks.append(since(start))
        time.sleep(0.002)
        start = time.perf_counter()
        app.processEvents()
    found["store/window_review_block_ms"] = max(*blocks, since(start))
    found["store/window_scroll_ms"] = sorted(scrolls)[len(scrolls) // 2]
    found["store/window_next_ms"] = sorted(steps)[len(steps) // 2]
    window.close()
print(json.dumps(found))
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.million_images")
    parser.add_argument("--images", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, help="where the project is made, and removed again")
    parser.add_argument("--project", type=Path, help="a folder that keeps it")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    start, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        folder = options.project or Path(work) / "million"
        if not Project.is_project(folder):
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
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "device": "cpu",
            # Other programs at work beside it make everything slower.
            "load": round(load, 1),
        },
        "seconds": round(time.monotonic() - start, 1),
        "figures": figures,
    }
    options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
