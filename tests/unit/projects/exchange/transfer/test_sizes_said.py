"""Label files that say how large their images are: an import tells of those that are not."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sleap_io
from PIL import Image

from landmark_annotator.projects.exchange import by_name, import_labels, import_proposals
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

PAIR = Scheme("pair", ("one", "two"))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    for number, name in enumerate("ab"):
        Image.new("RGB", (50, 60), (number, 0, 0)).save(tmp_path / f"{name}.png")
    with Project.create(tmp_path / "pairs", PAIR) as made:
        yield made


def written(
    format: str, target: Path, size: tuple[int, int] = (50, 60), scheme: Scheme = PAIR
) -> Path:
    """By an export of both images as if they were of that size."""
    card = by_name(format)
    assert card.writer is not None
    shape = Shape(np.linspace(1.5, 20.5, 2 * len(scheme)).reshape(-1, 2))
    folder = target.parent
    entries = [
        ExportedInstance(
            (folder / name),
            *size,
            shape,
            Box(20, 20, 9, 9),
            f"key{name}",
            sha256=examine(folder / name).sha256,
        )
        for name in ("a.png", "b.png")
    ]
    card.writer().write(target, entries, scheme)
    return target


def told(notes: list[str]) -> list[str]:
    return [note for note in notes if "not as large" in note]


@pytest.mark.parametrize(
    ("format", "file"),
    [
        ("coco", "labels.json"),
        ("cvat", "labels.xml"),
        ("datumaro", "labels"),
        ("huggingface", "labels"),
        ("imagefolder", "labels"),
        ("label-studio", "labels.json"),
        ("labelme", "labels"),
        ("nwb", "labels.nwb"),
        ("sleap", "labels.slp"),
        ("webdataset", "labels"),
    ],
)
def test_images_of_another_size_than_their_labels_say_are_told(
    project: Project, format: str, file: str
) -> None:
    source = written(format, project.folder.parent / file, (60, 50))

    report = import_labels(project, source, who="anna", format=format)

    assert report.added == 2
    [note] = told(report.notes)
    assert "a.png has 50 x 60 pixels, not 60 x 50" in note
    assert "2 images are" in note


@pytest.mark.parametrize(
    "format", ["datumaro", "huggingface", "imagefolder", "label-studio", "nwb", "sleap"]
)
def test_of_images_that_are_as_large_nothing_is_told(project: Project, format: str) -> None:
    source = written(format, project.folder.parent / "labels")

    report = import_labels(project, source, who="anna", format=format)

    assert (report.added, told(report.notes)) == (2, [])


def test_a_face_of_coco_wholebody_of_another_size_is_told(project: Project, tmp_path: Path) -> None:
    scheme = Scheme("face", tuple(map(str, range(68))))
    source = written("coco-wholebody", tmp_path / "labels.json", (60, 50), scheme)

    with Project.create(tmp_path / "faces", scheme) as faces:
        report = import_labels(faces, source, who="anna", format="coco-wholebody")

    assert len(told(report.notes)) == 1


def via(text: str) -> str:
    content = json.loads(text)
    for image in content["_via_img_metadata"].values():
        image["file_attributes"] = {"width": "60", "height": "50"}
    return json.dumps(content)


def imglab(text: str) -> str:
    return text.replace("<image ", "<image width='60' height='50' ")


@pytest.mark.parametrize(("format", "said"), [("via", via), ("imglab", imglab)])
def test_sizes_that_only_other_programs_write_are_told(
    project: Project, format: str, said: Callable[[str], str]
) -> None:
    source = written(format, project.folder.parent / "labels")
    source.write_text(said(source.read_text()))

    assert len(told(import_labels(project, source, who="anna", format=format).notes)) == 1


def test_a_list_of_sleap_says_the_size_of_its_first_image_alone(
    project: Project, tmp_path: Path
) -> None:
    written("sleap", tmp_path / "labels.slp", (60, 50))
    labels = sleap_io.load_slp(str(tmp_path / "labels.slp"), open_videos=False)
    labels.provenance.pop("landmark_annotator")
    labels.save(str(tmp_path / "theirs.slp"), embed=False, verbose=False)

    [note] = told(import_labels(project, tmp_path / "theirs.slp", who="anna").notes)

    assert "1 image is" in note


def test_predictions_for_images_of_another_size_are_told(project: Project, tmp_path: Path) -> None:
    labels: dict[str, Any] = json.loads(written("coco", tmp_path / "l.json", (60, 50)).read_text())
    results = [
        {"image_id": image["id"], "category_id": 1, "keypoints": [5, 5, 0.9, 9, 9, 0.8]}
        for image in labels["images"]
    ]
    (tmp_path / "found.json").write_text(json.dumps([{**each, "score": 0.5} for each in results]))

    report = import_proposals(
        project, tmp_path / "found.json", who="anna", images=tmp_path / "l.json"
    )

    [note] = told(report.notes)
    assert "Predictions came in as they are" in note
