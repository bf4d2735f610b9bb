"""Datumaro: the structure that its own reader takes, CVAT's corners, COCO's visibility."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import datumaro
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("face", ("chin", "left eye", "right eye"), edges=((0, 1), (1, 2)))
POINTS = [[0.0, 0.0], [60.5, 40.25], [np.nan, np.nan]]


def written(tmp_path: Path) -> Any:
    shape = Shape(np.array(POINTS), np.array([2, 1, 0], dtype=np.int8))
    box = Box.from_corner(10, 20, 30, 40)
    image = tmp_path / "out" / "images" / "default" / "photos" / "0.png"
    datumaro.write(
        tmp_path / "out", [ExportedInstance(image, 120, 100, shape, box, "key#0")], SCHEME
    )
    return json.loads((tmp_path / "out" / "annotations" / "default.json").read_text())


def as_skeletons(content: Any) -> None:
    """As CVAT's version of the program writes them."""
    for item in content["items"]:
        for annotation in item["annotations"]:
            if annotation["type"] == "points":
                places = np.reshape(annotation["points"], (-1, 2))
                seen = annotation.pop("visibility")
                annotation["points"] = np.column_stack((places, seen)).ravel().tolist()
                annotation["points_attributes"] = [{} for _ in seen]
                annotation["type"] = "skeleton"


def read(tmp_path: Path, change: Callable[[Any], Any]) -> Contents:
    content = written(tmp_path)
    change(content)
    (tmp_path / "out.json").write_text(json.dumps(content))
    return datumaro.read(tmp_path / "out.json", SCHEME)


def test_points_are_from_the_corner_with_cocos_visibility(tmp_path: Path) -> None:
    points, box = written(tmp_path)["items"][0]["annotations"]

    assert points["points"] == [0.5, 0.5, 61.0, 40.75, 0.0, 0.0]
    assert points["visibility"] == [2, 1, 0]
    assert box["bbox"] == [10.5, 20.5, 30, 40]
    assert points["group"] == box["group"]


def test_skeletons_are_triples_of_the_same(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, as_skeletons).instances

    assert np.array_equal(instance.shape.points, POINTS, equal_nan=True)
    assert instance.shape.visibility.tolist() == [2, 1, 0]
    assert instance.box == Box.from_corner(10, 20, 30, 40)


def test_the_structure_is_what_datumaros_reader_asks_for(tmp_path: Path) -> None:
    content = written(tmp_path)

    labels = content["categories"]["label"]["labels"]
    assert all({"name", "parent", "attributes"} <= set(label) for label in labels)
    (skeleton,) = content["categories"]["points"]["items"]
    assert skeleton["labels"] == list(SCHEME.landmarks)
    assert skeleton["joints"] == [[1, 2], [2, 3]]
    for name in skeleton["labels"]:
        (label,) = [label for label in labels if label["name"] == name]
        assert label["parent"] == labels[skeleton["label_id"]]["name"]
    (item,) = content["items"]
    assert item["image"] == {"path": "photos/0.png", "size": [100, 120]}
    for annotation in item["annotations"]:
        assert {"id", "type", "attributes", "group", "label_id", "z_order"} <= set(annotation)
    annotation = item["annotations"][0]
    assert len(annotation["points"]) == 2 * len(annotation["visibility"])


def test_a_datumaro_file_is_not_taken_for_coco(tmp_path: Path) -> None:
    written(tmp_path)

    assert sniff(tmp_path / "out" / "annotations" / "default.json").name == "datumaro"
    assert sniff(tmp_path / "out").name == "datumaro"


def test_labels_of_another_order_find_their_landmarks(tmp_path: Path) -> None:
    def turned_round(content: Any) -> None:
        as_skeletons(content)
        content["categories"]["points"]["items"][0]["labels"].reverse()
        skeleton = content["items"][0]["annotations"][0]
        skeleton["points"] = np.array(skeleton["points"]).reshape(3, 3)[::-1].ravel().tolist()

    (instance,) = read(tmp_path, turned_round).instances

    assert np.array_equal(instance.shape.points, POINTS, equal_nan=True)
    assert instance.shape.visibility.tolist() == [2, 1, 0]


def test_images_in_datumaros_own_layout(tmp_path: Path) -> None:
    content = written(tmp_path)
    content["items"][0]["image"]["path"] = "0.png"
    for folder in ("annotations", "images/train"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "images" / "train" / "0.png").touch()
    (tmp_path / "annotations" / "train.json").write_text(json.dumps(content))

    (instance,) = datumaro.read(tmp_path / "annotations" / "train.json", SCHEME).instances

    assert instance.image == tmp_path / "images" / "train" / "0.png"


def test_a_data_set_that_is_named_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    image = tmp_path / "out" / "images" / "default" / "photos" / "0.png"
    image.parent.mkdir(parents=True)
    image.touch()
    monkeypatch.chdir(tmp_path)

    (instance,) = datumaro.read(Path("out"), SCHEME).instances

    assert Path.cwd() / instance.image == image


def test_an_image_at_an_address_stays_there(tmp_path: Path) -> None:
    address = "https://example.org/photos/0.png"

    (instance,) = read(tmp_path, lambda c: c["items"][0]["image"].update(path=address)).instances

    assert address_of(instance.image) == address


def test_an_image_without_annotations_is_yet_to_be_labelled(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, lambda c: c["items"][0]["annotations"].clear()).instances

    assert not instance.shape.known.any()


@pytest.mark.parametrize("seen", [[2, 1], [2, 1, 9], "abc", 5])
def test_points_with_bad_visibilities_are_reported(tmp_path: Path, seen: Any) -> None:
    contents = read(tmp_path, lambda c: c["items"][0]["annotations"][0].update(visibility=seen))

    assert (contents.instances, len(contents.unreadable)) == ([], 1)


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([1, 2, 2], "3 points"),
        ([1, 2, 7] * 3, "visibility"),
        (["a", 2, 2] * 3, "not a number"),
        (None, "3 points"),
    ],
)
def test_a_bad_skeleton_is_reported(tmp_path: Path, points: Any, says: str) -> None:
    def spoilt(content: Any) -> None:
        as_skeletons(content)
        content["items"][0]["annotations"][0]["points"] = points

    contents = read(tmp_path, spoilt)

    assert contents.instances == []
    assert says in contents.unreadable[0].reason


def test_another_skeleton_is_refused_with_the_closest_name(tmp_path: Path) -> None:
    def misspelt(content: Any) -> None:
        content["categories"]["points"]["items"][0]["labels"][1] = "left eyes"

    with pytest.raises(FormatError, match='Did you mean "left eye"'):
        read(tmp_path, misspelt)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"categories": {}}', '{"categories": [], "items": []}']
)
def test_files_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)

    with pytest.raises(FormatError):
        datumaro.read(tmp_path / "a.json", SCHEME)


def test_no_two_items_have_one_id(tmp_path: Path) -> None:
    """Datumaro reads the last of those that have, and the labels of the others are lost."""
    shape = Shape(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    names = ("a.jpg", "a.png", "a.png.jpg")
    images = [tmp_path / "images" / "default" / name for name in names]
    exported = [ExportedInstance(image, 40, 30, shape, None, image.name) for image in images]

    datumaro.write(tmp_path, exported, SCHEME)

    content = json.loads((tmp_path / "annotations" / "default.json").read_text())
    assert [item["image"]["path"] for item in content["items"]] == list(names)
    assert len({item["id"] for item in content["items"]}) == len(names)
