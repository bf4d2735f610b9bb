"""Videos of a project, and those of their frames that are labelled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ProjectError


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("dots", ("one", "two"))) as project:
        yield project


def facts(*numbers: int, of: str = "v") -> dict[int, ImageFacts]:
    return {number: ImageFacts(20, 10, f"{of} {number}") for number in numbers}


def frames(project: Project) -> list[int | None]:
    return [image.frame for image in project.images()]


def test_frames_stand_in_the_order_in_which_they_are_shown(
    project: Project, tmp_path: Path
) -> None:
    video = project.add_video(tmp_path / "clip.mp4", "v", 25.0)
    project.add_frames(video.id, facts(40, 10))
    project.add_image(tmp_path / "a.png", ImageFacts(20, 10, "a"))
    project.add_frames(video.id, facts(50, 20))
    assert frames(project) == [10, 20, 40, 50, None]


def test_what_is_there_is_not_added_again(project: Project, tmp_path: Path) -> None:
    video = project.add_video(tmp_path / "clip.mp4", "v", 25.0)
    project.add_frames(video.id, facts(1, 2))
    assert [image.frame for image in project.add_frames(video.id, facts(2, 3))] == [3]
    assert project.add_video(tmp_path / "copy.mp4", "v", 25.0) == video


def test_a_video_that_moved_takes_its_frames_along(project: Project, tmp_path: Path) -> None:
    video = project.add_video(tmp_path / "clip.mp4", "v", 25.0)
    project.add_frames(video.id, facts(1))
    moved = tmp_path / "moved.mp4"
    moved.touch()
    assert project.add_video(moved, "v", 25.0).path == moved
    assert [image.path for image in project.images()] == [moved]


def test_numbered_images_that_moved_take_their_frames_along(
    project: Project, tmp_path: Path
) -> None:
    """The folder that they were in may hold other things."""
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    (old / "notes.txt").touch()
    (new / "img0001.png").touch()
    video = project.add_video(old / "img%04d.png", "v", None)
    project.add_frames(video.id, facts(0))
    assert project.add_video(new / "img%04d.png", "v", None).path == new / "img%04d.png"
    assert [image.path.parent for image in project.images()] == [new]


def test_a_list_knows_which_frame_it_is(project: Project, tmp_path: Path) -> None:
    video = project.add_video(tmp_path / "clip.mp4", "v", None)
    for image in project.add_frames(video.id, facts(3, 7)):
        project.add_instance(image.id, None, who="ada")
    assert [row.frame for row in project.queue()] == [3, 7]


def test_frames_of_no_video_are_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="no video 3"):
        project.add_frames(3, facts(1))
