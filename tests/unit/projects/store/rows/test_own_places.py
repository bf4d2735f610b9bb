"""Where one machine has images and videos that the others of a shared project have elsewhere."""

import platform
from collections.abc import Iterator
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.rows import own_places


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_places, "_LOOKS_S", 0.0)


@pytest.fixture
def project(folder: Path) -> Iterator[Project]:
    with Project.create(folder, kites.SCHEME) as project:
        project.add_image(folder / "in" / "a.png", kites.Facts("a"))
        video = project.add_video(Path("/lab/clip.mp4"), "clip", 25.0)
        project.add_frames(video.id, {3: kites.Facts("frame")})
        yield project


def paths(project: Project) -> list[Path]:
    return [image.path for image in project.images()] + [each.path for each in project.videos()]


def test_images_videos_and_their_frames_are_where_this_machine_has_them(
    project: Project, folder: Path, tmp_path: Path
) -> None:
    image, video = tmp_path / "b.png", tmp_path / "clip.mp4"
    project.say_places({"a": image, "clip": video, "another": tmp_path})
    assert paths(project) == [image, video, video]
    project.say_places({"a": folder / "in" / "a.png"})
    assert paths(project) == [folder / "in" / "a.png", video, video]
    with project.as_everybody():
        lab = Path("/lab/clip.mp4")
        assert paths(project) == [folder / "in" / "a.png", lab, lab]
    assert paths(project) == [folder / "in" / "a.png", video, video]


def test_another_machine_on_the_same_folder_has_places_of_its_own(
    project: Project, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = paths(project)
    project.say_places({"a": tmp_path / "here.png"})
    monkeypatch.setattr(platform, "node", lambda: "another")
    own_places._known.clear()
    assert paths(project) == before
    project.say_places({"a": tmp_path / "elsewhere.png"})
    assert paths(project)[0] == tmp_path / "elsewhere.png"
    monkeypatch.undo()
    own_places._known.clear()
    assert paths(project)[0] == tmp_path / "here.png"


def test_a_file_of_places_that_is_damaged_says_nothing(project: Project, folder: Path) -> None:
    before = paths(project)
    for content in ("", "[1]", '{"x": 3}', "\x00"):
        (folder / own_places.PLACES_NAME).write_text(content)
        own_places._known.clear()
        assert paths(project) == before
