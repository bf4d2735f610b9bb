"""Boxes of labels that lack landmarks are around all of the object where nobody has drawn them."""

from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.annotator.session.models.training import taught_instances
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.boxes_of_parts import box_around_all, with_whole_boxes

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


def test_a_part_too_small_to_tell_the_size_of_the_whole_tells_none() -> None:
    """Of two landmarks beside each other the error of either decides how large the rest is."""
    lizard = np.array([[0.0, 0.0], [2.0, 0.0], [90.0, 4.0]])
    part = Shape(np.where(np.arange(3)[:, None] == 2, np.nan, lizard + 7))
    assert box_around_all(part, [lizard]) is None


def table_of_mice(folder: Path, whole: int) -> Path:
    """Six, of which the tails after the first so many are not labelled."""
    rows = ["image,x0,y0,x1,y1,x2,y2,x3,y3"]
    for n in range(6):
        Image.new("RGB", (260, 240), (n, 0, 0)).save(folder / f"{n}.png")
        words = [f"{value:.3f}" for value in turned(40 * n, 1.5, (130, 120)).ravel()]
        rows.append(",".join([f"{n}.png", *(words if n < whole else [*words[:6], "", ""])]))
    table = folder / "mice.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    return table


SCHEME = Scheme("mouse", ("snout", "left ear", "right ear", "tail base"))


def test_an_import_gives_whole_boxes(tmp_path: Path) -> None:
    with Project.create(tmp_path / "mice", SCHEME) as project:
        report = import_labels(project, table_of_mice(tmp_path, 5), who="ada")
        sides = [record.box.side for record in project.instances() if record.box is not None]
        assert len(sides) == 6
        assert min(sides) > 40  # of its head it is 9 wide
        [said] = [note for note in report.notes if "comes in as begun" in note]
        assert "1 box is around where the others would be by whole labels." in said


def test_what_the_project_has_already_says_where_the_rest_is(tmp_path: Path) -> None:
    with Project.create(tmp_path / "mice", SCHEME) as project:
        image = project.add_image(tmp_path / "x.png", ImageFacts(300, 300, "x"))
        shape = Shape(turned(10, 2.0, (150, 150)))
        project.add_instance(image.id, Box.square_around(shape.points), shape=shape, who="ada")
        import_labels(project, table_of_mice(tmp_path, 0), who="ada")
        assert all(r.box is not None and r.box.side > 40 for r in project.instances())


def test_a_training_learns_from_whole_boxes(tmp_path: Path) -> None:
    """Also where the whole labels came after those of parts."""
    with Project.create(tmp_path / "mice", SCHEME) as project:
        import_labels(project, table_of_mice(tmp_path, 0), who="ada")
        assert all(r.box is not None and r.box.side < 10 for r in project.instances())
        for n in range(3):
            image = project.add_image(tmp_path / f"x{n}", ImageFacts(300, 300, f"{n}"))
            shape = Shape(turned(10 * n, 2.0, (150, 150)))
            project.add_instance(image.id, Box.square_around(shape.points), shape=shape, who="ada")
        taught = taught_instances(project, backend_named("heatmap"))
        assert len(taught) == 9
        assert min(each.box.side for each in taught) > 40
