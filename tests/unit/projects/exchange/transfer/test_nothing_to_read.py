"""An import of which nothing comes says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

FOLDERS = ["pts", "tem", "asf", "openpose", "slicer", "napari", "labelme", "yolo"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    scheme = Scheme("triangle", ("top", "left", "right"))
    with Project.create(tmp_path / "project", scheme) as project:
        yield project


@pytest.mark.parametrize("format", [*FOLDERS, "csv", "coco", "deeplabcut", "sleap"])
def test_a_file_that_is_not_there_is_told_to_be_missing(
    project: Project, tmp_path: Path, format: str
) -> None:
    with pytest.raises(FormatError, match=r"There is no file or folder .*gone\."):
        import_labels(project, tmp_path / "gone", who="ada", format=format)


@pytest.mark.parametrize("format", FOLDERS)
def test_a_folder_with_nothing_in_it_is_told_to_be_empty(
    project: Project, tmp_path: Path, format: str
) -> None:
    (tmp_path / "labels").mkdir()

    report = import_labels(project, tmp_path / "labels", who="ada", format=format)

    assert report.notes == [
        f"There was nothing to read in {tmp_path / 'labels'}: no labels and no images."
    ]


@pytest.mark.parametrize(
    ("name", "text"), [("CollectedData.csv", "scorer,ada,ada\nbody"), ("metadata.jsonl", "")]
)
def test_images_of_a_table_that_is_cut_short_do_not_come_in_without_a_word(
    project: Project, tmp_path: Path, name: str, text: str
) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "a.png")
    (tmp_path / name).write_text(text)

    try:
        told = import_labels(project, tmp_path, who="ada").notes
    except FormatError as error:
        told = [str(error)]

    assert told
    assert project.images() == []
