"""Labels of numbered images that are a video of the project, out of it and in again."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.exchange import (
    export_labels,
    export_set,
    import_labels,
    import_proposals,
)
from landmark_annotator.projects.exchange.codecs.common.staging import rehearsal
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError
from tests.unit.projects.exchange.transfer.test_tracks_in_and_out import BOX, SCHEME, told

NUMBERS = (3, 4, 7, 10, 12)
"""Of the files; as frames they are counted from 0."""


@pytest.fixture
def mouse(tmp_path: Path) -> Path:
    """A folder of numbered images, all alike but for a little, as those of a camera are."""
    folder = tmp_path / "labeled-data" / "mouse"
    folder.mkdir(parents=True)
    for number in NUMBERS:
        pixels = np.full((40, 50, 3), 100 + number // 4, dtype=np.uint8)
        pixels[number, number] = 255
        Image.fromarray(pixels).save(folder / f"img{number:04d}.png")
    return numbered_images(folder)


def labelled(folder: Path, mouse: Path, frames: tuple[int, ...] = (0, 2, 3)) -> Project:
    project = Project.create(folder, SCHEME)
    add_frames(project, mouse, frames, who="ada")
    [video] = project.videos()
    track = project.add_track(video.id, "Algernon", who="ada")
    for image in project.images():
        shape = Shape(np.array([[10.0 + (image.frame or 0), 20.0], [30.0, 40.0]]))
        project.add_instance(image.id, BOX, track=track.id, shape=shape, who="ada")
    return project


@pytest.fixture
def project(tmp_path: Path, mouse: Path) -> Iterator[Project]:
    with labelled(tmp_path / "project", mouse) as project:
        yield project


@pytest.fixture
def other(tmp_path: Path, mouse: Path) -> Iterator[Project]:
    """It has one of the labelled frames, and another."""
    with Project.create(tmp_path / "other", SCHEME) as other:
        add_frames(other, mouse, [1, 2], who="ben")
        yield other


FORMATS = [
    "coco",
    "csv",
    "sleap",
    "cvat-video",
    "deeplabcut",
    "deeplabcut-h5",
    "deeplabcut-project",
]


@pytest.mark.parametrize("format", FORMATS)
def test_out_and_in_again_they_are_the_frames_with_their_tracks(
    project: Project, other: Project, tmp_path: Path, format: str
) -> None:
    export_labels(project, tmp_path / "out", format=format)

    again = import_labels(project, tmp_path / "out", who="ada", format=format)
    report = import_labels(other, tmp_path / "out", who="ben", format=format)

    assert (again.images_added, again.added, again.filled) == (0, 0, 0)
    assert report.images_added == 2
    assert {image.frame for image in other.images()} == {0, 1, 2, 3}
    assert told(other) == told(project) == [(n, "Algernon", 10.0 + n) for n in (0, 2, 3)]
    assert not any("tracks" in note for note in report.notes)


@pytest.mark.parametrize("format", ["coco", "cvat-video"])
def test_the_file_brings_the_video_into_a_project_without_it(
    project: Project, tmp_path: Path, format: str
) -> None:
    export_labels(project, tmp_path / "out", format=format)

    with Project.create(tmp_path / "bare", SCHEME) as bare:
        report = import_labels(bare, tmp_path / "out", who="ben", format=format)

        assert told(bare) == told(project)
        assert not any("not found" in note for note in report.notes)


def test_predictions_for_the_files_are_of_the_frames(
    project: Project, other: Project, tmp_path: Path
) -> None:
    export_labels(project, tmp_path / "out.json", format="coco")

    import_proposals(other, tmp_path / "out.json", who="ben")

    assert {image.frame for image in other.images()} == {0, 1, 2, 3}


def test_what_the_project_has_as_photographs_stays_so(
    project: Project, mouse: Path, tmp_path: Path
) -> None:
    export_labels(project, tmp_path / "out.json", format="coco")
    photograph = mouse.with_name("img0003.png")
    with Project.create(tmp_path / "both", SCHEME) as both:
        image = both.add_image(photograph, examine(photograph))
        add_frames(both, mouse, [2], who="ben")
        export = (tmp_path / "out.json").read_text().replace('"video_id"', '"of"')
        (tmp_path / "out.json").write_text(export)

        import_labels(both, tmp_path / "out.json", who="ben")

        found = {both.image(record.image_id) for record, _ in both.shapes()}
        assert {(one.id == image.id, one.frame) for one in found} == {
            (True, None),
            (False, 2),
            (False, 3),
        }


def test_a_folder_that_has_changed_since_is_no_video_any_more(
    project: Project, mouse: Path, tmp_path: Path
) -> None:
    export_labels(project, tmp_path / "out.csv", format="csv")
    Image.new("RGB", (50, 40)).save(mouse.with_name("img0005.png"))

    report = import_labels(project, tmp_path / "out.csv", who="ada")

    assert report.images_added == 3
    assert {image.frame for image in project.images()} == {0, 2, 3, None}


def test_tracks_are_not_said_to_be_lost_of_images_that_are_not_there(
    project: Project, mouse: Path, tmp_path: Path
) -> None:
    export_labels(project, tmp_path / "out.csv", format="csv")
    mouse.parent.rename(tmp_path / "away")

    with Project.create(tmp_path / "bare", SCHEME) as bare:
        report = import_labels(bare, tmp_path / "out.csv", who="ada")

    assert len(report.unreadable) == 3
    assert not any("tracks" in note for note in report.notes)


def test_a_folder_of_which_labels_say_nothing_is_not_read(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, known: object = ()) -> str:
        raise AssertionError(path)

    photograph = tmp_path / "elsewhere" / "photo.png"
    photograph.parent.mkdir()
    Image.fromarray(np.zeros((40, 50, 3), dtype=np.uint8)).save(photograph)
    table = photograph.with_suffix(".csv")
    table.write_text("image,one.x,one.y,two.x,two.y\nphoto.png,1,2,3,4\n")
    monkeypatch.setattr(
        "landmark_annotator.projects.exchange.transfer.written_frames.video_sha256", refuse
    )
    report = import_labels(project, table, who="ada")
    assert report.added == 1


def test_what_is_no_longer_what_was_labelled_is_not_exported(
    project: Project, mouse: Path, tmp_path: Path
) -> None:
    """Frames are files by their places in the folder: of those the labels would be others'."""
    for number in (3, 4):
        mouse.with_name(f"img{number:04d}.png").unlink()

    with pytest.raises(ImageError, match="are not those that were added"):
        export_labels(project, tmp_path / "out.csv", format="csv")
    with rehearsal():
        export_set(project, tmp_path / "set.csv", format="csv")  # a look reads no images
    report = export_set(project, tmp_path / "set.csv", format="csv")

    assert report.instances == 0
    assert any("3 images were left out" in note for note in report.notes)


def test_a_folder_that_is_away_is_told(project: Project, mouse: Path, tmp_path: Path) -> None:
    for number in NUMBERS:
        mouse.with_name(f"img{number:04d}.png").unlink()

    with pytest.raises(FileMissing, match="There are no images"):
        export_set(project, tmp_path / "set.csv", format="csv")


def test_more_images_after_the_last_one_change_nothing(
    project: Project, mouse: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (50, 40)).save(mouse.with_name("img0013.png"))

    report = export_set(project, tmp_path / "set.csv", format="csv")

    assert report.instances == 3
    assert "img0010.png" in (tmp_path / "set.csv").read_text()
