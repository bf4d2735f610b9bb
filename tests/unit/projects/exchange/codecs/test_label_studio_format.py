"""Label Studio: percent from the corner; sleap-io, which reads it too, agrees but for the half."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
from sleap_io.io import labelstudio

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import label_studio
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("face", ("chin", "left eye", "right eye"))
POINTS = [[-0.5, 0.0], [99.5, 24.5], [np.nan, np.nan]]


def exported(tmp_path: Path, number: int = 0) -> ExportedInstance:
    shape = Shape(np.array(POINTS), np.array([2, 1, 0], dtype=np.int8))
    box = Box.from_corner(-0.5, -0.5, 50, 25)
    return ExportedInstance(tmp_path / "photos" / "0.png", 100, 50, shape, box, f"key#{number}")


def written(tmp_path: Path) -> Any:
    label_studio.write(tmp_path / "out.json", [exported(tmp_path)], SCHEME)
    return json.loads((tmp_path / "out.json").read_text())


def read(tmp_path: Path, tasks: Any, **options: Any) -> Contents:
    (tmp_path / "in.json").write_text(json.dumps(tasks))
    return label_studio.read(tmp_path / "in.json", SCHEME, **options)


def regions(tasks: Any, kind: str) -> list[Any]:
    return [r for r in tasks[0]["annotations"][0]["result"] if r["type"] == kind]


def test_the_edges_of_the_image_are_0_and_100_percent(tmp_path: Path) -> None:
    values = [r["value"] for r in regions(written(tmp_path), "keypointlabels")]

    assert [(v["x"], v["y"]) for v in values] == [(0, 1), (100, 50)]
    assert [v["keypointlabels"] for v in values] == [["chin"], ["left eye"]]


def test_rectangles_are_in_percent_too(tmp_path: Path) -> None:
    ((value,),) = [[r["value"] for r in regions(written(tmp_path), "rectanglelabels")]]

    assert [value[k] for k in ("x", "y", "width", "height")] == [0, 0, 50, 50]


def test_an_occluded_point_has_that_choice(tmp_path: Path) -> None:
    tasks = written(tmp_path)

    (choice,) = regions(tasks, "choices")
    assert choice["id"] == regions(tasks, "keypointlabels")[1]["id"]
    assert choice["value"]["choices"] == ["occluded"]


def test_every_region_has_what_label_studio_documents(tmp_path: Path) -> None:
    (task,) = written(tmp_path)
    configuration = Xml.parse(tmp_path / "out.config.xml").getroot()
    controls = {e.get("name"): e for e in configuration if e.get("toName") == "image"}

    assert task["data"] == {"image": "/data/local-files/?d=photos/0.png"}
    for region in task["annotations"][0]["result"]:
        if region["type"] == "relation":
            continue
        assert (region["original_width"], region["original_height"]) == (100, 50)
        assert region["image_rotation"] == 0
        assert region["to_name"] == "image"
        control = controls[region["from_name"]]
        assert control.tag.lower() == region["type"]
        chosen = region["value"][region["type"]]
        assert set(chosen) <= {option.get("value") for option in control}


def test_a_box_that_leaves_the_image_is_a_rectangle_within_it(tmp_path: Path) -> None:
    box = Box(10.0, 20.0, 60.0, 30.0, 0.5)
    one = replace(exported(tmp_path), box=box)
    label_studio.write(tmp_path / "out.json", [one], SCHEME)
    tasks = json.loads((tmp_path / "out.json").read_text())
    (rectangle,) = regions(tasks, "rectanglelabels")
    value = rectangle["value"]

    assert min(value["x"], value["y"]) >= 0
    assert max(value["x"] + value["width"], value["y"] + value["height"]) <= 100
    assert label_studio.read(tmp_path / "out.json", SCHEME).instances[0].box == box
    value["width"] -= 1
    (moved,) = read(tmp_path, tasks).instances
    assert moved.box is not None
    assert moved.box.angle == 0


def test_keypoints_have_their_place_in_the_order(tmp_path: Path) -> None:
    written(tmp_path)

    labels = Xml.parse(tmp_path / "out.config.xml").getroot().findall("KeyPointLabels/Label")

    assert [(each.get("value"), each.get("model_index")) for each in labels] == [
        (name, str(number)) for number, name in enumerate(SCHEME.landmarks)
    ]


def test_odd_names_of_images_are_addresses_that_can_be_served(tmp_path: Path) -> None:
    name = "ä b#1%2.png"
    (tmp_path / name).touch()
    one = replace(exported(tmp_path), image=tmp_path / name)
    label_studio.write(tmp_path / "out.json", [one], SCHEME)

    text = (tmp_path / "out.json").read_text()
    (back,) = label_studio.read(tmp_path / "out.json", SCHEME).instances

    assert "?d=%C3%A4%20b%231%252.png" in text
    assert back.image == tmp_path / name


def test_sleap_io_reads_the_same_instances(tmp_path: Path) -> None:
    tasks = written(tmp_path)
    tasks[0]["meta"]["video"] = {"filename": "a.mp4", "frame_idx": 0, "shape": None}

    (frame,) = labelstudio.parse_tasks(tasks, labelstudio.infer_nodes(tasks))

    (instance,) = frame.instances
    found = dict(zip(instance.skeleton.node_names, instance.numpy(), strict=True))
    # It takes percent of the extent for positions without the half pixel.
    assert found["chin"] == pytest.approx([0.0, 0.5])
    assert found["left eye"] == pytest.approx([100.0, 25.0])


def test_a_file_of_label_studio_itself_is_known_by_its_beginning(tmp_path: Path) -> None:
    """Which has the data of a task after its annotations."""
    (task,) = written(tmp_path)
    task["annotations"][0]["result"] *= 200
    (tmp_path / "theirs").write_text(json.dumps([{"id": 1, "annotations": task["annotations"]}]))

    assert sniff(tmp_path / "theirs").name == "label-studio"


def test_points_without_a_rectangle_are_one_instance(tmp_path: Path) -> None:
    tasks = written(tmp_path)
    result = [
        {k: v for k, v in r.items() if k != "parentID"} for r in regions(tasks, "keypointlabels")
    ]
    tasks[0]["annotations"][0]["result"] = result

    (instance,) = read(tmp_path, tasks).instances

    assert np.array_equal(instance.shape.points, POINTS, equal_nan=True)
    assert instance.box is None


def test_two_instances_of_an_image(tmp_path: Path) -> None:
    several = [exported(tmp_path, n) for n in range(2)]
    label_studio.write(tmp_path / "out.json", several, SCHEME)

    found = label_studio.read(tmp_path / "out.json", SCHEME).instances

    assert [i.source for i in found] == ["key#0", "key#1"]
    assert len(json.loads((tmp_path / "out.json").read_text())) == 1


def test_annotations_that_say_whose_they_are_are_all_read(tmp_path: Path) -> None:
    tasks = written(tmp_path)
    [first] = tasks[0]["annotations"]
    for region in first["result"]:
        region.pop("meta", None)  # as other programs write them
    people = ({"id": 1, "email": "a@x"}, {"id": 7, "username": "bob"})
    tasks[0]["annotations"] = [
        {**first, "completed_by": person, "created_at": f"2026-01-0{day}T10:00:00Z"}
        for day, person in enumerate(people, 1)
    ]
    found = read(tmp_path, tasks)
    several = [each for each in found.instances if each.image == found.instances[0].image]
    assert {each.annotator for each in several} == {"a@x", "bob"}
    assert {each.at.day for each in several if each.at} == {1, 2}
    assert len({each.source for each in several}) == len(several)
    assert not found.notes


def test_the_annotator_asked_for(tmp_path: Path) -> None:
    tasks = written(tmp_path)
    first = tasks[0]["annotations"][0]
    first["completed_by"] = 1
    tasks[0]["annotations"].append(
        {"id": 2, "completed_by": {"id": 7, "email": "b@x"}, "result": []}
    )

    assert read(tmp_path, tasks).instances[0].shape.known.any()
    assert not read(tmp_path, tasks, annotator="b@x").instances[0].shape.known.any()
    assert "1 image has several annotations" in read(tmp_path, tasks).notes[0]


@pytest.mark.parametrize(
    "address",
    [
        "photos/a.png",
        "photos\\a.png",
        "/data/local-files/?d=photos/a.png",
        "https://example.org/files/a.png",
        "/data/upload/3/1a2b3c4d-a.png",
    ],
)
def test_addresses_of_images_on_a_server(tmp_path: Path, address: str) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.png").touch()
    tasks = written(tmp_path)
    tasks[0]["data"]["image"] = address
    folder = tmp_path if "photos" in address else photos

    (instance,) = read(tmp_path, tasks, images=folder).instances

    assert instance.image == photos / "a.png"


def test_a_name_that_an_upload_has_simplified(tmp_path: Path) -> None:
    (tmp_path / "über (1) a.png").touch()
    tasks = written(tmp_path)
    tasks[0]["data"]["image"] = "/data/upload/3/1a2b3c4d-über_1_a.png"

    (instance,) = read(tmp_path, tasks, images=tmp_path).instances

    assert instance.image == tmp_path / "über (1) a.png"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"original_width": 0}, "original size"),
        ({"image_rotation": 90}, "turned"),
        ({"value": {"x": "a", "y": 1, "keypointlabels": ["chin"]}}, "not a number"),
        ({"value": {"x": 1, "y": 1, "keypointlabels": ["chinn"]}}, 'Did you mean "chin"'),
        ({"value": {"x": 1, "y": 1, "keypointlabels": ["left eye"]}}, "twice"),
        ({"value": {"x": 1, "y": 1, "keypointlabels": []}}, "not one label"),
    ],
)
def test_a_bad_region_is_reported(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    tasks = written(tmp_path)
    regions(tasks, "keypointlabels")[0].update(change)

    contents = read(tmp_path, tasks)

    assert says in contents.unreadable[0].reason


@pytest.mark.parametrize("text", ["[", "{}", '"a"'])
def test_files_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)

    with pytest.raises(FormatError):
        label_studio.read(tmp_path / "a.json", SCHEME)
