"""The wizard of a new project, and what it is shown."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.gui.start.wizard import NewProjectWizard


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    """Two images with .pts beside them, one of which has a point too few, and one without."""
    folder = tmp_path / "leaves"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(np.full((40, 60, 3), 40 * number, np.uint8)).save(folder / f"{number}.png")
    for number, count in ((0, 3), (1, 2)):
        lines = "\n".join(f"{10 + 9 * i} {15 + i}" for i in range(count))
        (folder / f"{number}.pts").write_text(f"version: 1\nn_points: {count}\n{{\n{lines}\n}}\n")
    return folder


@pytest.fixture
def wizard(qtbot, photographs):
    wizard = NewProjectWizard("somebody", photographs)
    qtbot.addWidget(wizard, before_close_func=lambda w: w.close_threads())
    with qtbot.waitActive(wizard):
        wizard.show()
        wizard.activateWindow()
    return wizard
