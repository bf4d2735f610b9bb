"""labelme: one file an image, points by label, instances by group."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import labelme
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("face", ("chin", "left eye", "right eye"))
POINTS = [[0.0, 0.0], [60.5, 40.25], [np.nan, np.nan]]


def exported(tmp_path: Path, name: str = "a.png", key: str = "key#0") -> ExportedInstance:
    shape = Shape(np.array(POINTS), np.array([2, 1, 0], dtype=np.int8))
    box = Box.from_corner(10, 20, 30, 40)
    return ExportedInstance(tmp_path / "photos" / name, 120, 100, shape, box, key)


def written(tmp_path: Path) -> Any:
    labelme.write(tmp_path / "out", [exported(tmp_path)], SCHEME)
    return json.loads((tmp_path / "out" / "a.json").read_text())


def read(tmp_path: Path, content: Any) -> Contents:
    (tmp_path / "in.json").write_text(json.dumps(content))
    return labelme.read(tmp_path / "in.json", SCHEME)


def test_the_centre_of_the_first_pixel_is_at_a_half(tmp_path: Path) -> None:
    points = [s for s in written(tmp_path)["shapes"] if s["shape_type"] == "point"]

    assert [s["points"] for s in points] == [[[0.5, 0.5]], [[61.0, 40.75]]]
    assert [s["label"] for s in points] == ["chin", "left eye"]
    assert [s["flags"] for s in points] == [{"occluded": False}, {"occluded": True}]


def test_the_file_has_all_that_labelme_reads(tmp_path: Path) -> None:
    content = written(tmp_path)

    assert content["imagePath"] == "../photos/a.png"
    assert content["imageData"] is None
    assert (content["imageWidth"], content["imageHeight"]) == (120, 100)
    assert {"version", "flags", "shapes"} <= set(content)
    for shape in content["shapes"]:
        assert {"label", "points", "group_id", "shape_type", "flags"} <= set(shape)
        assert isinstance(shape["group_id"], int)


def test_instances_of_an_image_are_groups_of_one_file(tmp_path: Path) -> None:
    several = [exported(tmp_path, key=f"key#{n}") for n in range(2)]

    labelme.write(tmp_path / "out", several, SCHEME)

    found = labelme.read(tmp_path / "out", SCHEME).instances
    assert [i.source for i in found] == ["key#0", "key#1"]
    assert [i.box for i in found] == [several[0].box] * 2
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_images_that_differ_in_their_suffix_keep_their_files_apart(tmp_path: Path) -> None:
    several = [exported(tmp_path, name) for name in ("a.png", "a.jpg")]

    labelme.write(tmp_path / "out", several, SCHEME)

    assert {f.name for f in (tmp_path / "out").iterdir()} == {"a.png.json", "a.jpg.json"}


def test_a_file_that_labelme_wrote(tmp_path: Path) -> None:
    """Without groups, with pixels in it and shapes of other kinds."""
    shapes = [
        {"label": n, "points": [[x, 1.5]], "group_id": None, "shape_type": "point", "flags": {}}
        for x, n in ((2.5, "left eye"), (0.5, "chin"))
    ]
    polygon = {"label": "hair", "points": [[1, 1], [2, 2], [3, 1]], "shape_type": "polygon"}
    content = {
        "version": "5.4.1",
        "flags": {},
        "shapes": [*shapes, polygon],
        "imagePath": "b.png",
        "imageData": "iVBORw0KGgo=",
    }

    (instance,) = read(tmp_path, content).instances

    assert instance.image == tmp_path / "b.png"
    assert np.array_equal(instance.shape.points, [[0, 1], [2, 1], [np.nan] * 2], equal_nan=True)


def test_a_folder_is_known_by_its_files(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "out" / "other.json").write_text("{}")

    assert sniff(tmp_path / "out").name == "labelme"
    assert len(labelme.read(tmp_path / "out", SCHEME).instances) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"label": "chim"}, 'Did you mean "chin"'),
        ({"label": "left eye"}, "twice"),
        ({"points": [[1]]}, "no position"),
        ({"points": "x"}, "no position"),
        ({"points": [["x", 1]]}, "not a number"),
        ({"points": [[True, 1]]}, "not a number"),
    ],
)
def test_a_bad_shape_is_reported(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    content = written(tmp_path)
    content["shapes"][1].update(change)

    contents = read(tmp_path, content)

    assert contents.instances == []
    assert says in contents.unreadable[0].reason


@pytest.mark.parametrize(
    "text", ['{"shapes": [', '{"shapes": [], "flags": {}}', '{"imagePath": "a"}']
)
def test_a_bad_file_is_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)

    assert len(labelme.read(tmp_path / "a.json", SCHEME).unreadable) == 1


@pytest.mark.parametrize("damaged", [b"", b"\0" * 40, b'{"version": "5.5.0", "fl', b"\xff\xfe\x00"])
def test_a_damaged_file_of_a_folder_is_told(tmp_path: Path, damaged: bytes) -> None:
    written(tmp_path)
    (tmp_path / "out" / "b.json").write_bytes(damaged)
    (tmp_path / "out" / "other.json").write_text('{"settings": 5}')

    contents = labelme.read(tmp_path / "out", SCHEME)

    assert len(contents.instances) == 1
    assert [each.path.name for each in contents.unreadable] == ["b.json"]


def test_a_picture_before_the_shapes_hides_no_labels(tmp_path: Path) -> None:
    content = {**written(tmp_path), "imageData": "x" * 100_000}
    (tmp_path / "out" / "a.json").write_text(json.dumps(content, sort_keys=True))

    assert sniff(tmp_path / "out").name == sniff(tmp_path / "out" / "a.json").name == "labelme"
    assert len(labelme.read(tmp_path / "out", SCHEME).instances) == 1


def test_a_rectangle_of_four_corners_is_the_box_of_its_group(tmp_path: Path) -> None:
    """Newer versions of labelme write all four; the group was left out."""
    content = written(tmp_path)
    [rectangle] = [s for s in content["shapes"] if s["shape_type"] == "rectangle"]
    (left, top), (right, bottom) = rectangle["points"]
    before = read(tmp_path, content).instances[0].box
    rectangle["points"] = [[left, top], [right, top], [right, bottom], [left, bottom]]

    [found] = read(tmp_path, content).instances

    assert found.box == before
    np.testing.assert_allclose(found.shape.points[:2], POINTS[:2])
