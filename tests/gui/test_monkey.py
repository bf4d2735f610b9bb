"""The short form of `tests.benchmarks.monkey`: random gestures in each of a few projects.

What it found is tested where it was mended; this holds the monkey itself, and much at once.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENES = ("several", "video", "broken")


@pytest.mark.parametrize("scene", SCENES)
def test_random_gestures_break_nothing_and_lose_no_click(scene):
    """In a process of its own, for it takes the place of what catches errors."""
    command = [sys.executable, "-m", "tests.benchmarks.monkey", "--here", scene]
    done = subprocess.run(
        [*command, "--gestures", "80", "--seed", "3"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["findings"] == []
    assert told["gestures"] == 80


def test_a_slot_that_fails_is_found(tmp_path):
    script = f"""
from pathlib import Path
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.pages.label.commands.history import History
from tests.benchmarks.monkey.scenes import SCENES
from tests.benchmarks.monkey.session import use
from tests.benchmarks.monkey.watch import Watch

def fail(self):
    raise AssertionError("on purpose")

History.undo = fail
SCENES["plain"](Path({str(tmp_path / "p")!r}), 0)
application()
with Watch(print) as watch:
    use(Path({str(tmp_path / "p")!r}), 0, 80, watch)
print("found:", sum("on purpose" in finding for finding in watch.findings) > 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["found: True"], done.stderr
