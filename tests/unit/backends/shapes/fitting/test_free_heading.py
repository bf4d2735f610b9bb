"""Whether labelled shapes point anywhere, and which two landmarks say where."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes.fitting.free_heading import (
    steady_pair,
    turns_freely,
    turns_tell,
)
from landmark_annotator.projects.vocabulary import Scheme

FLY = Scheme("fly", ("head", "thorax", "wing left", "wing right", "abdomen"), partners=((2, 3),))
SHAPE = np.array([[0.0, -30.0], [0.0, -10.0], [-20.0, 12.0], [20.0, 12.0], [0.0, 30.0]])


def flies(degrees: list[float]) -> list[np.ndarray]:
    """Each turned by so much; the wings move."""
    rng = np.random.default_rng(3)
    found = []
    for angle in np.radians(degrees):
        points = SHAPE + rng.normal(0, 1, SHAPE.shape)
        points[2:4] += rng.normal(0, 5, (2, 2))
        cos, sin = np.cos(angle), np.sin(angle)
        found.append(points @ np.array([[cos, sin], [-sin, cos]]) + rng.uniform(100, 900, 2))
    return found


@pytest.mark.parametrize(
    ("degrees", "free"),
    [
        ([0, 74, -59, -138, 159, 153, -176, 119], True),
        ([10, 190, 5, 170], True),
        ([-35, 30, 0, 20, -15, 8, -25, 12], False),  # people who lean
        ([3, -8, 0, 180, 5, 9, -4], False),  # one of them is a mistake
        ([-50, 60, -20, 75, 10, -65, 40, -5], True),  # half of all directions
        ([0, 90], False),
    ],
)
def test_only_turns_of_many_shapes_are_free(degrees: list[float], free: bool) -> None:
    assert turns_freely(flies(degrees)) is free


def test_shapes_that_are_not_alike_do_not_turn() -> None:
    rng = np.random.default_rng(5)
    assert not turns_freely([rng.normal(0, 40, (5, 2)) for _ in range(12)])


def test_the_steadiest_line_is_along_the_middle_towards_what_comes_first() -> None:
    shapes = flies([0, 74, -59, -138, 159])
    shapes[0][1] = np.nan
    assert steady_pair(shapes, FLY) == (4, 0)


def test_without_a_middle_the_line_is_between_any_two() -> None:
    sides = Scheme("sides", ("a", "b", "c", "d", "e"), partners=((0, 1), (2, 3)))
    assert steady_pair(flies([0, 74, -59, -138, 159]), sides) == (4, 0)


def test_how_far_they_are_turned_tells_much_of_shapes_that_lean() -> None:
    assert turns_tell(flies([-35, 30, 0, 20, -15, 8, -25, 12]))
    assert not turns_tell(flies([1, 0, -1, 2, 0, -2]))
    assert not turns_tell(flies([0, 90]))
