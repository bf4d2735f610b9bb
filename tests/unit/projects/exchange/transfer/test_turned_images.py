"""An export tells of photographs that a camera has stored turned."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import Split, export_labels, export_set
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

ORIENTATION = 274
SHAPE = Shape(np.array([[1.5, 2.5], [3.5, 4.5]]))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "pairs", Scheme("pair", ("one", "two"))) as made:
        yield made


def label(project: Project, name: str, orientation: int, *, accepted: bool = True) -> int:
    image = Image.new("RGB", (50, 60), tuple(name.encode()[:3]))
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    path = project.folder.parent / name
    image.save(path, exif=exif)
    record = project.add_image(path, examine(path))
    instance = project.add_instance(record.id, Box(20, 20, 9, 9), source=name, who="anna")
    if accepted:
        project.accept(instance.id, SHAPE, who="anna")
    return record.id


def told(notes: tuple[str, ...]) -> list[str]:
    return [note.partition(" stored turned")[0] for note in notes if "EXIF" in note]


@pytest.mark.parametrize("orientation", [2, 3, 6])
def test_images_that_are_stored_turned_are_told(project: Project, orientation: int) -> None:
    label(project, "turned.jpg", orientation)
    label(project, "upright.jpg", 1)

    report = export_labels(project, project.folder.parent / "out.json", format="coco")

    assert told(report.notes) == told(report.losses) == ["1 image is"]


def test_what_is_not_exported_is_not_told(project: Project) -> None:
    label(project, "turned.jpg", 6, accepted=False)
    label(project, "upright.jpg", 1)

    report = export_labels(project, project.folder.parent / "out.json", format="coco")

    assert told(report.notes) == []


def test_the_data_sheet_tells_it(project: Project) -> None:
    label(project, "turned.jpg", 6)

    report = export_set(project, project.folder.parent / "out.json", format="coco")

    assert report.sheet is not None
    assert "1 image is stored turned" in report.sheet.read_text()


def test_each_part_of_a_split_tells_its_own(project: Project) -> None:
    for name in ("abc.jpg", "bcd.jpg", "cde.jpg", "def.jpg"):
        label(project, name, 6)
    split = Split.parse("50/50", seed=1)

    report = export_set(project, project.folder.parent / "out.json", format="coco", split=split)

    assert [told(part.notes) for part in report.parts.values()] == [["2 images are"]] * 2


def test_a_file_with_upright_pictures_inside_is_told_nothing_of(project: Project) -> None:
    pytest.importorskip("sleap_io")
    label(project, "turned.jpg", 6)

    target = project.folder.parent / "out.pkg.slp"
    report = export_labels(project, target, format="sleap-package")

    assert told(report.notes) == []


def test_an_image_that_is_gone_is_passed_over(project: Project) -> None:
    label(project, "turned.jpg", 6)
    (project.folder.parent / "turned.jpg").unlink()

    report = export_labels(project, project.folder.parent / "out.json", format="coco")

    assert told(report.notes) == []
