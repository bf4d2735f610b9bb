"""A folder of numbered images that is a video of the project, and gets more images later."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.reports.changed_images import changed_images
from landmark_annotator.annotator.session.setup.missing_files import locate
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images.source import pixels_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import SILENT, Scheme
from landmark_annotator.projects.vocabulary.errors import ImageError


def photograph(folder: Path, *numbers: int) -> None:
    for number in numbers:
        shade = np.full((8, 12, 3), 5 * number, np.uint8)
        Image.fromarray(shade).save(folder / f"img_{number:03d}.png")


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    folder = tmp_path / "walk"
    folder.mkdir()
    photograph(folder, 10, 12, 14, 16)
    return numbered_images(folder)


@pytest.fixture
def project(tmp_path: Path, walk: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("bar", ("start", "end"))) as project:
        add_frames(project, walk, [0, 2], who="ada")
        yield project


def shades(project: Project) -> list[int]:
    """Of the frames of the project, in their order."""
    return [int(pixels_of(image)[0, 0, 0]) for image in project.images()]


def test_frames_go_on_to_be_what_they_were(project: Project, walk: Path) -> None:
    """None of them could be opened any more."""
    photograph(walk.parent, 18, 20)
    assert shades(project) == [50, 70]
    assert changed_images(project, SILENT) == []


def test_the_images_that_came_are_frames_of_the_same_video(project: Project, walk: Path) -> None:
    """The frames that were there came in a second time, as of another video."""
    photograph(walk.parent, 18, 20)
    added = add_frames(project, walk, [0, 2, 4], who="ada")
    assert ([image.frame for image in added.added], added.known, added.note) == ([4], 2, "")
    photograph(walk.parent, 22)
    add_frames(project, walk, [6], who="ada")
    assert len(project.videos()) == 1
    assert shades(project) == [50, 70, 90, 110]


def test_an_import_of_the_folder_takes_all_as_frames(project: Project, walk: Path) -> None:
    """They came in as photographs, those too that were frames already, and nothing was said."""
    photograph(walk.parent, 18)
    report = import_labels(project, walk.parent, who="ada")
    assert (report.images_added, report.notes) == (3, [])
    assert [image.frame for image in project.images()] == [0, 1, 2, 3, 4]


def test_a_folder_that_grew_and_was_moved_is_found(
    project: Project, walk: Path, tmp_path: Path
) -> None:
    photograph(walk.parent, 18)
    walk.parent.rename(tmp_path / "moved")
    assert not locate(project, [tmp_path / "moved"]).missing
    assert shades(project) == [50, 70]


def test_another_folder_that_begins_alike_is_another_video(
    project: Project, walk: Path, tmp_path: Path
) -> None:
    other = tmp_path / "longer"
    other.mkdir()
    photograph(other, 10, 12, 14, 16, 18)
    add_frames(project, numbered_images(other), [4], who="ada")
    assert len(project.videos()) == 2
    assert shades(project) == [50, 70, 90]


def test_images_that_come_between_are_told(project: Project, walk: Path) -> None:
    photograph(walk.parent, 13)
    with pytest.raises(ImageError, match="came between") as told:
        shades(project)
    assert "%" not in str(told.value)
    assert (
        "of walk were taken as photographs"
        in import_labels(project, walk.parent, who="ada", dry_run=True).notes[0]
    )
    assert "cannot be shown" in add_frames(project, walk, [2], who="ada").note


def test_who_has_a_frame_as_an_image_already_is_told_that_its_labels_stay_apart(
    tmp_path: Path, walk: Path
) -> None:
    with Project.create(tmp_path / "by_image", Scheme("bar", ("start", "end"))) as project:
        import_labels(project, walk.parent / "img_012.png", who="ada")
        added = add_frames(project, walk, [0, 1], who="ada")
        assert len(added.added) == 2
        assert "1 of them is an image of the project too" in added.note
        assert "of the project too" not in add_frames(project, walk, [2], who="ada").note
