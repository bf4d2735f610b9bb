"""`true` where a JSON file should have a number: it is none, and is not taken for 1.0."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

FACE = Scheme("face", ("left eye", "right eye", "chin"))
HAND = Scheme("hand", tuple(f"joint {number}" for number in range(21)))
PLACES = np.array([[10.5, 12.25], [30.0, 12.5], [20.75, 33.0]])
FILES = {
    "coco": "labels.json",
    "coco-folder": "out/labels.json",
    "coco-wholebody": "labels.json",
    "openpose": "out/a_keypoints.json",
    "via": "labels.json",
    "slicer": "out/a.mrk.json",
    "labelme": "out/a.json",
    "label-studio": "labels.json",
    "datumaro": "out/annotations/*.json",
    "imagefolder": "out/**/metadata.jsonl",
}


def written(folder: Path, format: str) -> tuple[Path, Path, Scheme]:
    """What is to be read, and the file of JSON in it."""
    Image.new("RGB", (50, 60)).save(folder / "a.png")
    scheme = HAND if format == "coco-wholebody" else FACE
    points = np.resize(PLACES, (len(scheme), 2))
    shape, box = Shape(points), Box(20, 22, 30, 32)
    label = ExportedInstance(folder / "a.png", 50, 60, shape, box, "key")
    card = by_name(format)
    target = folder / FILES[format].split("/")[0]
    card.write(target, [label], scheme)
    [file] = folder.glob(FILES[format])
    if format in ("openpose", "slicer", "labelme"):
        (folder / "a.png").rename(target / "a.png")
    return target, file, scheme


def numbers_in(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in the JSON they stand, of a long list the first ones; but ids, which are names, and
    what may be a truth."""
    if isinstance(content, dict):
        for key, value in content.items():
            if not key.endswith("id") and key not in ("iscrowd", "image_rotation"):
                yield from numbers_in(value, (*path, key))
    elif isinstance(content, list):
        for place, value in enumerate(content[:6]):
            yield from numbers_in(value, (*path, place))
    elif isinstance(content, int | float) and not isinstance(content, bool):
        yield path


def spoilt(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    content = copy.deepcopy(content)
    inner = content
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return content


def read(format: str, source: Path, scheme: Scheme) -> tuple[list[ImportedInstance], list[Any]]:
    try:
        contents = by_name(format).reader().read(source, scheme)
        return list(contents.instances), list(contents.unreadable)
    except FormatError as error:
        return [], [Unreadable(source, str(error))]


def said(found: list[ImportedInstance]) -> list[Any]:
    return [
        (each.shape.points.tolist(), each.shape.visibility.tolist(), each.box) for each in found
    ]


@pytest.mark.parametrize("format", FILES)
def test_true_is_no_number(tmp_path: Path, format: str) -> None:
    source, file, scheme = written(tmp_path, format)
    text = file.read_text(encoding="utf-8")
    content = json.loads(text)
    before, unreadable = read(format, source, scheme)
    assert len(before) == 1
    assert not unreadable

    for path in numbers_in(content):
        file.write_text(json.dumps(spoilt(content, path, True)), encoding="utf-8")
        found, unreadable = read(format, source, scheme)
        whole = [each for each in found if each.shape.known.any()]
        assert said(whole) in ([], said(before)), path
        if not whole:
            assert unreadable, path
            assert any(word in unreadable[0].reason for word in ("true", "True")), path
