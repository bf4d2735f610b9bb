"""What instances are called in lists: with folders where these tell files apart."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.session.review.named_images import images_named
from landmark_annotator.annotator.session.review.row_names import named, row_names
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import video_at
from landmark_annotator.projects.vocabulary import Scheme

facts = partial(ImageFacts, 200, 200)


@pytest.fixture
def leaves(project: Project) -> Project:
    add(project, "leaves/north/leaf.png", "leaves/south/leaf.png", "leaves/south/Stem.png")
    return project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("bar", ("start", "end"))) as project:
        yield project


def add(project: Project, *paths: str) -> None:
    for path in paths:
        image = project.add_image(project.folder.parent / path, facts(path))
        project.add_instance(image.id, None, who="import")


def names(project: Project) -> list[str]:
    return list(row_names(project, project.listed().tolist()).values())


def test_files_of_one_name_have_their_folders_before_it(leaves: Project) -> None:
    assert names(leaves) == ["north/leaf.png", "south/leaf.png", "south/Stem.png"]


def test_where_all_lie_in_one_folder_no_name_says_it(project: Project) -> None:
    add(project, "leaves/one.png", "leaves/two.png")
    assert names(project) == ["one.png", "two.png"]


def test_one_from_another_folder_changes_what_all_are_called(project: Project) -> None:
    add(project, "leaves/north/one.png", "leaves/north/two.png")
    assert names(project) == ["one.png", "two.png"]
    add(project, "leaves/south/one.png")
    assert names(project) == ["north/one.png", "north/two.png", "south/one.png"]


def test_one_that_came_in_since_the_list_was_read_says_where_it_is(leaves: Project) -> None:
    assert row_names(leaves, [1])[1] == "north/leaf.png"
    add(leaves, "stems/leaf.png")
    assert row_names(leaves, [4])[4] == "stems/leaf.png"


def test_images_that_were_moved_are_called_as_they_lie_now(project: Project) -> None:
    add(project, "leaves/one.png", "leaves/two.png")
    assert names(project) == ["one.png", "two.png"]
    for name in ("one.png", "two.png"):
        there = project.folder.parent / "elsewhere" / name
        project.add_image(there, facts(f"leaves/{name}"), moved=True)
    assert names(project) == ["one.png", "two.png"]


def test_of_files_all_over_a_machine_the_last_folder_is_named(project: Project) -> None:
    for number, path in enumerate(("/data/ada/leaf.png", "/home/ben/photos/leaf.png")):
        image = project.add_image(Path(path), facts(str(number)))
        project.add_instance(image.id, None, who="import")
    assert names(project) == ["ada/leaf.png", "photos/leaf.png"]


@pytest.mark.parametrize(
    ("part", "found"),
    [("LEAF.", [1, 2]), ("leaves", []), ("South", [2, 3]), ("north/leaf", [1]), ("h/s", [3])],
)
def test_they_are_found_by_what_they_are_called(
    leaves: Project, part: str, found: list[int]
) -> None:
    assert named(leaves, part).tolist() == found


def walk(project: Project, *names: str) -> None:
    """Frames of folders of numbered images; what stands for each of them is no file."""
    for walk, name in enumerate(names):
        folder = project.folder.parent / "walks" / name
        folder.mkdir(parents=True)
        for number in range(2):
            shade = 90 * walk + 40 * number
            Image.new("L", (30, 20), shade).save(folder / f"img{number:04d}.png")
        add_frames(project, video_at(folder), [0, 1], who="ada")


def test_numbered_images_are_called_as_their_folder(project: Project) -> None:
    walk(project, "left")
    assert names(project) == ["left frame 0", "left frame 1"]


def test_those_of_several_folders_are_told_apart(project: Project) -> None:
    walk(project, "left", "right")
    assert names(project) == ["left frame 0", "left frame 1", "right frame 0", "right frame 1"]


def test_by_that_name_they_are_found(project: Project) -> None:
    walk(project, "left", "right")
    assert named(project, "RIGHT frame").tolist() == [3, 4]
    wanted = ["left frame 1", "walks/right frame 0", "right/img%04d.png frame 1"]
    assert [image.id for image in images_named(project, wanted)] == [2, 3, 4]
