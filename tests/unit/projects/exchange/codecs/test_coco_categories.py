"""Which category annotations of a COCO file are of, where the file does not say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.exchange.codecs import coco
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("bar", ("start", "end"))
POINTS = np.array([[1.0, 2.0], [3.0, 4.0]])
CAR = {"id": 7, "name": "car"}

Content = dict[str, Any]


def whole(file: Path) -> Contents:
    return coco.read(file, SCHEME)


def streamed(file: Path) -> Contents:
    return coco.stream(file, SCHEME).whole()


@pytest.fixture(params=[whole, streamed])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Contents]:
    """Of a file of one instance, changed by what is given."""

    def reading(change: Callable[[Content], object]) -> Contents:
        file = tmp_path / "labels.json"
        instance = ExportedInstance(tmp_path / "a.png", 40, 30, Shape(POINTS), None, "a")
        coco.write(file, [instance], SCHEME)
        content = json.loads(file.read_text())
        change(content)
        file.write_text(json.dumps(content))
        found: Contents = request.param(file)
        return found

    return reading


def test_an_annotation_without_one_is_of_the_only_one(read: Callable[..., Contents]) -> None:
    [found] = read(lambda content: content["annotations"][0].pop("category_id")).instances

    assert found.shape.points.tolist() == POINTS.tolist()


def test_of_several_it_is_of_none(read: Callable[..., Contents]) -> None:
    def two(content: Content) -> None:
        content["categories"].append(CAR)
        del content["annotations"][0]["category_id"]

    [left_out] = read(two).unreadable

    assert left_out.reason == "Annotation 1: it has no category_id."


@pytest.mark.parametrize("said", [{"category_id": 1}, {}])
def test_the_only_one_needs_no_id(read: Callable[..., Contents], said: Content) -> None:
    def nameless(content: Content) -> None:
        del content["categories"][0]["id"]
        del content["annotations"][0]["category_id"]
        content["annotations"][0].update(said)

    contents = read(nameless)

    [found] = contents.instances
    assert found.shape.points.tolist() == POINTS.tolist()
    assert contents.unreadable == []


def test_of_several_the_one_that_lacks_its_id_is_named(read: Callable[..., Contents]) -> None:
    def nameless(content: Content) -> None:
        del content["categories"][0]["id"]
        content["categories"].append(CAR)

    with pytest.raises(FormatError, match='in category "bar", which has no id'):
        read(nameless)


def test_one_that_is_none_of_the_file_is_told(
    read: Callable[..., Contents],
) -> None:
    contents = read(lambda content: content["annotations"][0].update(category_id=9))

    assert contents.unreadable[0].reason.endswith("category_id 9 names no category of the file.")


def without_keypoints(
    *others: Content, named: str = "bar", keeps: bool = False
) -> Callable[..., None]:
    def change(content: Content) -> None:
        [category], [annotation] = content["categories"], content["annotations"]
        del category["keypoints"], category["skeleton"]
        category["name"] = named
        annotation["bbox"] = [5, 5, 20, 30]
        if not keeps:
            del annotation["keypoints"]
        content["categories"] += others

    return change


@pytest.mark.parametrize(
    "change", [without_keypoints(named="fly"), without_keypoints(CAR, named="Bar")]
)
def test_boxes_of_a_category_without_keypoints_are_objects_without_labels(
    read: Callable[..., Contents], change: Callable[[Content], None]
) -> None:
    """They were refused, with the advice to rename keypoints."""
    found = read(change)
    [one] = found.instances
    assert one.box is not None
    assert not one.shape.known.any()
    assert "names no keypoints: its boxes alone are taken" in found.notes[0]


def test_of_several_categories_of_boxes_it_is_asked_which_the_objects_are(
    read: Callable[..., Contents],
) -> None:
    with pytest.raises(FormatError) as told:
        read(without_keypoints(CAR, named="fly"))
    assert 'has boxes alone: none of its categories names keypoints ("fly", "car")' in str(
        told.value
    )
    assert 'Call that category "bar" in the file' in told.value.remedy


def test_keypoints_that_no_category_names_are_not_taken_for_a_box(
    read: Callable[..., Contents],
) -> None:
    found = read(without_keypoints(keeps=True))
    assert "it has keypoints, and its category does not name them" in found.unreadable[0].reason


def test_objects_of_a_category_with_an_empty_list_of_keypoints_are_others(
    read: Callable[..., Contents],
) -> None:
    """Datumaro and CVAT write that list for every label that is no skeleton."""

    def a_car(content: Content) -> None:
        content["categories"].append({**CAR, "keypoints": [], "skeleton": []})
        content["annotations"].append(
            {"id": 9, "image_id": 1, "category_id": CAR["id"], "bbox": [0, 0, 30, 20]}
        )

    contents = read(a_car)

    assert [one.source for one in contents.instances] == ["a"]
    assert contents.notes[0].endswith("of bar and did not come in: car (1).")
