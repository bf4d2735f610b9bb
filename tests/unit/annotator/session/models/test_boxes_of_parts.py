"""Boxes of labels that lack landmarks are around all of the object where nobody has drawn them."""

from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.annotator.session.models.boxes_of_parts import with_whole_boxes
from landmark_annotator.annotator.session.models.training import taught_instances
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Provenance, Scheme, Shape

MOUSE = np.array([[0.0, 0.0], [4.0, 3.0], [4.0, -3.0], [40.0, 0.0]])
"""Snout, ears, and the base of the tail."""


def turned(degrees: float, side: float, middle: tuple[float, float]) -> np.ndarray:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return side * MOUSE @ turn + middle


def label(points: np.ndarray, box: Box | None = None) -> LabelledInstance:
    shape = Shape(points).with_provenance(Provenance.IMPORTED)
    pixels = np.zeros((9, 9, 3), np.uint8)
    return LabelledInstance("a", box or Box.square_around(points), shape, lambda: pixels)


WHOLE = [label(turned(30 * n, 1 + n / 9, (100, 90))) for n in range(8)]


def test_the_box_of_a_head_is_that_of_the_mouse() -> None:
    truth = turned(75, 1.7, (200, 150))
    points = truth.copy()
    points[3] = np.nan
    [found] = with_whole_boxes([label(points)], WHOLE)
    there = Box.square_around(truth)
    assert np.allclose(
        [found.box.centre_x, found.box.centre_y, found.box.width, found.box.height],
        [there.centre_x, there.centre_y, there.width, there.height],
    )
    assert found.shape == label(points).shape  # What nobody has labelled stays unknown.


def test_what_was_drawn_or_is_whole_keeps_its_box() -> None:
    points = turned(75, 1.7, (200, 150))
    drawn = label(np.where(np.arange(4)[:, None] == 3, np.nan, points), Box(200, 150, 90, 80))
    absent = Shape(drawn.shape.points, provenance=(*[Provenance.IMPORTED] * 3, Provenance.CLICKED))
    not_there = LabelledInstance("b", Box.square_around(points[:3]), absent, drawn.read_pixels)
    given = [drawn, label(points), not_there]
    assert [each.box for each in with_whole_boxes(given, WHOLE)] == [each.box for each in given]


def test_where_nothing_says_where_the_rest_is_it_stays() -> None:
    points = turned(75, 1.7, (200, 150))
    points[2:] = np.nan
    alone = label(points)
    assert with_whole_boxes([alone], WHOLE[:0]) == [alone]
    points[1] = np.nan
    few = label(points, Box(3, 3, 3, 3))
    assert with_whole_boxes([few], WHOLE) == [few]


def test_a_training_learns_from_whole_boxes(tmp_path: Path) -> None:
    rows = ["image,x0,y0,x1,y1,x2,y2,x3,y3"]
    for n in range(6):
        Image.new("RGB", (260, 240), (n, 0, 0)).save(tmp_path / f"{n}.png")
        words = [f"{value:.3f}" for value in turned(40 * n, 1.5, (130, 120)).ravel()]
        rows.append(",".join([f"{n}.png", *(words if n < 5 else [*words[:6], "", ""])]))
    table = tmp_path / "mice.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    scheme = Scheme("mouse", ("snout", "left ear", "right ear", "tail base"))
    with Project.create(tmp_path / "mice", scheme) as project:
        import_labels(project, table, who="ada")
        taught = taught_instances(project, backend_named("heatmap"))
        sides = [max(each.box.width, each.box.height) for each in taught]
        assert len(sides) == 6
        assert min(sides) > 40  # of its head the box is 9 wide
