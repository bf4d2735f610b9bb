"""The files of other labelling tools: an export read again gives back what it can carry.

Coordinates come back bit for bit, also from the formats that count from the corner of a pixel or
in percent of the image: an own export that comes back must not look like a changed one.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.exchange import by_name, sniff
from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

COORDINATES = st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-20)
SIDES = st.floats(0.5, 1e5)
ANGLES = st.floats(-3.1, 3.1)
# XML can hold no others.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]).filter(
        lambda c: re.fullmatch("[ -퟿-�\U00010000-\U0010ffff]", c)
    ),
    min_size=1,
).map(str.strip)
NAMES = st.lists(TEXT.filter(bool), min_size=2, max_size=5, unique=True)
FORMATS = ("cvat", "datumaro", "label-studio", "labelme", "sleap")
TURNED = ("cvat", "label-studio", "sleap")
"""Formats that carry turned boxes."""


@st.composite
def shapes(draw: st.DrawFn, size: int) -> Shape:
    pairs = st.tuples(COORDINATES, COORDINATES) | st.just((np.nan, np.nan))
    points = draw(st.lists(pairs, min_size=size, max_size=size))
    seen = draw(st.lists(st.sampled_from([0, 1, 2]), min_size=size, max_size=size))
    marks = st.sampled_from([None, *Provenance])
    provenance = draw(st.lists(marks, min_size=size, max_size=size))
    return Shape(np.array(points), np.array(seen, dtype=np.int8), provenance)


@st.composite
def exports(draw: st.DrawFn) -> tuple[Scheme, list[ExportedInstance]]:
    """Up to four instances in two images of different size."""
    names = tuple(draw(NAMES))
    scheme = Scheme("any", names, edges=((0, 1),), partners=((0, 1),))
    instances = []
    for number in range(draw(st.integers(0, 4))):
        shape = draw(shapes(len(scheme)))
        box = Box(*draw(st.tuples(COORDINATES, COORDINATES, SIDES, SIDES, ANGLES)))
        image, size = (Path("photos/a.png"), (40, 30)) if number % 2 else (Path("b.jpg"), (7, 9))
        instances.append(ExportedInstance(image, *size, shape, box, f"key {number}"))
    return scheme, instances


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=30)
@given(content=exports())
def test_an_export_read_again(name: str, content: tuple[Scheme, list[ExportedInstance]]) -> None:
    scheme, instances = content
    card = by_name(name)
    assert card.writer is not None
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name).resolve()
        there = [
            ExportedInstance(folder / i.image, i.width, i.height, i.shape, i.box, i.source)
            for i in instances
        ]
        target = folder / "out"
        written = card.writer().write(target, there, scheme)
        if instances:
            assert sniff(target).name == name
            back = card.reader().read(target, scheme)
            assert back.unreadable == []
            found = {i.source: i for i in back.instances}

    assert written.instances == len(instances)
    for instance in there:
        other = found.pop(instance.source)
        carried = instance.shape.known & (instance.shape.visibility > 0)
        expected = np.where(carried[:, None], instance.shape.points, np.nan)
        assert np.array_equal(other.shape.points, expected, equal_nan=True)
        assert np.array_equal(
            other.shape.visibility, np.where(carried, instance.shape.visibility, 0)
        )
        assert other.image == instance.image
        if name in TURNED:
            assert_same_box(instance.box, other.box)
    assert not instances or not found


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=10)
@given(values=st.tuples(COORDINATES, COORDINATES, SIDES, SIDES))
def test_upright_boxes_come_back_to_rounding(
    name: str, values: tuple[float, float, float, float]
) -> None:
    card, scheme = by_name(name), Scheme("any", ("a", "b"))
    box = Box(*values)
    with TemporaryDirectory() as folder_name:
        image = Path(folder_name).resolve() / "a.png"
        target = image.with_name("out")
        instance = ExportedInstance(image, 40, 30, Shape(np.ones((2, 2))), box, "key")
        assert card.writer is not None
        card.writer().write(target, [instance], scheme)
        (back,) = card.reader().read(target, scheme).instances

    assert_same_box(box, back.box)


def assert_same_box(one: Box | None, other: Box | None) -> None:
    assert one is not None
    assert other is not None
    names = ("centre_x", "centre_y", "width", "height", "angle")
    values = [[getattr(box, name) for name in names] for box in (one, other)]
    assert np.allclose(*values, rtol=1e-9, atol=1e-8)


@given(COORDINATES)
def test_half_a_pixel_there_and_back_is_nothing(value: float) -> None:
    assert pixel_corners.to_centre(pixel_corners.from_centre(value)) == value


@given(COORDINATES, st.integers(1, 100_000))
def test_percent_there_and_back_is_nothing(value: float, size: int) -> None:
    assert pixel_corners.from_percent(pixel_corners.to_percent(value, size), size) == value
