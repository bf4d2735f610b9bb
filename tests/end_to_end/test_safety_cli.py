"""annotator backup, restore, check and compact, as they are typed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

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


def test_where_there_is_no_backup_none_is_offered(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["restore", str(bars)]) == 0
    said = capsys.readouterr()
    assert "no backups" in said.out
    assert "annotator backup" in said.err
    assert "NEW_FOLDER" not in said.err


def test_a_sound_project_passes_the_check(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert facts(capsys, "check", bars)["sound"]
    assert facts(capsys, "compact", bars)["bytes"] > 0
    assert facts(capsys, "check", bars)["sound"]


def test_a_replaced_image_is_named_and_stays_out_of_exports(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.fromarray(np.zeros((40, 60, 3), dtype=np.uint8)).save(bars / "images" / "1.png")
    assert run(["check", str(bars), "--json"]) == 3
    (image,) = json.loads(capsys.readouterr().out)["images"]
    assert image["path"] == str(bars / "images" / "1.png")
    assert "another" in image["what"]
    done = facts(capsys, "export", bars, tmp_path / "bars.csv", "--format", "csv")
    assert done["instances"] == 2
    assert "1 image was left out" in " ".join(done["notes"])


def test_what_was_changed_behind_the_journal_is_told_and_mended(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(bars) as project:
        project.place(1, 0, (1, 2), who="ada")
    with closing(sqlite3.connect(bars / "project.db")) as connection, connection:
        connection.execute("UPDATE landmarks SET x = 9 WHERE instance_id = 1 AND landmark = 0")
    export = ["export", str(bars), str(tmp_path / "bars.csv"), "--format", "csv"]
    assert run(export) == 3
    assert "annotator check" in capsys.readouterr().err
    assert not (tmp_path / "bars.csv").exists()
    facts(capsys, "check", bars, "--repair")
    assert run(export) == 0


def test_what_a_newer_version_has_made_is_not_compacted_and_that_is_said(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(bars / "project.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert run(["compact", str(bars)]) == 3
    assert "made by a newer version" in capsys.readouterr().err
