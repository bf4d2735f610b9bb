"""Masks through indexed PNG files: out of a project and into another, to pillow, and of others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import export_labels, import_labels, sniff
from landmark_annotator.projects.exchange.codecs.label_map import LabelMap, pascal_colours
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

HAIR_R, SKIN_R = Region("hair", "#e69f00"), Region("skin: face", "#000000")
GLASSES_R, HAT_R = Region("glasses", overlaps=True), Region("hat")
SCHEME = Scheme("face", ("nose", "chin"), regions=(HAIR_R, SKIN_R, GLASSES_R, HAT_R))
HAIR = Mask.of(np.ones((10, 30), dtype=bool), 15, 5)
SKIN = Mask.of(np.ones((20, 30), dtype=bool), 15, 15)
GLASSES = Mask.of(np.ones((4, 20), dtype=bool), 20, 20)
POINTS = np.array([[30.0, 30.0], [31.0, 42.0]])
MASKS = {"hair": HAIR, "skin: face": SKIN, "glasses": GLASSES, "hat": Mask()}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photos" / "face.png"
    path.parent.mkdir()
    Image.fromarray(np.full((50, 60, 3), 90, dtype=np.uint8)).save(path)
    return path


@pytest.fixture
def faces(tmp_path: Path, picture: Path) -> Iterator[Project]:
    """Two faces on one picture, the second with hair alone."""
    with Project.create(tmp_path / "faces", SCHEME) as project:
        image = project.add_image(picture, examine(picture))
        for right, named in ((0, MASKS), (40, {"hair": Mask.of(np.ones((9, 8), bool), 50, 30)})):
            masks = {name: RegionMask(mask) for name, mask in named.items()}
            shape = Shape(POINTS + np.array([right / 2, 0]))
            project.add_instance(
                image.id, Box(30 + right, 30, 40, 40), shape=shape, masks=masks, who="ada"
            )
        yield project


@pytest.fixture
def exported(tmp_path: Path, faces: Project) -> Path:
    report = export_labels(faces, tmp_path / "out", format="indexed-png")
    assert not any("mask" in note and "not written" in note for note in report.losses)
    return tmp_path / "out"


def of(project: Project) -> list[dict[str, Mask]]:
    return [
        {name: one.mask for name, one in project.masks(record.id).items()}
        for record in project.instances()
    ]


def read(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        assert picture.mode == "P"
        return np.asarray(picture)


def test_every_pixel_comes_back_of_every_object_into_a_new_project(
    tmp_path: Path, exported: Path, faces: Project
) -> None:
    with Project.create(tmp_path / "again", SCHEME) as project:
        assert sniff(exported).name == "indexed-png"
        report = import_labels(project, exported, who="bob")

        assert report.unreadable == []
        assert of(project) == of(faces)
        assert all(record.box is not None for record in project.instances())


def test_masks_come_to_the_very_objects_that_they_are_of(
    exported: Path, faces: Project, picture: Path
) -> None:
    expected = of(faces)
    for record in faces.instances():
        none = dict.fromkeys(faces.masks(record.id))
        faces.set_masks(record.id, none, title="clearing", who="ada")
    report = import_labels(faces, exported, who="bob", images=picture.parent)

    assert (report.masked, report.added) == (2, 0)
    assert of(faces) == expected
    again = import_labels(faces, exported, who="bob")
    assert (again.masked, again.unchanged, again.copies) == (0, 2, [])


def test_pillow_reads_indices_and_colours_of_the_legend(exported: Path) -> None:
    classes = read(exported / "SegmentationClass" / "face.png")

    legend = LabelMap.read(exported / "labelmap.txt")
    assert legend.names == ("background", "hair", "skin: face", "glasses", "hat")
    assert np.unique(classes).tolist() == [0, 1, 2]
    with Image.open(exported / "SegmentationClass" / "face.png") as picture:
        colours = np.asarray(picture.convert("RGB"))
    assert colours[8, 20].tolist() == list(legend.colours[1]) == [0xE6, 0x9F, 0x00]
    assert colours[0, 0].tolist() == [0, 0, 0]
    assert len(set(legend.colours)) == 5  # skin's own black is the background's


def test_objects_and_what_overlaps_have_files_of_their_own(exported: Path) -> None:
    owners = read(exported / "SegmentationObject" / "face.png")
    glasses = read(exported / "SegmentationOverlapping" / "3 glasses" / "face.png")

    assert np.unique(owners).tolist() == [0, 1, 2]
    assert (Mask.of(glasses == 1), glasses.max()) == (GLASSES, 1)
    assert (exported / "ImageSets/Segmentation/default.txt").read_text() == "face\n"


def test_colours_without_indices_are_read_by_the_legend(tmp_path: Path, exported: Path) -> None:
    file = exported / "SegmentationClass" / "face.png"
    with Image.open(file) as picture:
        coloured = picture.convert("RGB")
    coloured.save(file)
    with Project.create(tmp_path / "again", SCHEME) as project:
        import_labels(project, exported, who="bob")
        assert of(project)[0]["skin: face"] == SKIN


def test_indices_of_others_without_a_legend_are_the_regions_in_their_order(
    tmp_path: Path, picture: Path
) -> None:
    """As CelebAMask-HQ's are made: grey values, a file an image, 255 for nothing."""
    grey = np.zeros((50, 60), np.uint8)
    grey[5:15, 10:20], grey[20:30, 10:20], grey[40:] = 1, 2, 255
    (tmp_path / "masks").mkdir()
    Image.fromarray(grey).save(tmp_path / "masks" / "face.png")
    with Project.create(tmp_path / "again", SCHEME) as project:
        report = import_labels(
            project, tmp_path / "masks", who="bob", format="indexed-png", images=picture.parent
        )
        assert any("index 1 is the first region" in note for note in report.notes)
        [masks] = of(project)
        assert {name: mask.bounds for name, mask in masks.items()} == {
            "hair": (10, 5, 10, 10),
            "skin: face": (10, 20, 10, 10),
        }


