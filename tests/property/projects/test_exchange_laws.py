"""Writing and reading again gives back what the format can carry, bit for bit."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from label_strategies import BOXES, exported, labelled, shapes

from landmark_annotator.projects.exchange.codecs import coco, csv_table, pts
from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape


@settings(deadline=None)
@given(labelled())
def test_csv_gives_back_shapes_boxes_and_sources(
    content: tuple[Scheme, list[tuple[Shape, Box | None]]],
) -> None:
    scheme, several = content
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        instances = exported(folder, several)
        csv_table.write(folder / "out.csv", instances, scheme)
        back = csv_table.read(folder / "out.csv", scheme)

    assert back.unreadable == []
    expected = [ImportedInstance(i.image, i.shape, i.box, i.source) for i in instances]
    assert back.instances == expected


@settings(deadline=None)
@given(labelled())
def test_coco_gives_back_labelled_points_and_their_visibility(
    content: tuple[Scheme, list[tuple[Shape, Box | None]]],
) -> None:
    scheme, several = content
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        coco.write(folder / "out.json", exported(folder, several), scheme)
        back = coco.read(folder / "out.json", scheme)

    assert back.unreadable == []
    assert [i.source for i in back.instances] == [f"key {i}" for i in range(len(several))]
    for instance, (shape, _) in zip(back.instances, several, strict=True):
        carried = shape.known & (shape.visibility > 0)
        points = np.where(carried[:, None], shape.points, np.nan)
        assert np.array_equal(instance.shape.points, points, equal_nan=True)
        assert np.array_equal(instance.shape.visibility, np.where(carried, shape.visibility, 0))


@settings(deadline=None)
@given(labelled(), st.randoms())
def test_coco_finds_landmarks_by_name_in_a_scheme_of_another_order(
    content: tuple[Scheme, list[tuple[Shape, Box | None]]], chance: Random
) -> None:
    scheme, several = content
    names = list(scheme.landmarks)
    chance.shuffle(names)
    order = [scheme.index(name) for name in names]
    with TemporaryDirectory() as folder_name:
        folder = Path(folder_name).resolve()
        coco.write(folder / "out.json", exported(folder, several), scheme)
        straight = coco.read(folder / "out.json", scheme)
        shuffled = coco.read(folder / "out.json", Scheme("other", tuple(names)))

    for one, other in zip(straight.instances, shuffled.instances, strict=True):
        assert np.array_equal(one.shape.points[order], other.shape.points, equal_nan=True)


@settings(deadline=None)
@given(BOXES)
def test_coco_gives_back_upright_boxes_to_rounding(turned: Box) -> None:
    box = Box(turned.centre_x, turned.centre_y, turned.width, turned.height)
    shape = Shape(np.zeros((1, 2)))
    with TemporaryDirectory() as name:
        file = Path(name) / "out.json"
        coco.write(file, exported(Path(name), [(shape, box)]), Scheme("any", ("a",)))
        (back,) = coco.read(file, Scheme("any", ("a",))).instances

    assert back.box is not None
    one, other = ((b.centre_x, b.centre_y, b.width, b.height) for b in (back.box, box))
    assert np.allclose(one, other, rtol=1e-12, atol=1e-9)


@given(st.integers(1, 8).flatmap(lambda size: shapes(size, complete=True)))
def test_pts_gives_back_the_points(shape: Shape) -> None:
    text = pts.formatted(shape.points)

    assert np.array_equal(pts.parse(text, Path("a.pts"), len(shape)), shape.points)


@given(st.lists(st.tuples(st.integers(-(10**6), 10**8), st.integers(0, 8)), min_size=2, max_size=2))
def test_pts_writes_the_digits_that_it_read(numbers: list[tuple[int, int]]) -> None:
    line = " ".join(f"{number}.{digits:04d}1" for number, digits in numbers)

    points = pts.parse(line, Path("a.pts"), 1)

    assert line in pts.formatted(points)
