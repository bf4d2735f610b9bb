"""The images that a project records."""

from collections.abc import Callable
from pathlib import Path

import kites
import pytest

from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.vocabulary.errors import ProjectError

AddImage = Callable[[str], ImageRecord]


def test_images_come_in_the_order_they_were_added(project: Project, add_image: AddImage) -> None:
    added = [add_image(name) for name in ("c.png", "a.png", "b.png")]
    assert project.images() == added


def test_an_image_can_be_given_its_place_in_the_order(
    project: Project, add_image: AddImage
) -> None:
    first = add_image("a.png")
    earlier = project.add_image(project.folder / "b.png", kites.Facts("b"), position=-1)
    assert project.images() == [earlier, first]


def test_an_image_keeps_its_facts(project: Project) -> None:
    facts = kites.Facts("abc", width=640, height=480)
    image = project.add_image(project.folder / "a.png", facts)
    found = project.image(image.id)
    assert (found.sha256, found.width, found.height) == ("abc", 640, 480)


def test_the_same_content_is_added_once(project: Project, add_image: AddImage) -> None:
    first = add_image("a.png")
    assert project.add_image(project.folder / "copy.png", kites.Facts(first.sha256)) == first
    assert project.images() == [first]


def test_an_image_that_has_moved_is_found_at_its_new_path(project: Project, tmp_path: Path) -> None:
    image = project.add_image(tmp_path / "gone.png", kites.Facts("a"))
    (tmp_path / "there.png").write_bytes(b"the same content")
    moved = project.add_image(tmp_path / "there.png", kites.Facts("a"))
    assert (moved.id, moved.path) == (image.id, tmp_path / "there.png")


def test_an_image_that_is_still_there_keeps_its_path(project: Project, tmp_path: Path) -> None:
    for name in ("a.png", "copy.png"):
        (tmp_path / name).write_bytes(b"the same content")
    image = project.add_image(tmp_path / "a.png", kites.Facts("a"))
    assert project.add_image(tmp_path / "copy.png", kites.Facts("a")) == image


def test_paths_inside_the_folder_are_stored_from_there(project: Project) -> None:
    project.add_image(project.folder / "images" / "a.png", kites.Facts("a"))
    assert kites.rows(project.folder, "SELECT path FROM images") == [("images/a.png",)]


def test_paths_elsewhere_are_stored_whole(project: Project, tmp_path: Path) -> None:
    project.add_image(tmp_path / "elsewhere" / "a.png", kites.Facts("a"))
    assert project.images()[0].path == tmp_path / "elsewhere" / "a.png"


def test_a_path_is_made_absolute(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    image = project.add_image(Path("kites/../a.png"), kites.Facts("a"))
    assert image.path == tmp_path / "a.png"


def test_an_unknown_image_is_an_error(project: Project) -> None:
    with pytest.raises(ProjectError, match="no image 7"):
        project.image(7)
