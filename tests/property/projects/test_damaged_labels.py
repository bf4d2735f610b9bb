"""Whatever happens to the bytes of a label file, it is read or refused, and never a bug of ours."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from landmark_annotator.projects.exchange import by_name
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("face", ("left eye", "right eye", "chin"))
FILES = {
    "coco": "o.json",
    "csv": "o.csv",
    "tps": "o.tps",
    "wflw": "o.txt",
    "imglab": "o.xml",
    "deeplabcut": "o.csv",
    "deeplabcut-h5": "o.h5",
    "pts": "0.pts",
    "tem": "0.tem",
    "yolo": "labels/0.txt",
    "via": "o.json",
    "openpose": "0_keypoints.json",
    "slicer": "0.mrk.json",
    "asf": "0.asf",
    "isbi": "0.txt",
    "napari": "0.csv",
    "webdataset": "out-000000.tar",
    "imagefolder": "metadata.jsonl",
}
Damage = Callable[[bytes], bytes]


@cache
def good(format: str) -> bytes:
    """A file of two instances, or of the first where the format has one file an image."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        instances = []
        for number in range(2):
            image = folder / f"{number}.png"
            Image.new("RGB", (50, 60)).save(image)
            shape = Shape(np.array([[1.5, 2], [3, 4.25], [20, 30]]) + number, [2, 1, 2])
            instances.append(ExportedInstance(image, 50, 60, shape, Box(9, 9, 4, 4), f"k{number}"))
        card = by_name(format)
        assert card.writer is not None
        target = folder / "out" if card.writes_folder else folder / FILES[format]
        card.writer().write(target, instances, SCHEME)
        return (target / FILES[format] if card.writes_folder else target).read_bytes()


@st.composite
def damage(draw: st.DrawFn) -> Damage:
    at, length = draw(st.floats(0, 1)), draw(st.integers(0, 12))
    new = draw(st.binary(max_size=6) | st.sampled_from([b"9e999", b"\n", b'"', b",", b"nan", b"-"]))
    cut = draw(st.booleans())

    def damaged(content: bytes) -> bytes:
        start = int(at * len(content))
        return content[:start] + new + (b"" if cut else content[start + length :])

    return damaged


@pytest.mark.parametrize("format", FILES)
@settings(deadline=None, max_examples=40)
@given(st.lists(damage(), min_size=1, max_size=3))
def test_damaged_files_are_read_or_refused(format: str, damages: list[Damage]) -> None:
    content = good(format)
    for one in damages:
        content = one(content)
    with TemporaryDirectory() as name:
        file = Path(name) / FILES[format]
        file.parent.mkdir(exist_ok=True)
        for number in range(2):
            Image.new("RGB", (50, 60)).save(Path(name) / f"{number}.png")
        file.write_bytes(content)
        card = by_name(format)
        card.reader().sniff(file)
        try:
            contents = card.reader().read(file, SCHEME)
        except FormatError:
            return

    for instance in contents.instances:
        assert len(instance.shape) == len(SCHEME)
        assert np.isfinite(instance.shape.points[instance.shape.known]).all()
    for bad in contents.unreadable:
        assert bad.reason
