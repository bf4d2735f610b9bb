"""Where an instance lies that has only a few of its landmarks."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.filling.dense import Clicked, Dense
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

SCHEME = Scheme("wing", tuple("abcdef"))
WING = np.array([[0, 0], [60, -10], [100, 15], [70, 40], [30, 45], [45, 12.0]])
CLICKED = [0, 1, 5]


def nothing() -> Pixels:
    return np.zeros((8, 8, 3), np.uint8)


def wing(seed: int) -> Floats:
    """Every other one faces the other way."""
    random = np.random.default_rng(seed)
    points = WING * random.uniform(0.9, 1.1) + random.normal(0, 1.0, WING.shape)
    return np.asarray(points * [(-1) ** seed, 1] + random.uniform(150, 250, 2))


@pytest.fixture
def dense() -> Dense:
    """In boxes that are a fifth larger than their shapes."""
    found = []
    for seed in range(20):
        points = wing(seed)
        box = Box.square_around(points, 1.2)
        found.append(LabelledInstance(str(seed), box, Shape(points), nothing))
    return Dense.dealt(found, SCHEME, 0)


def clicked(seed: int, landmarks: list[int]) -> Clicked:
    """In the square around them, as an import has it."""
    points = np.full_like(WING, np.nan)
    points[landmarks] = wing(seed)[landmarks]
    return Clicked(points, Box.square_around(points), nothing, boxed=False)


@pytest.mark.parametrize("seed", [100, 101])
@pytest.mark.parametrize("landmarks", [CLICKED, CLICKED[:2]])
def test_a_box_is_found_by_the_clicks_whichever_way_the_object_faces(
    dense: Dense, seed: int, landmarks: list[int]
) -> None:
    found, drawn = dense.box(clicked(seed, landmarks)), Box.square_around(wing(seed), 1.2)
    assert found.overlap(drawn) > 0.8


@pytest.mark.parametrize("seed", [100, 101])
def test_a_frame_is_as_large_and_upright_as_the_object(dense: Dense, seed: int) -> None:
    frame = dense.frame(clicked(seed, CLICKED))
    assert frame.side == pytest.approx(Box.square_around(wing(seed)).side, rel=0.1)
    assert abs(frame.angle) < 0.2


def test_a_box_of_its_own_stays(dense: Dense) -> None:
    own = Clicked(clicked(100, CLICKED).points, Box(9, 9, 9, 9), nothing)
    assert dense.box(own) == Box(9, 9, 9, 9)


def test_clicks_are_off_by_what_the_project_says(dense: Dense) -> None:
    sure = replace(dense, click_error=0.0)
    for number in (0, 1):
        points = sure.clicked(number, CLICKED, 0)[0].points[CLICKED]
        np.testing.assert_array_equal(points, wing(number)[CLICKED])
        assert (points != dense.clicked(number, CLICKED, 0)[0].points[CLICKED]).all()
