"""Boxes of COCO and its relatives, which count from the corner of the first pixel."""

import json
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs import coco
from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
)
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

WHOLE = Box.whole_image(120, 100)
HAND = Scheme("hand", tuple(map(str, range(21))))


def exported(folder: Path, box: Box | None, shape: Shape | None = None) -> ExportedInstance:
    shape = Shape(np.full((21, 2), 5.25)) if shape is None else shape
    return ExportedInstance(folder / "a.png", 120, 100, shape, box, "key")


def written(format: str, target: Path, instance: ExportedInstance) -> ImportedInstance:
    card = by_name(format)
    assert card.writer is not None
    card.writer().write(target, [instance], HAND)
    (found,) = card.reader().read(target, HAND).instances
    return found


@pytest.mark.parametrize("format", ["coco", "coco-folder", "coco-wholebody", "imagefolder", "via"])
@pytest.mark.parametrize("box", [WHOLE, Box(50.25, 60, 40.5, 51), Box(0, 0, 1, 1)])
def test_out_and_in_again_is_the_same_box(tmp_path: Path, format: str, box: Box) -> None:
    assert written(format, tmp_path / "out", exported(tmp_path, box)).box == box


@pytest.mark.parametrize("box", [WHOLE, Box(0, 0, 1, 1), Box(50.5, 60, 40, 51)])
def test_wflw_gives_back_boxes_of_whole_pixels(tmp_path: Path, box: Box) -> None:
    assert written("wflw", tmp_path / "out.txt", exported(tmp_path, box)).box == box


def test_the_whole_image_is_said_as_programs_cut_it_out(tmp_path: Path) -> None:
    whole = exported(tmp_path, WHOLE)
    written("wflw", tmp_path / "out.txt", whole)
    written("via", tmp_path / "out.json", whole)

    line = (tmp_path / "out.txt").read_text().split()
    (image,) = json.loads((tmp_path / "out.json").read_text())["_via_img_metadata"].values()
    assert line[42:46] == ["0", "0", "120", "100"]
    rectangle = image["regions"][0]["shape_attributes"]
    assert rectangle == {"name": "rect", "x": 0, "y": 0, "width": 120, "height": 100}


def test_the_whole_image_begins_at_nought(tmp_path: Path) -> None:
    coco.write(tmp_path / "out.json", [exported(tmp_path, WHOLE)], HAND)

    (annotation,) = json.loads((tmp_path / "out.json").read_text())["annotations"]
    assert annotation["bbox"] == [0, 0, 120, 100]
    assert annotation["area"] == 12_000


def test_without_a_box_or_a_landmark_the_whole_image_is_written(tmp_path: Path) -> None:
    nothing = exported(tmp_path, None, Shape.unknown(21))

    assert written("coco", tmp_path / "out.json", nothing).box == WHOLE


def test_a_detector_that_names_the_whole_image_finds_it(tmp_path: Path) -> None:
    found = [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 120, 100], "score": 0.9}]
    (tmp_path / "found.json").write_text(json.dumps(found))
    (tmp_path / "1.png").write_bytes(b"")

    (entry,) = by_name("coco-results").reader().read(tmp_path / "found.json", HAND).instances

    assert entry.box == WHOLE


def test_rows_of_others_have_the_same_boxes(tmp_path: Path) -> None:
    row = {"file_name": "a.png", "objects": {"bbox": [[0, 0, 120, 100]], "categories": [0]}}
    (tmp_path / "metadata.jsonl").write_text(json.dumps(row) + "\n")

    (entry,) = by_name("imagefolder").reader().read(tmp_path, HAND).instances

    assert entry.box == WHOLE
