"""Which shapes are the mirror images of the others."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes.fitting.facing import (
    facing_the_other_way,
    mirrored_box,
    mirrored_drawn_box,
)
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

PROFILE = Scheme("profile", ("brow", "nose", "lip", "chin", "ear"))
FRONT = Scheme("front", ("a", "b", "c", "d", "chin"), partners=((0, 1), (2, 3)))
HEAD = np.array([[-20.0, -40.0], [-45.0, 0.0], [-30.0, 20.0], [-25.0, 45.0], [40.0, 5.0]])
FACE = np.array([[-20.0, -20.0], [20.0, -20.0], [-15.0, 20.0], [15.0, 20.0], [0.0, 50.0]])


def drawn(shape: Floats, facing: list[bool], turn: float = 0.3) -> list[Floats]:
    random = np.random.default_rng(4)
    found = []
    for other in facing:
        angle = random.normal(0, turn)
        cos, sin = np.cos(angle), np.sin(angle)
        points = (shape + random.normal(0, 2, shape.shape)) * ([-1, 1] if other else [1, 1])
        found.append(points @ np.array([[cos, sin], [-sin, cos]]) + random.uniform(50, 500, 2))
    return found


@pytest.mark.parametrize("turn", [0.1, 3.0])
@pytest.mark.parametrize(
    "facing",
    [
        [False, True, False],
        [False, True, True, False, False, True, False],
        [False, False, False, False, True, False],
    ],
)
def test_the_fewer_ones_that_face_the_other_way_are_found(facing: list[bool], turn: float) -> None:
    assert facing_the_other_way(drawn(HEAD, facing, turn), PROFILE).tolist() == facing


def test_landmarks_that_are_not_known_do_not_matter() -> None:
    facing = [False, True, False, True, False]
    shapes = drawn(HEAD, facing)
    shapes[1][2] = shapes[4][0] = np.nan
    assert facing_the_other_way(shapes, PROFILE).tolist() == facing


@pytest.mark.parametrize(
    ("shapes", "scheme"),
    [
        (drawn(HEAD, [False] * 6), PROFILE),
        (drawn(FACE, [False] * 6), FRONT),
        (drawn(HEAD, [False, True]), PROFILE),
    ],
)
def test_none_where_all_are_alike_or_too_few(shapes: list[Floats], scheme: Scheme) -> None:
    assert not facing_the_other_way(shapes, scheme).any()


def test_a_mirrored_box_has_the_mirrored_object_in_its_frame() -> None:
    box, width = Box(40, 30, 20, 10, 0.4), 120
    points = np.array([[35.0, 28.0], [47.0, 36.0]])
    there = points * [-1, 1] + [width - 1, 0]
    seen = mirrored_box(box, width).to_frame(there)
    np.testing.assert_allclose(seen, box.to_frame(points) * [-1, 1], atol=1e-12)


def test_the_heading_of_a_mirrored_box_is_mirrored() -> None:
    scheme = Scheme("fly", ("tail", "head", "wing"), heading=(0, 1))
    there = mirrored_drawn_box(Box(40, 30, 20, 10, 0.4), 120, scheme)
    np.testing.assert_allclose(
        [np.cos(there.angle), np.sin(there.angle)], [-np.cos(0.4), np.sin(0.4)], atol=1e-12
    )
