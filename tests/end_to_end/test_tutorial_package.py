"""The backend of the tutorial as a package of its own, word for word."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from landmark_annotator.projects.samples import create_sample_project

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "backend.md"
CARD = """from landmark_annotator.backends.registry import Backend
MEAN = Backend("mean", "mean shape", ("torch", "safetensors"), "Any book.", "mean_shape.backend")
"""


def test_it_is_trained_by_the_command(tmp_path: Path) -> None:
    """It was asked for a setting that it does not have, and its card for figures."""
    package, told = tmp_path / "src" / "mean_shape", tmp_path / "src" / "mean_shape-1.0.dist-info"
    package.mkdir(parents=True)
    told.mkdir()
    [piece, *_] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (package / "__init__.py").touch()
    (package / "backend.py").write_text(piece, encoding="utf-8")
    (package / "cards.py").write_text(CARD, encoding="utf-8")
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: mean-shape\nVersion: 1.0\n")
    entry = "[landmark_annotator.backends]\nmean = mean_shape.cards:MEAN\n"
    (told / "entry_points.txt").write_text(entry)
    create_sample_project(tmp_path / "heads").close()
    places = [str(package.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    command = [sys.executable, "-m", "landmark_annotator.annotator", "train"]
    done = subprocess.run(
        [*command, tmp_path / "heads", "--backend", "mean", "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["instances"]["training"] > 1
    assert (tmp_path / "heads" / "models" / "mean" / "card.json").is_file()
