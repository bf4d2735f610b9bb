"""Masks of regions through COCO files: out of a project and into another, and those of others."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools.coco import COCO

from landmark_annotator.projects.exchange.transfer.export_labels import export_labels
from landmark_annotator.projects.exchange.transfer.import_labels import import_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    Box,
    Mask,
    MaskProvenance,
    Region,
    RegionMask,
    Scheme,
    Shape,
)

REGIONS = (Region("hair"), Region("skin"), Region("glasses", overlaps=True))
SCHEME = Scheme("face", ("nose", "chin"), regions=REGIONS)
HAIR = Mask.of(np.ones((10, 30), dtype=bool), 15, 5)
SKIN = Mask.of(np.hypot(*np.ogrid[-30:20, -30:30]) < 15)
GLASSES = Mask.of(np.ones((4, 20), dtype=bool), 20, 25)
POINTS = np.array([[30.0, 30.0], [31.0, 42.0]])


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    Image.fromarray(np.full((50, 60, 3), 90, dtype=np.uint8)).save(path)
    return path


@pytest.fixture
def exported(tmp_path: Path, picture: Path) -> Path:
    with Project.create(tmp_path / "faces", SCHEME) as project:
        image = project.add_image(picture, examine(picture))
        masks = {"hair": HAIR - SKIN, "skin": SKIN, "glasses": GLASSES}
        given = {name: RegionMask(mask) for name, mask in masks.items()}
        project.add_instance(
            image.id, Box(30, 30, 40, 40), shape=Shape(POINTS), masks=given, who="ada"
        )
        report = export_labels(project, tmp_path / "faces.json", format="coco")
        assert not any("mask" in note for note in report.notes)
    return tmp_path / "faces.json"


def imported(folder: Path, file: Path) -> dict[str, RegionMask]:
    with Project.create(folder, SCHEME) as project:
        report = import_labels(project, file, who="bob")
        assert report.unreadable == []
        [(record, _)] = project.shapes(None)
        return project.masks(record.id)


def test_masks_go_round_exactly(exported: Path, tmp_path: Path) -> None:
    found = imported(tmp_path / "again", exported)

    assert {name: one.mask for name, one in found.items()} == {
        "hair": HAIR - SKIN,
        "skin": SKIN,
        "glasses": GLASSES,
    }
    assert {one.provenance for one in found.values()} == {MaskProvenance.IMPORTED}


def test_pycocotools_reads_every_mask_as_a_category_of_its_own(exported: Path) -> None:
    coco = COCO(exported)

    [hair] = coco.loadAnns(coco.getAnnIds(catIds=coco.getCatIds(["hair"])))
    assert np.array_equal(coco.annToMask(hair), (HAIR - SKIN).array(50, 60))
    assert hair["area"] == (HAIR - SKIN).area
    assert len(coco.getAnnIds()) == 4


def test_masks_of_others_go_to_the_object_that_they_lie_on(exported: Path, tmp_path: Path) -> None:
    content = json.loads(exported.read_text())
    for annotation in content["annotations"]:
        annotation.pop("part_of", None)
        if annotation["category_id"] == 2:
            annotation["segmentation"] = [[15, 5, 45, 5, 45, 15, 15, 15]]
    exported.write_text(json.dumps(content))

    found = imported(tmp_path / "again", exported)

    assert found["hair"].mask == HAIR
    assert set(found) == {"hair", "skin", "glasses"}


def test_a_file_of_masks_alone_makes_one_object_an_image(exported: Path, tmp_path: Path) -> None:
    content = json.loads(exported.read_text())
    content["categories"] = content["categories"][1:]
    content["annotations"] = content["annotations"][1:]
    exported.write_text(json.dumps(content))

    assert set(imported(tmp_path / "again", exported)) == {"hair", "skin", "glasses"}


def test_other_formats_say_that_they_leave_masks_out(
    exported: Path, tmp_path: Path, picture: Path
) -> None:
    with Project.open(tmp_path / "faces") as project:
        report = export_labels(project, tmp_path / "faces.csv", format="csv")

    assert any("3 masks of regions are not written" in note for note in report.losses)


def test_masks_go_through_cvat_exactly_too(exported: Path, tmp_path: Path, picture: Path) -> None:
    with Project.open(tmp_path / "faces") as project:
        report = export_labels(project, tmp_path / "faces.xml", format="cvat")
    assert not any("mask" in note for note in report.notes)
    text = (tmp_path / "faces.xml").read_text()
    assert '<mask label="glasses"' in text
    assert f'rle="0, {GLASSES.area}" left="20" top="25" width="20" height="4"' in text

    found = imported(tmp_path / "again", tmp_path / "faces.xml")

    assert {name: one.mask for name, one in found.items()} == {
        "hair": HAIR - SKIN,
        "skin": SKIN,
        "glasses": GLASSES,
    }


def test_a_polygon_and_a_damaged_mask_of_cvat(tmp_path: Path, picture: Path) -> None:
    file = tmp_path / "face.xml"
    file.write_text(
        '<annotations><image id="0" name="face.png" width="60" height="50">'
        '<polygon label="hair" points="15.0,5.0;45.0,5.0;45.0,15.0;15.0,15.0"/>'
        '<mask label="skin" rle="3, 900" left="0" top="0" width="4" height="4"/>'
        "</image></annotations>"
    )
    with Project.create(tmp_path / "again", SCHEME) as project:
        report = import_labels(project, file, who="bob")
        [(record, _)] = project.shapes(None)
        masks = project.masks(record.id)

    assert {name: one.mask for name, one in masks.items()} == {"hair": HAIR}
    assert "not those of its window" in report.unreadable[0].reason


def test_without_regions_a_file_is_written_as_ever(tmp_path: Path, picture: Path) -> None:
    with Project.create(tmp_path / "plain", Scheme("face", ("nose", "chin"))) as project:
        image = project.add_image(picture, examine(picture))
        project.add_instance(image.id, None, shape=Shape(POINTS), who="ada")
        export_labels(project, tmp_path / "plain.json", format="coco")

    content = json.loads((tmp_path / "plain.json").read_text())
    assert [category["name"] for category in content["categories"]] == ["face"]
    assert len(content["annotations"]) == 1
