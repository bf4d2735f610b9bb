"""Images that are not where they were: every command that needs them says so."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

POINTS = np.array([[12.0, 12], [36, 12], [24, 20], [16, 34], [32, 34]])


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """A project of which all photographs were moved elsewhere."""
    random = np.random.default_rng(0)
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    with Project.create(tmp_path / "p", Scheme("dots", tuple("abcde"))) as project:
        for n in range(14):
            path = photographs / f"{n:02}.png"
            Image.fromarray(random.integers(0, 256, (48, 48, 3), dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path)).id
            shape = Shape(POINTS + random.normal(0, 1.0, POINTS.shape))
            project.add_instance(image, Box(24, 24, 36, 36), shape=shape, who="ada")
    photographs.rename(tmp_path / "elsewhere")
    return tmp_path / "p"


@pytest.mark.parametrize("command", ["train", "simulate"])
def test_what_can_do_nothing_without_images_refuses(
    moved: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, str(moved)]) == ExitCode.UNUSABLE
    said = " ".join(capsys.readouterr().err.split())
    assert " can be read. " in said
    assert "There is no image" in said
    assert "annotator locate" in said
    assert "import their folder again" in said


@pytest.mark.usefixtures("shipped_weights")
@pytest.mark.parametrize("command", ["propose", "find"])
def test_images_without_labels_that_were_moved_are_refused_too(
    moved: Path, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare"
    Project.create(bare, Scheme.named("face68")).close()
    (tmp_path / "elsewhere").rename(tmp_path / "photographs")
    whole = ["--whole-image"] if command == "propose" else []
    assert run(["import", str(bare), str(tmp_path / "photographs"), *whole]) == 0
    (tmp_path / "photographs").rename(tmp_path / "elsewhere")
    assert run([command, str(bare)]) == ExitCode.UNUSABLE
    said = " ".join(capsys.readouterr().err.split())
    assert "None of 14 images can be read. There is no image" in said


def test_labels_are_exported_and_a_strict_export_is_incomplete(
    moved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["export", str(moved), "--format", "csv"]
    assert run([*asked, str(tmp_path / "one.csv")]) == 0
    assert "14 images of those that are named are not where they were" in capsys.readouterr().err
    (tmp_path / "apart").mkdir()
    assert run([*asked, str(tmp_path / "apart" / "one.csv")]) == 0
    assert "14 images could not be copied" in capsys.readouterr().err
    assert run([*asked, str(tmp_path / "two.csv"), "--strict"]) == ExitCode.INCOMPLETE
    (tmp_path / "elsewhere").rename(tmp_path / "photographs")
    assert run([*asked, str(tmp_path / "three.csv"), "--strict"]) == 0


def test_a_search_for_wrong_labels_says_what_it_could_not_look_at(
    moved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", str(moved), "--worst", "3"]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "14 images of" in said
    assert "judged by the other shapes alone" in said
