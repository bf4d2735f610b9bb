"""Label Studio's JSON-MIN, as label-studio-sdk 2.1.2 makes it of a project's tasks."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import label_studio
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("face", ("chin", "left eye", "right eye"))
POINTS = np.array([[10.0, 40.0], [5.5, 20.25], [30.0, 22.0]])
SIZE = {"original_width": 100, "original_height": 50}
SIGNED = {
    "annotator": 1,
    "annotation_id": 4,
    "created_at": "2026-03-01T09:00:00Z",
    "updated_at": "2026-03-01T09:01:00Z",
    "lead_time": 12.5,
}


def minimal(task: Any) -> list[Any]:
    """What the converter of label-studio-sdk makes of a task: of each region the values alone, by
    control, and of a choice of one its name."""
    entries = []
    for annotation in task["annotations"]:
        entry = {**task["data"], "id": task["id"]}
        for region in annotation["result"]:
            if "from_name" in region:
                size = {key: region[key] for key in SIZE}
                chosen = region["value"].get("choices")
                value = chosen[0] if chosen else {**region["value"], **size}
                entry.setdefault(region["from_name"], []).append(value)
        hidden = entry.get("visibility", ())
        if len(hidden) == 1:
            entry["visibility"] = hidden[0]
        entries.append({**entry, **SIGNED})
    return entries


def instance(tmp_path: Path, shift: float = 0.0, visibility: Any = (2, 2, 2)) -> ExportedInstance:
    shape = Shape(POINTS + np.array([shift, 0.0]), np.array(visibility, dtype=np.int8))
    box = Box(18 + shift, 30, 30, 24, 0.1)
    return ExportedInstance(tmp_path / "0.png", 100, 50, shape, box, f"key#{shift}")


def read(tmp_path: Path, instances: list[ExportedInstance], **changed: Any) -> Contents:
    label_studio.write(tmp_path / "out.json", instances, SCHEME)
    tasks = json.loads((tmp_path / "out.json").read_text())
    entries = [{**entry, **changed} for task in tasks for entry in minimal(task)]
    return read_entries(tmp_path, entries)


def read_entries(tmp_path: Path, entries: list[Any]) -> Contents:
    file = tmp_path / "min.json"
    file.write_text(json.dumps(entries, indent=2))
    assert sniff(file).name == "label-studio"
    return label_studio.read(file, SCHEME)


def test_points_and_box_are_those_that_were_exported(tmp_path: Path) -> None:
    contents = read(tmp_path, [instance(tmp_path)])
    [found] = contents.instances
    assert np.array_equal(found.shape.points, POINTS)
    assert found.shape.visibility.tolist() == [2, 2, 2]
    assert found.box is not None
    assert found.box.numbers == pytest.approx(instance(tmp_path).box.numbers)  # type: ignore
    assert found.image == tmp_path / "0.png"
    assert not contents.unreadable
    assert not contents.notes


def test_an_entry_as_label_studio_shows_it(tmp_path: Path) -> None:
    """Points alone, and an upload."""
    points = [
        {"x": 25.5, "y": 12.0, "width": 0.4, "keypointlabels": ["left eye"], **SIZE},
        {"x": 50.5, "y": 99.0, "width": 0.4, "keypointlabels": ["chin"], **SIZE},
    ]
    entry = {"img": "/data/upload/3/1a2b3c4d-0.png", "id": 7, "kp-1": points, "text": "good"}
    (tmp_path / "0.png").touch()
    [found] = read_entries(tmp_path, [entry | SIGNED]).instances
    assert found.image == tmp_path / "0.png"
    expected = [[50.0, 49.0], [25.0, 5.5], [np.nan, np.nan]]
    assert np.array_equal(found.shape.points, expected, equal_nan=True)
    assert found.box is None


def test_of_several_rectangles_a_point_is_of_the_one_in_which_it_lies(tmp_path: Path) -> None:
    several = [instance(tmp_path), instance(tmp_path, 50.0)]
    found = read(tmp_path, several).instances
    for one, expected in zip(found, several, strict=True):
        assert np.allclose(one.shape.points, expected.shape.points)


def test_where_that_is_open_it_is_left_out_and_said(tmp_path: Path) -> None:
    several = [instance(tmp_path), instance(tmp_path, 1.0)]
    contents = read(tmp_path, several)
    assert len(contents.unreadable) == 6
    assert "['chin'] lies in 2 rectangles; export JSON" in contents.unreadable[0].reason
    assert not any(one.shape.known.any() for one in contents.instances)


def test_what_names_its_rectangle_is_of_that_one(tmp_path: Path) -> None:
    """As it does where the converter has been told that there are keypoints."""
    several = [instance(tmp_path), instance(tmp_path, 1.0)]
    label_studio.write(tmp_path / "out.json", several, SCHEME)
    [task] = json.loads((tmp_path / "out.json").read_text())
    for region in task["annotations"][0]["result"]:
        if "value" in region:
            region["value"] |= {"id": region["id"], "parentID": region.get("parentID")}
    found = read_entries(tmp_path, minimal(task))
    for one, expected in zip(found.instances, several, strict=True):
        assert np.allclose(one.shape.points, expected.shape.points)
    assert not found.unreadable


def test_that_it_does_not_say_what_is_occluded_is_said(tmp_path: Path) -> None:
    for visibility in ((2, 1, 2), (1, 1, 2)):
        contents = read(tmp_path, [instance(tmp_path, visibility=visibility)])
        assert contents.instances[0].shape.visibility.tolist() == [2, 2, 2]
        assert "which points are occluded" in contents.notes[0]


def test_two_annotations_of_an_image(tmp_path: Path) -> None:
    label_studio.write(tmp_path / "out.json", [instance(tmp_path)], SCHEME)
    [task] = json.loads((tmp_path / "out.json").read_text())
    [entry] = minimal(task)
    named = [entry | {"annotator": who} for who in ("a@x", "b@x")]
    assert {one.annotator for one in read_entries(tmp_path, named).instances} == {"a@x", "b@x"}
    numbered = read_entries(tmp_path, [entry | {"annotator": 1}, entry | {"annotator": 2}])
    assert len(numbered.instances) == 1
    assert "1 image has several annotations" in numbered.notes[0]


@pytest.mark.parametrize("odd", [None, 3, [], {"landmark": 3}, {"landmark": [3, {"x": []}]}])
def test_odd_entries_are_said(tmp_path: Path, odd: Any) -> None:
    label_studio.write(tmp_path / "out.json", [instance(tmp_path)], SCHEME)
    [task] = json.loads((tmp_path / "out.json").read_text())
    contents = read_entries(tmp_path, [*minimal(task), odd])
    assert len(contents.unreadable) == 1
    assert len(contents.instances) == 1
