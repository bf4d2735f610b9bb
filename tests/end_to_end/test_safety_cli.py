"""annotator backup and restore, as they are typed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from annotator.cli.main import run
from projects.images import examine
from projects.store import Project
from projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    folder = tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        for n in range(3):
            path = folder / "images" / f"{n}.png"
            path.parent.mkdir(exist_ok=True)
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            box = Box(30, 20, 50, 50)
            project.add_instance(image.id, box, shape=Shape(POINTS + n), who="ada")
    return folder


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_backup_is_made_and_restored_beside(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = facts(capsys, "backup", bars)
    with Project.open(bars) as project:
        project.place(1, 0, (1, 2), who="ada")
    assert facts(capsys, "restore", bars)["backups"] == made["backups"]
    facts(capsys, "restore", bars, "--to", tmp_path / "again")
    with Project.open(tmp_path / "again") as again:
        assert again.shape(1).points == pytest.approx(POINTS)
        assert all(image.path.is_file() for image in again.images())
