"""How long a window takes to be of use, each time in a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

_STARTS = 5
_WINDOW = """
import sys, time
from pathlib import Path
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.projects.store import Project
app = application()
with Project.open(Path(sys.argv[1])) as project:
    window = MainWindow(project, who="benchmark")
    window.resize(1440, 900)
    window.show()
    loaded = []
    window.preparation.picture_ready.connect(lambda _: loaded.append("torch" in sys.modules))
    window.start()
    while not ({until}):
        app.processEvents()
        time.sleep(0.001)
    window.canvas.repaint()
    print("usable", loaded[0], flush=True)
    sys.stdin.read()
    window.close()
"""
_SAMPLES = """
import sys
from pathlib import Path
from landmark_annotator.projects.samples import create_demo_project
create_demo_project(Path(sys.argv[1])).close()
"""
_PHOTOGRAPH = "window.canvas.scene.image_size is not None"
_PROPOSAL = "window.controller.view is not None and window.controller.view.backend is not None"


def start_seconds(folder: Path) -> list[float]:
    """From the start of the process until the window shows its first photograph."""
    return [_seconds(_WINDOW.format(until=_PHOTOGRAPH), folder) for _ in range(_STARTS)]


def demo_seconds(folder: Path) -> tuple[float, list[float]]:
    """(drawing the sample heads, which only the first call does; each call until the first
    proposal is on the screen)."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _SAMPLES, str(folder)], check=True)
    drawn = time.perf_counter() - started
    return drawn, [_seconds(_WINDOW.format(until=_PROPOSAL), folder) for _ in range(_STARTS)]


def _seconds(program: str, folder: Path) -> float:
    # As installed: Python's compiled files are kept, also where this process keeps none.
    kept = folder.with_name("compiled")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(kept)
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        assert child.stdout is not None
        said = child.stdout.readline().split()
        seconds = time.perf_counter() - started
        if said != ["usable", "False"]:
            sys.exit(f"The first photograph waited for torch: {said}")
        child.communicate("")
    return seconds
