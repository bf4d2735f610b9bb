"""Memory of a window that goes through two thousand real photographs."""

import os
from pathlib import Path

from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.store import Project
from tests.benchmarks.desk.faces import project_of_faces
from tests.benchmarks.desk.hand import Hand

_TIMES = 10
"""How often the memory is looked at."""


def memory_figures(folder: Path, images: int, seed: int) -> Figures:
    """Resident memory in MB after each tenth of the images, each proposed for and clicked once;
    and what it has grown by since the first tenth."""
    folders = ("helen-train", "lfpw-train", "helen-test")
    _, truth = project_of_faces(folder, 50, images, seed, folders)
    every, seen = max(len(truth) // _TIMES, 1), []
    with Project.open(folder) as project:
        window = MainWindow(project, who="benchmark")
        window.resize(1440, 900)
        window.show()
        window.start()
        hand = Hand(window)
        for number in range(1, len(truth) + 1):
            hand.wait(hand.ready)
            record, asked = window.controller.record, window.controller.asked
            assert record is not None
            if asked is not None:
                hand.place(asked, truth[record.id][asked])
            if number % every == 0:
                seen.append(_resident_mb())
            hand.key(Qt.Key.Key_N)
        window.close()
    return {
        "desk/memory/images": len(truth),
        "desk/memory/mb": [round(value) for value in seen],
        "desk/memory/growth_mb": round(seen[-1] - seen[0]),
    }


def _resident_mb() -> float:
    """Of this process now; Linux alone tells."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
