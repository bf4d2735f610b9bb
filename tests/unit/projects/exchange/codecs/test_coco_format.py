"""COCO keypoints: the reference implementation agrees, and what is read and refused."""

import json
import os
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from landmark_annotator.projects.exchange.codecs import coco
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("face", ("chin", "left eye", "right eye"), edges=((0, 1), (1, 2)), title="A face")


def exported(tmp_path: Path, number: int = 0, box: Box | None = None) -> ExportedInstance:
    points = np.array([[50.25, 80.0], [60.5, 40.125], [40.0, 41.0]]) + number
    shape = Shape(points, np.array([2, 1, 2], dtype=np.int8))
    return ExportedInstance(
        tmp_path / "photos" / f"{number}.png", 120, 100, shape, box, f"key#{number}"
    )


def read(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Contents:
    """Of a written file of one instance, changed by `change`."""
    file = tmp_path / "labels.json"
    coco.write(file, [exported(tmp_path)], SCHEME)
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))
    return coco.read(file, SCHEME)


def test_pycocotools_evaluates_a_file_against_itself_as_perfect(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    coco.write(file, [exported(tmp_path, n) for n in range(4)], SCHEME)
    truth = COCO(str(file))
    found = [{**a, "score": 0.9} for a in truth.loadAnns(truth.getAnnIds())]

    evaluation = COCOeval(truth, truth.loadRes(found), "keypoints")
    evaluation.params.kpt_oks_sigmas = np.full(len(SCHEME), 0.05)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()

    assert evaluation.stats[0] == pytest.approx(1.0)
    assert evaluation.stats[5] == pytest.approx(1.0)


def test_pycocotools_reads_images_category_and_keypoints(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    coco.write(file, [exported(tmp_path, box=Box.from_corner(30, 35, 40, 50))], SCHEME)

    read_by_others = COCO(str(file))

    (category,) = read_by_others.loadCats(read_by_others.getCatIds())
    assert category["keypoints"] == ["chin", "left eye", "right eye"]
    assert category["skeleton"] == [[1, 2], [2, 3]]
    (image,) = read_by_others.loadImgs(read_by_others.getImgIds())
    assert (image["file_name"], image["width"], image["height"]) == ("photos/0.png", 120, 100)
    (annotation,) = read_by_others.loadAnns(read_by_others.getAnnIds())
    assert annotation["bbox"] == [30.5, 35.5, 40, 50]
    assert annotation["area"] == 2000
    assert annotation["num_keypoints"] == 3


def test_coordinates_are_written_as_they_are_with_pixel_centres_at_whole_numbers(
    tmp_path: Path,
) -> None:
    coco.write(tmp_path / "labels.json", [exported(tmp_path)], SCHEME)

    (annotation,) = json.loads((tmp_path / "labels.json").read_text())["annotations"]

    assert annotation["keypoints"] == [50.25, 80.0, 2, 60.5, 40.125, 1, 40.0, 41.0, 2]


def test_unknown_landmarks_are_zeros_and_do_not_count(tmp_path: Path) -> None:
    shape = Shape(np.array([[1.0, 2.0], [np.nan, np.nan], [5.0, 6.0]]))
    instance = ExportedInstance(tmp_path / "a.png", 9, 9, shape, None, "k")

    coco.write(tmp_path / "labels.json", [instance], SCHEME)

    (annotation,) = json.loads((tmp_path / "labels.json").read_text())["annotations"]
    assert annotation["keypoints"] == [1.0, 2.0, 2, 0, 0, 0, 5.0, 6.0, 2]
    assert annotation["num_keypoints"] == 2


def test_a_turned_box_becomes_the_rectangle_around_it_and_is_noted(tmp_path: Path) -> None:
    turned = Box(50, 60, 40, 20, angle=np.pi / 2)

    written = coco.write(tmp_path / "labels.json", [exported(tmp_path, box=turned)], SCHEME)

    (annotation,) = json.loads((tmp_path / "labels.json").read_text())["annotations"]
    assert annotation["bbox"] == pytest.approx([40.5, 40.5, 20, 40])
    assert any("1 turned box was" in note for note in written.notes)


def test_instances_are_written_as_they_come(tmp_path: Path) -> None:
    file = tmp_path / "labels.json"
    handed: list[weakref.ref[ExportedInstance]] = []
    most = 0

    def coming() -> Iterator[ExportedInstance]:
        nonlocal most
        for number in range(50):
            instance = exported(tmp_path, number)
            handed.append(weakref.ref(instance))
            most = max(most, sum(ref() is not None for ref in handed))
            yield instance

    written = coco.write(file, coming(), SCHEME)

    assert (written.instances, written.images) == (50, 50)
    assert most <= 3
    assert len(coco.read(file, SCHEME).instances) == 50


def test_a_source_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text("old")

    def coming() -> Iterator[ExportedInstance]:
        yield exported(tmp_path)
        raise KeyError

    with pytest.raises(KeyError):
        coco.write(tmp_path / "labels.json", coming(), SCHEME)

    assert [f.name for f in tmp_path.iterdir()] == ["labels.json"]
    assert (tmp_path / "labels.json").read_text() == "old"


def test_a_file_name_that_is_not_unicode(tmp_path: Path) -> None:
    image = tmp_path / os.fsdecode(b"M\xfcller.png")
    instance = ExportedInstance(image, 9, 9, Shape(np.ones((3, 2))), None, "k")

    coco.write(tmp_path / "labels.json", [instance], SCHEME)

    assert coco.read(tmp_path / "labels.json", SCHEME).instances[0].image == image


def test_two_instances_of_an_image_share_it(tmp_path: Path) -> None:
    instances = [exported(tmp_path), exported(tmp_path)]

    written = coco.write(tmp_path / "labels.json", instances, SCHEME)

    content = json.loads((tmp_path / "labels.json").read_text())
    assert len(content["images"]) == written.images == 1
    assert [a["image_id"] for a in content["annotations"]] == [1, 1]


def test_keypoints_in_another_order_find_their_landmarks(tmp_path: Path) -> None:
    def turned_round(content: dict[str, Any]) -> None:
        content["categories"][0]["keypoints"].reverse()
        points = np.array(content["annotations"][0]["keypoints"]).reshape(3, 3)[::-1]
        content["annotations"][0]["keypoints"] = points.ravel().tolist()

    (instance,) = read(tmp_path, turned_round).instances

    assert np.array_equal(instance.shape.points, exported(tmp_path).shape.points)
    assert instance.shape.visibility.tolist() == [2, 1, 2]


def test_fewer_keypoints_leave_the_others_unknown(tmp_path: Path) -> None:
    def two(content: dict[str, Any]) -> None:
        content["categories"][0]["keypoints"] = ["right eye", "chin"]
        content["annotations"][0]["keypoints"] = [1, 2, 2, 3, 4, 1]

    (instance,) = read(tmp_path, two).instances

    assert instance.shape.points[[2, 0]].tolist() == [[1, 2], [3, 4]]
    assert instance.shape.visibility.tolist() == [1, 0, 2]


def test_keypoints_in_other_capitals_and_another_order_are_known_by_name(tmp_path: Path) -> None:
    def told(content: dict[str, Any]) -> None:
        content["categories"][0]["keypoints"] = ["RIGHT_EYE", "Left_Eye", "Chin"]
        content["annotations"][0]["keypoints"] = [1, 2, 2, 3, 4, 2, 5, 6, 2]

    contents = read(tmp_path, told)

    assert contents.instances[0].shape.points.tolist() == [[5, 6], [3, 4], [1, 2]]
    assert not contents.notes


def test_as_many_keypoints_of_other_names_are_taken_in_order_and_noted(tmp_path: Path) -> None:
    contents = read(
        tmp_path, lambda content: content["categories"][0].update(keypoints=["1", "2", "3"])
    )

    assert np.array_equal(contents.instances[0].shape.points, exported(tmp_path).shape.points)
    assert "taken in order" in contents.notes[0]


def test_a_keypoint_that_the_scheme_has_not_is_refused_with_the_closest(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match='Did you mean "left eye"'):
        read(
            tmp_path,
            lambda content: content["categories"][0].update(
                keypoints=["chin", "left eyes", "right eye"]
            ),
        )


def test_other_categories_and_crowds_are_passed_over(tmp_path: Path) -> None:
    def more(content: dict[str, Any]) -> None:
        content["categories"].append({"id": 7, "name": "car"})
        content["annotations"].append({"id": 8, "image_id": 1, "category_id": 7})
        content["annotations"].append({**content["annotations"][0], "id": 9, "iscrowd": 1})

    contents = read(tmp_path, more)

    assert len(contents.instances) == 1
    assert contents.unreadable == []


def test_an_annotation_without_keypoints_is_a_box_to_be_labelled(tmp_path: Path) -> None:
    (instance,) = read(tmp_path, lambda c: c["annotations"][0].pop("keypoints")).instances

    assert not instance.shape.known.any()
    assert instance.box is not None


def test_an_image_without_annotations_is_yet_to_be_labelled(tmp_path: Path) -> None:
    contents = read(tmp_path, lambda c: c["images"].append({"id": 5, "file_name": "b.png"}))

    assert contents.instances[1].image == tmp_path / "b.png"
    assert not contents.instances[1].shape.known.any()


def test_file_names_with_the_backslashes_of_windows(tmp_path: Path) -> None:
    contents = read(tmp_path, lambda c: c["images"][0].update(file_name="photos\\0.png"))

    assert contents.instances[0].image == tmp_path / "photos" / "0.png"


@pytest.mark.parametrize(
    "change",
    [
        {"image_id": 99},
        {"keypoints": [1, 2, 2]},
        {"keypoints": [1, 2, 2, 3, 4, 5, 6, 7, 8]},
        {"keypoints": [float("nan"), 2, 2, 3, 4, 2, 6, 7, 2]},
        {"keypoints": "none"},
        {"keypoints": [[1, 2, 2], [3]]},
        {"keypoints": [10**400, 2, 2, 3, 4, 2, 6, 7, 2]},
        {"bbox": [1, 2, 3]},
        {"bbox": [float("inf"), 2, 3, 4]},
        {"bbox": 5},
        {"category_id": []},
    ],
)
def test_a_bad_annotation_is_reported_and_the_rest_is_read(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    def add(content: dict[str, Any]) -> None:
        content["annotations"].insert(0, {**content["annotations"][0], "id": 77, **change})

    contents = read(tmp_path, add)

    assert len(contents.instances) == 1
    assert len(contents.unreadable) == 1
    assert "Annotation 77" in contents.unreadable[0].reason


@pytest.mark.parametrize(
    ("image_id", "said"),
    [
        ({"image_id": 99}, "its image_id 99 names no image of the file."),
        ({"image_id": "1"}, 'its image_id "1" names no image of the file.'),
        ({}, "it has no image_id."),
    ],
)
def test_of_which_image_an_annotation_is_not_known(
    tmp_path: Path, image_id: dict[str, object], said: str
) -> None:
    def add(content: dict[str, Any]) -> None:
        first = {k: v for k, v in content["annotations"][0].items() if k != "image_id"}
        content["annotations"].insert(0, {**first, "id": 77, **image_id})

    assert read(tmp_path, add).unreadable[0].reason == f"Annotation 77: {said}"


def test_an_image_id_of_two_files_is_of_neither(tmp_path: Path) -> None:
    def add(content: dict[str, Any]) -> None:
        content["images"].append({"id": 1, "file_name": "other.png"})
        content["images"].append({"id": 2, "file_name": "sound.png"})
        content["annotations"].append({**content["annotations"][0], "id": 5, "image_id": 2})

    contents = read(tmp_path, add)

    assert [i.image.name for i in contents.instances] == ["sound.png"]
    assert "Image id 1 is that of several files" in contents.unreadable[0].reason


def test_an_image_that_is_listed_twice_is_one(tmp_path: Path) -> None:
    contents = read(tmp_path, lambda content: content["images"].append(content["images"][0]))

    assert len(contents.instances) == 1
    assert contents.unreadable == []


@pytest.mark.parametrize(
    "image", [5, {"id": 3}, {"file_name": "a.png"}, {"id": [], "file_name": "a"}]
)
def test_a_bad_image_is_reported_and_the_rest_is_read(tmp_path: Path, image: Any) -> None:
    contents = read(tmp_path, lambda content: content["images"].append(image))

    assert len(contents.instances) == 1
    assert "Image number 1" in contents.unreadable[0].reason


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"images": 3}', '{"images": [', "[" * 100_000])
def test_not_a_coco_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)

    with pytest.raises(FormatError):
        coco.read(tmp_path / "a.json", SCHEME)


@pytest.mark.parametrize("key", [{}, [], None])
def test_an_annotation_whose_id_is_none_is_read(tmp_path: Path, key: Any) -> None:
    file = tmp_path / "labels.json"
    points = Shape([[1.0, 2.0], [3.0, 4.0]])
    instance = ExportedInstance(tmp_path / "a.png", 40, 30, points, Box(2, 3, 4, 4), "a")
    scheme = Scheme("bar", ("start", "end"))
    coco.write(file, [instance], scheme)
    content = json.loads(file.read_text())
    content["annotations"][0]["id"] = key
    file.write_text(json.dumps(content))

    [found] = coco.read(file, scheme).instances

    assert found.shape.complete
