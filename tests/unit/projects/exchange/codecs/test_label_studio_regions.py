"""Masks of regions through Label Studio's tasks, as strokes of its brush."""

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from landmark_annotator.projects.exchange.codecs import label_studio
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Mask, Region, RegionMask, Scheme, Shape

SCHEME = Scheme("face", ("nose", "chin"), regions=(Region("hair"), Region("skin")))
POINTS = np.array([[30.0, 30.0], [31.0, 42.0]])
HAIR = Mask.of(np.ones((10, 30), dtype=bool), 15, 5)
SKIN = Mask.of(np.hypot(*np.ogrid[-30:20, -30:30]) < 15)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Two objects of one image; of the second only that it has no hair is said."""
    pair = ({"hair": HAIR, "skin": SKIN}, {"hair": Mask()})
    instances = [
        ExportedInstance(
            tmp_path / "face.png",
            60,
            50,
            Shape(POINTS + 2 * place),
            Box(30, 30, 40, 40),
            f"face#{place}",
            masks={name: RegionMask(mask) for name, mask in masks.items()},
        )
        for place, masks in enumerate(pair)
    ]
    label_studio.write(tmp_path / "tasks.json", instances, SCHEME)
    return tmp_path / "tasks.json"


def found(file: Path) -> list[dict[str, Mask]]:
    contents = label_studio.read(file, SCHEME)
    assert contents.unreadable == []
    return [{n: one.mask for n, one in each.masks.items()} for each in contents.instances]


def test_masks_go_round_exactly_with_their_objects(written: Path) -> None:
    assert found(written) == [{"hair": HAIR, "skin": SKIN}, {"hair": Mask()}]


def test_the_configuration_has_a_brush_for_each_region(written: Path) -> None:
    view = Xml.parse(written.with_name("tasks.config.xml")).getroot()
    labels = view.findall("BrushLabels/Label")
    assert [label.get("value") for label in labels] == ["hair", "skin"]
    assert all(label.get("background", "").startswith("#") for label in labels)


def test_strokes_of_no_rectangle_are_on_the_first_object(written: Path) -> None:
    tasks = json.loads(written.read_text())
    for region in tasks[0]["annotations"][0]["result"]:
        if region["type"] == "brushlabels":
            region.pop("parentID")
    written.write_text(json.dumps(tasks))
    assert found(written) == [{"hair": HAIR, "skin": SKIN}, {}]


def test_an_image_of_strokes_alone_is_an_object(written: Path) -> None:
    tasks = json.loads(written.read_text())
    result = tasks[0]["annotations"][0]["result"]
    tasks[0]["annotations"][0]["result"] = [r for r in result if r["type"] == "brushlabels"]
    written.write_text(json.dumps(tasks))
    assert found(written) == [{"hair": HAIR, "skin": SKIN}]


def test_a_bad_stroke_is_reported_and_the_rest_read(written: Path) -> None:
    tasks = json.loads(written.read_text())
    strokes = [r for r in tasks[0]["annotations"][0]["result"] if r["type"] == "brushlabels"]
    strokes[0]["value"]["rle"] = strokes[0]["value"]["rle"][:9]
    written.write_text(json.dumps(tasks))

    contents = label_studio.read(written, SCHEME)

    assert [set(each.masks) for each in contents.instances] == [{"skin"}, {"hair"}]
    [unreadable] = contents.unreadable
    assert "brush stroke 0" in unreadable.reason
