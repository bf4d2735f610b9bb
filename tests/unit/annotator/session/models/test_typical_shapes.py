"""Labels of few landmarks of a face get the box of the face, in a project that has no other."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import landmark_annotator as la
from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models.typical_shapes import typical_shapes
from landmark_annotator.projects.exchange.mapping import mapping_for
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

FACE = Scheme.named("face68")

pytestmark = pytest.mark.usefixtures("shipped_weights")


def test_there_are_none_of_landmarks_that_nothing_comes_for() -> None:
    assert list(typical_shapes(Scheme("leaf", ("base", "tip")))) == []
    assert list(typical_shapes(Scheme("face68", ("nose", "chin")))) == []
    shapes = typical_shapes(FACE)
    assert len(shapes) > 10
    assert all(shape.shape == (68, 2) and np.isfinite(shape).all() for shape in shapes)


@pytest.mark.parametrize("turn", [0.0, 0.3])
@pytest.mark.parametrize("asked_by", ["command", "script"])
def test_of_five_points_the_box_is_the_faces(tmp_path: Path, turn: float, asked_by: str) -> None:
    """It was around the nose tip and the corners of the mouth, and of a script it stayed so."""
    typical = np.mean(typical_shapes(FACE), axis=0)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = 180 * typical @ rotation.T + (200, 160)
    five = mapping_for("mafl5", FACE).to_sparse(Shape(points)).points
    Image.new("RGB", (400, 320)).save(tmp_path / "a.png")
    columns = ",".join(f"{axis}{n}" for n in range(5) for axis in "xy")
    row = ",".join(f"{value:.2f}" for value in five.ravel())
    (tmp_path / "five.csv").write_text(f"image,{columns}\na.png,{row}\n", encoding="utf-8")
    folder = tmp_path / "faces"
    assert run(["new", str(folder), "--scheme", "face68"]) == 0
    if asked_by == "command":
        assert run(["import", str(folder), str(tmp_path / "five.csv"), "--as", "mafl5"]) == 0
    else:
        with la.Project.open(folder) as project:
            mapping = mapping_for("mafl5", project.scheme)
            la.import_labels(project, tmp_path / "five.csv", who="ada", mapping=mapping)
    with Project.open(folder) as project:
        [record] = project.instances()
    truth = Box.square_around(points)
    assert record.box is not None
    assert record.box.side == pytest.approx(truth.side, rel=0.1)
    assert record.box.overlap(truth) > 0.8
