"""Formats of single programs: writing and reading again gives back what they can carry."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_strategies import HEIGHT, WIDTH, exported, labelled, shapes
from PIL import Image

from landmark_annotator.projects.exchange import by_name, sniff
from landmark_annotator.projects.exchange.codecs import asf, coco_wholebody, isbi
from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
)
from landmark_annotator.projects.exchange.codecs.point_lists import IMAGEJ, NAPARI
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

Content = tuple[Scheme, list[tuple[Shape, Box | None]]]


def there_and_back(
    format: str, folder: Path, instances: Sequence[ExportedInstance], scheme: Scheme
) -> list[ImportedInstance]:
    """In the order of what was written; the images are there, for some readers look for them."""
    card = by_name(format)
    assert card.writer is not None
    for instance in instances:
        instance.image.parent.mkdir(exist_ok=True)
        Image.new("1", (WIDTH, HEIGHT)).save(instance.image)
    target = folder / ("photos" if card.writes_folder else f"out{card.suffix}")
    card.writer().write(target, instances, scheme)
    assert sniff(target).name == format
    back = card.reader().read(target, scheme)
    assert back.unreadable == []
    return back.instances


def assert_carried(back: ImportedInstance, written: ExportedInstance, *, hidden: bool) -> None:
    shape = written.shape
    carried = shape.known & (shape.visibility > 0)
    points = np.where(carried[:, None], shape.points, np.nan)
    assert np.array_equal(back.shape.points, points, equal_nan=True)
    expected = np.where(carried, shape.visibility if hidden else 2, 0)
    assert np.array_equal(back.shape.visibility, expected)
    assert back.image == written.image


@pytest.mark.parametrize("format", ["via", "slicer", "openpose"])
@settings(deadline=None, max_examples=40)
@given(labelled())
def test_labelled_points_come_back(format: str, content: Content) -> None:
    scheme, several = content
    if not several or len(scheme) in (21, 70):
        return
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, several)
        found = there_and_back(format, folder, instances, scheme)

    for back, written in zip(found, instances, strict=True):
        assert_carried(back, written, hidden=format != "openpose")
        if format != "openpose":
            assert back.source == written.source
            assert np.array_equal(back.shape.absent, written.shape.absent)


@pytest.mark.parametrize("format", ["via", "slicer"])
@settings(deadline=None, max_examples=20)
@given(st.lists(shapes(3), min_size=2, max_size=4))
def test_objects_of_one_image_stay_apart(format: str, several: list[Shape]) -> None:
    scheme = Scheme("any", ("1", "object", "occluded"))
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = [
            ExportedInstance(folder / "photos" / "a.png", WIDTH, HEIGHT, shape, None, f"k{i}")
            for i, shape in enumerate(several)
        ]
        found = there_and_back(format, folder, instances, scheme)

    for back, written in zip(found, instances, strict=True):
        assert_carried(back, written, hidden=True)


@pytest.mark.parametrize("size", [21, 68, 133])
@settings(deadline=None, max_examples=10)
@given(st.data())
def test_wholebody_gives_back_each_of_its_parts(size: int, data: st.DataObject) -> None:
    scheme = Scheme("any", tuple(f"l{i}" for i in range(size)))
    seed = data.draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    shape = Shape(random.normal(0, 100, (size, 2)), random.integers(0, 3, size).astype(np.int8))
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, [(shape, Box(20, 20, 9, 9))])
        (back,) = there_and_back("coco-wholebody", folder, instances, scheme)

    assert_carried(back, instances[0], hidden=True)
    assert (back.source, back.box) == (instances[0].source, instances[0].box)


@given(
    st.integers(1, 6).flatmap(lambda size: shapes(size, complete=True)),
    st.integers(1, 5000),
    st.integers(1, 5000),
)
def test_asf_gives_back_the_points(shape: Shape, width: int, height: int) -> None:
    scheme = Scheme("any", tuple(f"l{i}" for i in range(len(shape))))
    text = asf.formatted(shape.points, (width, height), "a.png", scheme)

    back = asf.parse(text, Path("a.asf"), len(shape), (width, height))

    assert np.array_equal(back, shape.points)


@given(st.integers(1, 8).flatmap(lambda size: shapes(size, complete=True)))
def test_lists_of_points_give_them_back(shape: Shape) -> None:
    path, size = Path("a"), len(shape)

    assert np.array_equal(isbi.parse(isbi.formatted(shape.points), path, size), shape.points)
    for table in (NAPARI, IMAGEJ):
        assert np.array_equal(table.parse(table.formatted(shape.points), path, size), shape.points)


@pytest.mark.parametrize("format", ["asf", "isbi", "napari", "imagej"])
def test_a_file_beside_each_image_is_known_and_read(format: str) -> None:
    scheme = Scheme("any", ("a", "b", "c"))
    shape = Shape(np.array([[1.5, 2.25], [30.0, 4.0], [5.0, 29.125]]))
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, [(shape, None), (shape, None)])
        found = there_and_back(format, folder, instances, scheme)

    for back, written in zip(found, instances, strict=True):
        assert_carried(back, written, hidden=True)


@pytest.mark.parametrize("size", [3, 17, 134])
def test_wholebody_takes_no_other_scheme(size: int) -> None:
    scheme = Scheme("any", tuple(f"l{i}" for i in range(size)))
    with TemporaryDirectory() as name, pytest.raises(FormatError, match="133"):
        coco_wholebody.write(Path(name) / "o.json", [], scheme)
