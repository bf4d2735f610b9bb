"""What is neither a landmark nor a box is not read, and said."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from landmark_annotator.projects.exchange.codecs import (
    coco,
    coco_wholebody,
    cvat,
    imglab,
    label_studio,
    labelme,
    via,
    yolo,
)
from landmark_annotator.projects.exchange.format_code import Reader
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("wing", ("root", "tip"))
COCO: dict[str, Any] = {
    "images": [{"id": 1, "file_name": "a.png"}],
    "categories": [
        {"id": 3, "name": "wing", "keypoints": ["root", "tip"]},
        {"id": 4, "name": "leg"},
    ],
    "annotations": [
        {"image_id": 1, "category_id": 3, "keypoints": [0] * 6, "iscrowd": 1},
        {"image_id": 1, "category_id": 4, "bbox": [1, 2, 3, 4]},
    ],
}
POLYLINE = {"name": "polyline", "all_points_x": [1, 2], "all_points_y": [3, 4]}
VIA = {
    "a": {"filename": "a.png", "regions": [{"shape_attributes": POLYLINE, "region_attributes": {}}]}
}
LABELME = {
    "imagePath": "a.png",
    "shapes": [{"label": "wing", "shape_type": "linestrip", "points": [[1, 2], [3, 4]]}],
}
POLYGON = {"points": [[1, 2], [3, 4]], "polygonlabels": ["wing"]}
STUDIO = [
    {
        "data": {"image": "a.png"},
        "annotations": [{"result": [{"id": "x", "type": "polygonlabels", "value": POLYGON}]}],
    }
]
CVAT = (
    '<annotations><image name="a.png"><polyline label="wing" points="1,2;3,4"/></image>'
    "</annotations>"
)
IMGLAB = (
    '<dataset><images><image file="a.png"><box left="1" top="2" width="3" height="4" ignore="1"/>'
    "</image></images></dataset>"
)


@pytest.mark.parametrize(
    ("codec", "text", "said"),
    [
        (coco, json.dumps(COCO), "crowd (1), leg (1)"),
        (via, json.dumps(VIA), "polyline (1)"),
        (labelme, json.dumps(LABELME), "linestrip (1)"),
        (label_studio, json.dumps(STUDIO), "polygonlabels (1)"),
        (cvat, CVAT, "polyline (1)"),
        (imglab, IMGLAB, "ignored box (1)"),
    ],
)
def test_kinds_of_shapes_that_did_not_come_in_are_told(
    tmp_path: Path, codec: Reader, text: str, said: str
) -> None:
    source = tmp_path / "labels.txt"
    source.write_text(text)

    contents = codec.read(source, SCHEME)

    (note,) = contents.notes
    assert note.endswith(f"of wing and did not come in: {said}.")
    waiting = [(one.image.name, bool(one.shape.known.any())) for one in contents.instances]
    assert waiting == [("a.png", False)]


def test_lines_of_other_classes_are_told(tmp_path: Path) -> None:
    for folder in ("images", "labels"):
        (tmp_path / folder).mkdir()
    Image.new("RGB", (40, 30)).save(tmp_path / "images" / "a.png")
    (tmp_path / "labels" / "a.txt").write_text("1 .5 .5 .5 .5 .1 .1 2 .2 .2 2\n")
    (tmp_path / "data.yaml").write_text(
        "train: images\nkpt_shape: [2, 3]\nnames:\n  0: wing\n  1: leg\n"
    )

    contents = yolo.read(tmp_path / "data.yaml", SCHEME)

    assert contents.notes == [
        "1 entry of data.yaml is neither a landmark nor a box of wing and did not come in: leg (1)."
    ]
    assert [one.image.name for one in contents.instances] == ["a.png"]


def test_images_of_people_without_a_face_wait_for_one(tmp_path: Path) -> None:
    source = tmp_path / "labels.json"
    person = {"image_id": 1, "category_id": 3, "keypoints": [5, 6, 2] * 17, "bbox": [1, 2, 3, 4]}
    person |= {"face_kpts": [0] * 3 * 68, "lefthand_kpts": [0] * 63, "righthand_kpts": [0] * 63}
    source.write_text(json.dumps({**COCO, "annotations": [{**person, "foot_kpts": [0] * 18}]}))

    contents = coco_wholebody.read(source, Scheme("face", tuple(f"{n}" for n in range(68))))

    assert [one.image.name for one in contents.instances] == ["a.png"]


def test_what_is_read_is_not_counted(tmp_path: Path) -> None:
    source = tmp_path / "labels.json"
    whole = {"image_id": 1, "category_id": 3, "keypoints": [1, 2, 2, 3, 4, 2]}
    source.write_text(json.dumps({**COCO, "annotations": [whole]}))

    assert not coco.read(source, SCHEME).notes
