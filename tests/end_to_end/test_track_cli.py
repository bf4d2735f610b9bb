"""annotator track, as it is typed."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.annotator.session.tracking.unfinished_following import (
    Following,
    going_on,
    noted,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode


def _labelled_once(folder: Path, video: Path) -> Path:
    """A project with the first frame of the video, which is labelled."""
    with Project.create(folder, Scheme("square", ("one", "two", "three"))) as made:
        image = add_frames(made, video, [0], who="ann").added[0]
        points = np.array([[0.0, 0.0], [15.0, 0.0], [15.0, 15.0]])
        own = made.instances_of(image.id)[0]
        made.fill_instance(own.id, Box.square_around(points, 1.5), Shape(points), who="ann")
    return folder


def test_a_square_is_followed_from_its_one_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = encode(tmp_path / "clip.mp4", frames=8)
    folder = _labelled_once(tmp_path / "p", video)
    asked = ["track", str(folder), str(video), "--last", "3", "--add", "--json"]
    assert run(asked) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["frames"] == 4
    assert done["proposed"] == 3
    assert done["tracks"] == {"1": 4}
    with Project.open(folder) as opened:
        stored = [opened.proposal(record.id) for record in opened.instances()]
    assert [None if each is None else each.model for each in stored] == [None, *["tracking"] * 3]


def test_no_frame_comes_in_to_be_followed_in_vain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = encode(tmp_path / "clip.mp4", frames=8)
    folder = _labelled_once(tmp_path / "p", video)
    assert run(["track", str(folder), str(video), "--first", "2", "--add"]) != 0
    assert "No frame of clip.mp4 in that range has an object" in capsys.readouterr().err
    with Project.open(folder) as opened:
        assert [image.frame for image in opened.images()] == [0]


def test_that_nothing_was_followed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 new objects were told of, and not that it is one frame that was looked at, or why."""
    video = encode(tmp_path / "clip.mp4", frames=8)
    folder = _labelled_once(tmp_path / "p", video)
    assert run(["track", str(folder), str(video)]) == 0
    told = capsys.readouterr().out
    assert "No object was found in two frames. --add brings in the frames" in told
    assert run(["track", str(folder), str(video), "--last", "1", "--add"]) == 0
    assert "found in two frames" not in capsys.readouterr().out


def test_frames_that_a_window_follows_are_not_followed_by_a_command_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = encode(tmp_path / "clip.mp4", frames=8)
    folder = _labelled_once(tmp_path / "p", video)
    with noted(folder, Following("ann", 1, 0, 7)):
        assert run(["track", str(folder), str(video)]) != 0
    told = capsys.readouterr().err
    assert "frames 0 to 7 of this video in another window or by a command" in told
    assert run(["track", str(folder), str(video)]) == 0
    assert going_on(folder) == []


def test_proposing_after_following_smooths_the_track_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = encode(tmp_path / "clip.mp4", frames=4)
    folder = _labelled_once(tmp_path / "p", video)
    assert run(["track", str(folder), str(video), "--add"]) == 0
    capsys.readouterr()
    assert run(["propose", str(folder), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["proposed"], done["followed"]["proposed"]) == (0, 3)
    with Project.open(folder) as opened:
        stored = [opened.proposal(record.id) for record in opened.instances()]
    assert [None if each is None else each.model for each in stored] == [None, *["tracking"] * 3]


def test_a_folder_of_numbered_images_is_followed_as_a_video_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames = tmp_path / "walk"
    frames.mkdir()
    spots = np.random.default_rng(0).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    ground = spots.repeat(4, axis=0).repeat(4, axis=1)
    for number in range(4):
        pixels = ground[:24, number : number + 32]
        Image.fromarray(pixels).save(frames / f"img_{number:04d}.png")
    folder = _labelled_once(tmp_path / "p", numbered_images(frames))
    assert run(["track", str(folder), str(frames), "--add", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tracks"] == {"1": 4}
    assert run(["clip", str(folder), str(frames), str(tmp_path / "walk.mp4")]) == 0
    assert "4 of them with landmarks" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["clip.mp4", "img_%04d.png"])
def test_frames_are_added_of_a_video_that_is_named_without_its_folder(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = tmp_path / "films" / name
    video.parent.mkdir()
    if name == "clip.mp4":
        encode(video, frames=3)
    else:
        for number in range(3):
            Image.new("RGB", (32, 24), (80 * number, 0, 0)).save(video.parent / (name % number))
    folder = _labelled_once(tmp_path / "p", video)
    assert run(["track", str(folder), name, "--add", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 3
