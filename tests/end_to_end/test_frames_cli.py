"""annotator frames, as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.unit.projects.video.encoded import encode


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "p", Scheme("dots", ("one", "two"))) as made:
        return made.folder


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("choice", "added"),
    [
        (("--count", 3), [10, 30, 50]),
        (("--every", 25), [0, 25, 50]),
        (("--at", "7,3"), [3, 7]),
    ],
)
def test_each_way_of_choosing(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], choice: Any, added: list[int]
) -> None:
    video = encode(tmp_path / "clip.mp4")
    assert facts(capsys, "frames", project, video, *choice)["added"] == added
    assert facts(capsys, "frames", project, video, *choice)["known"] == len(added)


def test_frames_are_excluded_by_the_name_that_lists_show(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts(capsys, "frames", project, encode(tmp_path / "clip.mp4"), "--at", "7,3")
    facts(capsys, "exclude", project, "--image", "clip.mp4 frame 7", "--reason", "blurred")
    with Project.open(project) as opened:
        assert [image.frame for image in opened.images()] == [3]


def test_one_way_of_choosing_is_needed(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["frames", str(project), str(tmp_path / "clip.mp4")]) == 2
    assert "one of --count, --every and --at" in capsys.readouterr().err


def test_of_a_folder_of_videos_one_is_to_be_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was told to hold no numbered images."""
    folder = tmp_path / "day 1"
    folder.mkdir()
    encode(folder / "clip.mp4", 3)
    assert run(["frames", str(project), str(folder), "--count", "2"]) != 0
    said = capsys.readouterr().err
    assert "holds 1 video" in said
    assert f"annotator frames {project} '{folder / 'clip.mp4'}'" in " ".join(said.split())


def test_import_says_where_videos_go(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(project), str(encode(tmp_path / "clip.mp4"))]) != 0
    assert "annotator frames PROJECT clip.mp4" in capsys.readouterr().err


def test_import_refuses_a_video_without_a_sign_of_having_read_it(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", str(project), str(encode(tmp_path / "my clip.mp4"))]) != 0
    told = capsys.readouterr().err
    assert "annotator frames PROJECT 'my clip.mp4'" in " ".join(told.split())
    assert "Reading labels" not in told
