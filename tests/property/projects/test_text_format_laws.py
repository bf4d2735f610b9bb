"""Formats of points in text: writing and reading again gives back what they can carry."""

from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_strategies import HEIGHT, WIDTH, exported, labelled, shapes

from landmark_annotator.projects.exchange.codecs import (
    deeplabcut,
    deeplabcut_h5,
    imglab,
    tem,
    tps,
    wflw,
    yolo,
)
from landmark_annotator.projects.exchange.codecs.common.losses import upright_box
from landmark_annotator.projects.exchange.codecs.yolo_folders import Keypoints
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

Content = tuple[Scheme, list[tuple[Shape, Box | None]]]


@given(st.integers(1, 8).flatmap(lambda size: shapes(size, complete=True)))
def test_tem_gives_back_the_points(shape: Shape) -> None:
    text = tem.formatted(shape.points, [[0, 0]])

    assert np.array_equal(tem.parse(text, Path("a.tem"), len(shape)), shape.points)


@settings(deadline=None)
@given(labelled())
def test_tps_gives_back_labelled_points(content: Content) -> None:
    scheme, several = content
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tps, "upright_size", lambda _: (40, HEIGHT))
        folder = Path(name).resolve()
        tps.write(folder / "out.tps", exported(folder, several), scheme)
        if not several:
            return
        back = tps.read(folder / "out.tps", scheme)

    assert back.unreadable == []
    assert [i.image.name for i in back.instances] == [f"{i}.png" for i in range(len(several))]
    for instance, (shape, _) in zip(back.instances, several, strict=True):
        carried = shape.known & (shape.visibility > 0)
        # What falls on the mark of a missing landmark is one.
        carried &= (shape.points != [-1, HEIGHT]).any(axis=1)
        expected = np.where(carried[:, None], shape.points, np.nan)
        assert np.array_equal(instance.shape.points, expected, equal_nan=True)


@settings(deadline=None)
@given(labelled(complete=True))
def test_wflw_gives_back_points_and_a_box_around_the_box(content: Content) -> None:
    scheme, several = content
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, several)
        wflw.write(folder / "out.txt", instances, scheme)
        if not several:
            return
        back = wflw.read(folder / "out.txt", scheme)

    assert back.unreadable == []
    for instance, written in zip(back.instances, instances, strict=True):
        assert np.array_equal(instance.shape.points, written.shape.points)
        assert instance.image == written.image
        assert instance.box is not None
        x, y, width, height = upright_box(written)
        right, bottom = x + width, y + height
        left, top = instance.box.corner
        slack = 1 + 1e-9 * (abs(x) + abs(y) + abs(right) + abs(bottom))
        assert x - slack <= left <= x + 1e-6
        assert y - slack <= top <= y + 1e-6
        assert right - 1e-6 <= left + instance.box.width <= right + slack
        assert bottom - 1e-6 <= top + instance.box.height <= bottom + slack


@settings(deadline=None)
@given(labelled())
def test_imglab_gives_back_labelled_points_boxes_and_sources(content: Content) -> None:
    scheme, several = content
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, several)
        imglab.write(folder / "out.xml", instances, scheme)
        back = imglab.read(folder / "out.xml", scheme)

    assert back.unreadable == []
    assert [i.source for i in back.instances] == [i.source for i in instances]
    for instance, written in zip(back.instances, instances, strict=True):
        carried = written.shape.known & (written.shape.visibility > 0)
        points = np.where(carried[:, None], written.shape.points, np.nan)
        assert np.array_equal(instance.shape.points, points, equal_nan=True)
        expected = np.where(carried, written.shape.visibility, 0)
        assert np.array_equal(instance.shape.visibility, expected)
        assert written.box in (None, instance.box)


WITHIN = st.floats(-0.5, HEIGHT - 0.5).filter(lambda v: v == 0 or abs(v) > 1e-30)


@given(shapes(4, coordinates=WITHIN))
def test_yolo_gives_back_labelled_points_within_the_image(shape: Shape) -> None:
    (instance,) = exported(Path("a"), [(shape, None)])

    line, outside, _ = yolo.formatted(instance)
    back, _, _ = yolo.parse(line.split(), Keypoints(), range(4), 4, (WIDTH, HEIGHT))

    carried = shape.known & (shape.visibility > 0)
    points = np.where(carried[:, None], shape.points, np.nan)
    assert outside == 0
    assert np.array_equal(back.points, points, equal_nan=True)
    assert np.array_equal(back.visibility, np.where(carried, shape.visibility, 0))


@given(st.floats(0.5, 38), st.floats(0.5, 28), st.floats(0.1, 2), st.floats(0.1, 2))
def test_yolo_gives_back_upright_boxes_within_the_image(
    x: float, y: float, wide: float, high: float
) -> None:
    box = Box(x, y, wide, high)
    (instance,) = exported(Path("a"), [(Shape.unknown(1), box)])

    line, _, cut = yolo.formatted(instance)
    _, back, _ = yolo.parse(line.split(), Keypoints(), [0], 1, (WIDTH, HEIGHT))

    inside = x - wide / 2 >= -0.5 and y - high / 2 >= -0.5
    assert cut != inside
    assert not inside or back == box


@pytest.mark.parametrize("module", [deeplabcut, deeplabcut_h5])
@settings(deadline=None, max_examples=40)
@given(labelled())
def test_deeplabcut_gives_back_labelled_points(module: ModuleType, content: Content) -> None:
    scheme, several = content
    with TemporaryDirectory() as name:
        file = Path(name).resolve() / "out"
        instances = exported(file.parent, several)
        module.write(file, instances, scheme)
        back = module.read(file, scheme)

    assert back.unreadable == []
    assert [i.image for i in back.instances] == [i.image for i in instances]
    for instance, (shape, _) in zip(back.instances, several, strict=True):
        carried = shape.known & (shape.visibility > 0)
        points = np.where(carried[:, None], shape.points, np.nan)
        assert np.array_equal(instance.shape.points, points, equal_nan=True)
