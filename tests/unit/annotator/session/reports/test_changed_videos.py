"""Whether the files of a project are as they were, where they are videos."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.reports.changed_images import changed_images
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import SILENT, Scheme
from tests.unit.projects.video.encoded import encode


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("bar", ("start", "end"))) as project:
        yield project


def film(folder: Path) -> tuple[Path, Path]:
    """A video, and its file."""
    path = encode(folder / "clip.mp4", 6)
    return path, path


def walk(folder: Path) -> tuple[Path, Path]:
    """Numbered images as a video, and one of their files."""
    made = folder / "walk"
    made.mkdir()
    for number in range(3):
        shade = np.full((8, 12, 3), 40 * number, np.uint8)
        Image.fromarray(shade).save(made / f"img_{number}.png")
    return numbered_images(made), made / "img_1.png"


@pytest.mark.parametrize("make", [film, walk])
def test_a_video_that_is_another_one_or_away_is_found(
    project: Project, tmp_path: Path, make: Callable[[Path], tuple[Path, Path]]
) -> None:
    """Once, however many of its frames are there: all was said to be as it should be."""
    video, file = make(tmp_path)
    add_frames(project, video, [0, 1, 2], who="ada")
    assert changed_images(project, SILENT) == []
    other = file.with_name("other")
    other.write_bytes(file.read_bytes() + b" ")
    other.replace(file)
    (found,) = changed_images(project, SILENT)
    assert (found.path, "another" in found.what) == (str(video), True)
    for each in {file.parent / "img_0.png", file.parent / "img_2.png", file}:
        each.unlink(missing_ok=True)
    (found,) = changed_images(project, SILENT)
    assert (found.path, found.what) == (str(video), "it is not where it was")


def test_a_video_that_is_away_is_one_file(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video, _ = film(tmp_path)
    add_frames(project, video, [0, 1, 2], who="ada")
    video.unlink()
    assert run(["status", str(project.folder)]) == 0
    said = capsys.readouterr().out
    assert f"Not where it was: {video}" in said
    assert "more image file" not in said
