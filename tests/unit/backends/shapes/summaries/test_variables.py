from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.backends.shapes.summaries.global_variables import variables
from landmark_annotator.projects.exchange.codecs import pts
from landmark_annotator.projects.samples.rendered_heads.heads import rendered_heads
from landmark_annotator.projects.vocabulary import Box, Scheme

FACE = Scheme.named("face68")


@pytest.fixture(scope="module")
def faces(landmark_data: Path) -> np.ndarray:
    """(N, 68, 2) in their boxes."""
    contents = pts.read(landmark_data / "faces68" / "lfpw-test", FACE)
    shapes = [instance.shape.points for instance in contents.instances]
    return np.stack([Box.square_around(points).to_frame(points) for points in shapes])


@pytest.mark.parametrize(
    ("name", "sign"),
    [("yaw", -1), ("roll", -1), ("pitch", 1), ("mouth opening", 1), ("eye opening", 1)],
)
def test_a_mirror_turns_yaw_and_roll_around_and_nothing_else(
    faces: np.ndarray, name: str, sign: int
) -> None:
    variable = variables(FACE)[name]
    mirrored = faces[:, list(FACE.mirror)] * [-1.0, 1.0]
    np.testing.assert_allclose(variable(mirrored), sign * variable(faces), atol=1e-6)


@pytest.mark.parametrize("name", ["yaw", "pitch", "mouth opening", "eye opening"])
def test_size_place_and_turn_of_the_face_do_not_matter(faces: np.ndarray, name: str) -> None:
    variable = variables(FACE)[name]
    moved = Box(3, -2, 0.5, 0.5, 0.7).to_frame(faces)
    np.testing.assert_allclose(variable(moved), variable(faces), atol=1e-6)


def test_roll_is_the_angle_by_which_a_face_is_turned(faces: np.ndarray) -> None:
    roll = variables(FACE)["roll"]
    turned = Box(0, 0, 1, 1, np.radians(10)).to_image(faces)
    np.testing.assert_allclose(roll(turned) - roll(faces), 10.0, atol=1e-6)


def test_the_mouth_opens_as_the_lower_lip_drops(faces: np.ndarray) -> None:
    opening = variables(FACE)["mouth opening"]
    dropped = faces.copy()
    lower = [FACE.index(n) for n in FACE.landmarks if "lower lip" in n]
    dropped[:, lower, 1] += 0.2
    assert (opening(dropped) > opening(faces)).all()


def test_values_of_real_faces_are_in_range(faces: np.ndarray) -> None:
    for name, variable in variables(FACE).items():
        values = variable(faces)
        assert np.isfinite(values).all(), name
        assert values.std() > 0, name


def test_a_scheme_with_a_heading_has_only_that() -> None:
    scheme = Scheme("fly", ("tail", "head"), heading=(0, 1))
    shapes = np.array([[[0.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [1.0, 0.0]]])
    found = variables(scheme)
    assert list(found) == ["heading"]
    assert found["heading"](shapes).tolist() == pytest.approx([90.0, 0.0])


def test_a_scheme_with_neither_heading_nor_partners_has_none() -> None:
    assert variables(Scheme("dots", ("a", "b"))) == {}


@pytest.mark.parametrize("folder", ["helen-test", "lfpw-test", "helen-train", "lfpw-train"])
def test_faces_that_look_ahead_read_a_pitch_near_zero(landmark_data: Path, folder: str) -> None:
    contents = pts.read(landmark_data / "faces68" / folder, FACE)
    points = [instance.shape.points for instance in contents.instances]
    shapes = np.stack([Box.square_around(each).to_frame(each) for each in points])
    ahead = np.abs(variables(FACE)["yaw"](shapes)) < 8
    assert abs(float(np.median(variables(FACE)["pitch"](shapes[ahead])))) < 5


def test_a_pitch_follows_the_true_one_of_rendered_heads() -> None:
    heads = rendered_heads()
    shapes = np.stack([head.shape.points for head in heads])
    down = -np.array([head.pose[1] for head in heads])
    read = variables(FACE)["pitch"](shapes)
    assert np.corrcoef(read, down)[0, 1] > 0.5
    assert abs(float(np.median(read - down))) < 5
