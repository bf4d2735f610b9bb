"""What an import of images leaves out is named, each with its reason."""

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "project", Scheme("pair", ("a", "b"))) as project:
        yield project


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(2):
        Image.fromarray(np.full((8, 9, 3), 90 * number, np.uint8)).save(folder / f"{number}.png")
    return folder


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_copy_is_named_with_what_it_is_a_copy_of(project, images, dry_run):
    (images / "z.png").write_bytes((images / "1.png").read_bytes())
    report = import_labels(project, images, who="me", format="images", dry_run=dry_run)
    assert report.added == 2
    [copy] = report.copies
    assert copy.path.name == "z.png"
    assert "same picture as 1.png" in copy.reason


def test_of_videos_among_images_it_is_said_that_none_comes_in(project, images):
    for name in ("clip.mp4", "other.avi"):
        (images / name).write_bytes(b"pictures that move")
    report = import_labels(project, images, who="me", format="images", dry_run=True)
    [said] = report.notes
    assert said.startswith("Of 2 videos in the folder nothing comes in, such as ")
    assert str(images / "clip.mp4") in said


def test_what_is_imported_again_is_no_copy(project, images):
    import_labels(project, images, who="me", format="images")
    again = import_labels(project, images, who="me", format="images")
    assert (again.unchanged, again.copies) == (2, [])


def test_a_file_that_was_moved_is_no_copy(project, images):
    import_labels(project, images, who="me", format="images")
    (images / "1.png").rename(images / "2.png")
    assert import_labels(project, images, who="me", format="images").copies == []


def test_pictures_of_other_kinds_and_names_are_named_and_other_files_are_not(project, images):
    (images / "camera.HEIC").write_bytes(b"heic")
    (images / "odd.jfif2").write_bytes((images / "1.png").read_bytes())
    (images / "bare").write_bytes((images / "1.png").read_bytes())
    (images / "notes.txt").write_text("P hello")
    report = import_labels(project, images, who="me", format="images")
    reasons = {entry.path.name: entry.reason for entry in report.unreadable}
    assert set(reasons) == {"camera.HEIC", "odd.jfif2", "bare"}
    assert "convert" in reasons["camera.HEIC"]
    assert "ends in .jfif2" in reasons["odd.jfif2"]
    assert "no ending" in reasons["bare"]


def test_labels_of_copies_come_in_and_that_they_share_a_picture_is_told(project, images):
    (images / "z.png").write_bytes((images / "1.png").read_bytes())
    for number, name in enumerate(("0", "1", "z")):
        (images / f"{name}.pts").write_text(f"{number + 1} 2\n3 4\n")
    report = import_labels(project, images, who="me", format="pts")
    assert (report.added, report.images_added) == (3, 2)
    [told] = report.notes
    assert told.startswith("1 labelled image is byte for byte the same picture as another")
    assert import_labels(project, images, who="me", format="pts").notes == []


def test_a_missing_image_is_named_by_all_that_it_may_be_called(project, images):
    (images / "5_2.pts").write_text("1 2\n3 4\n")
    [missing] = import_labels(project, images, who="me", format="pts").unreadable
    assert "no image of the name 5 or 5_2" in missing.reason