def test_labels_that_are_no_regions_are_named(tmp_path: Path, exported: Path) -> None:
    hair = replace(SCHEME, regions=(HAIR_R,))
    with Project.create(tmp_path / "again", hair) as project:
        report = import_labels(project, exported, who="bob")
        assert any("skin: face, glasses, hat" in note for note in report.notes)
        assert [set(masks) for masks in of(project)] == [{"hair"}, {"hair"}]
    none = replace(SCHEME, regions=(Region("wing"),))
    with (
        Project.create(tmp_path / "none", none) as project,
        pytest.raises(FormatError, match="--add-region"),
    ):
        import_labels(project, exported, who="bob")


@pytest.mark.parametrize("spoil", ["size", "no image", "text", "half"])
def test_what_cannot_be_read_is_left_out_with_a_reason(
    tmp_path: Path, exported: Path, spoil: str
) -> None:
    file = exported / "SegmentationClass" / "face.png"
    if spoil == "size":
        Image.new("P", (30, 25)).save(file)
    elif spoil == "no image":
        (exported / "JPEGImages" / "face.png").unlink()
    elif spoil == "text":
        file.write_text("no picture")
    else:
        file.write_bytes(file.read_bytes()[:-30])
    with Project.create(tmp_path / "again", SCHEME) as project:
        report = import_labels(project, exported, who="bob")
        [left_out] = report.unreadable
        assert left_out.path.name == "face.png"
        assert left_out.reason
        assert of(project) == []


@pytest.mark.parametrize("format", ["indexed-png", "coco"])
def test_masks_of_what_has_neither_landmarks_nor_a_box_are_written(
    tmp_path: Path, picture: Path, format: str
) -> None:
    target = tmp_path / ("out" if format == "indexed-png" else "out.json")
    with Project.create(tmp_path / "one", SCHEME) as project:
        image = project.add_image(picture, examine(picture))
        record = project.add_instance(image.id, None, who="ada")
        project.set_masks(record.id, {"hair": RegionMask(HAIR)}, title="brush", who="ada")
        report = export_labels(project, target, format=format, include_unaccepted=True)
        assert report.instances == 1
    with Project.create(tmp_path / "again", SCHEME) as project:
        import_labels(project, target, who="bob", images=picture.parent)
        assert of(project) == [{"hair": HAIR}]


def test_pixels_that_two_objects_share_are_counted(tmp_path: Path, faces: Project) -> None:
    [_, second] = faces.instances()
    faces.set_masks(second.id, {"hair": RegionMask(HAIR)}, title="brush", who="ada")
    report = export_labels(faces, tmp_path / "out", format="indexed-png")
    assert any("300 pixels that two objects share" in note for note in report.notes)


def test_a_legend_has_room_for_254_regions() -> None:
    many = tuple(Region(f"r{n}") for n in range(255))
    assert len(LabelMap.of(replace(SCHEME, regions=many[1:])).colours) == 255
    with pytest.raises(FormatError, match="254"):
        LabelMap.of(replace(SCHEME, regions=many))


@pytest.mark.parametrize(
    "text", ["", "hair:1,2,3::\nskin:1,2,3::", "hair:1,2,3::\nhair:3,2,1::", "hair:1,2,300::"]
)
def test_what_is_no_legend_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "labelmap.txt").write_text(text)
    with pytest.raises(FormatError, match="no legend"):
        LabelMap.read(tmp_path / "labelmap.txt")


def test_a_legend_comes_back(tmp_path: Path) -> None:
    regions = (*SCHEME.regions, Region("#1"), Region("background"))
    legend = LabelMap.of(replace(SCHEME, regions=regions))
    assert legend.names[0] == "no background"
    (tmp_path / "labelmap.txt").write_text(legend.text)
    assert LabelMap.read(tmp_path / "labelmap.txt") == legend


def test_objects_have_the_colours_of_pascal() -> None:
    """The first ones of `VOClabelcolormap`, as its development kit prints them."""
    first = [colour for colour, _ in zip(pascal_colours(), range(6), strict=False)]
    assert first == [(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (128, 0, 128)]
