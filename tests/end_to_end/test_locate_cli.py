"""annotator locate, as it is typed."""

from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme


def test_what_is_missing_is_told_and_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.create(tmp_path / "p", Scheme("dots", ("one", "two"))) as project:
        Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
        project.add_image(tmp_path / "a.png", examine(tmp_path / "a.png"))
    (tmp_path / "new").mkdir()
    (tmp_path / "a.png").rename(tmp_path / "new" / "b.png")
    assert run(["locate", str(tmp_path / "p")]) == ExitCode.UNUSABLE
    assert f"1 image of {tmp_path} is missing." in capsys.readouterr().out
    assert run(["locate", str(tmp_path / "p"), str(tmp_path / "new")]) == 0
    assert "1 file found again." in capsys.readouterr().out
    assert run(["locate", str(tmp_path / "p")]) == 0
    assert "All files are where they were." in capsys.readouterr().out
