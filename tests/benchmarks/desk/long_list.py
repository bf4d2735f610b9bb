"""A project of 100,000 images: how long it takes to open, to go on and to scroll."""

import random
import sqlite3
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.benchmarks.desk.hand import Hand

IMAGES = 100_000
_STEPS = 40


def fill(folder: Path, images: int, seed: int) -> None:
    """Rows alone: the images are not there, so their thumbnails are missing too."""
    errors = random.Random(seed)
    Project.create(folder, Scheme.named("face68")).close()
    database = sqlite3.connect(folder / "project.db")
    database.executemany(
        "INSERT INTO images (id, path, sha256, width, height, position) VALUES (?, ?, ?, ?, ?, ?)",
        ((i, f"images/{i:06}.jpg", f"{i:064x}", 640, 480, i) for i in range(1, images + 1)),
    )
    database.executemany(
        "INSERT INTO instances (id, image_id, state, centre_x, centre_y, width, height, angle, "
        "predicted_error) VALUES (?, ?, 'untouched', 320, 240, 200, 200, 0, ?)",
        ((i, i, errors.lognormvariate(1.0, 0.5)) for i in range(1, images + 1)),
    )
    database.commit()
    database.close()


def list_figures(folder: Path, seed: int) -> Figures:
    fill(folder, IMAGES, seed)
    began, worked = time.perf_counter(), time.thread_time()
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        window.resize(1440, 900)
        window.show()
        window.start()
        window.repaint()
        opened, processor = time.perf_counter() - began, time.thread_time() - worked
        hand, bar = Hand(window), window.list.verticalScrollBar()
        hand.turn()
        steps, scrolls = [], []
        for number in range(_STEPS):
            steps.append(hand.key(Qt.Key.Key_PageDown).painted)
            hand.turn()
            started = time.perf_counter()
            bar.setValue(bar.maximum() * number // _STEPS)
            window.list.viewport().repaint()
            hand.turn()
            scrolls.append(time.perf_counter() - started)
        started = time.perf_counter()
        window.actions_by_name["worst_first"].trigger()
        window.list.viewport().repaint()
        ordered = time.perf_counter() - started
        window.close()
    return {
        "desk/list/images": IMAGES,
        "desk/list/open_s": round(opened, 3),
        "desk/list/open_processor_s": round(processor, 3),
        "desk/list/next_ms": round(1000 * float(np.median(steps)), 1),
        "desk/list/scroll_ms": round(1000 * float(np.median(scrolls)), 1),
        "desk/list/scroll_p99_ms": round(1000 * float(np.quantile(scrolls, 0.99)), 1),
        "desk/list/worst_first_ms": round(1000 * ordered, 1),
    }
