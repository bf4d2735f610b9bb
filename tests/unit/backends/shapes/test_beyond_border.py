"""What lies beyond the photograph's border is hidden, whatever a model sees."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.beyond_border import with_border
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

WIDTH, HEIGHT = 200, 100
BOX = Box(100, 50, 100, 100)
PLACES = [[100.0, 50.0], [-20.0, 50.0], [100.0, 120.0], [198.0, 97.0]]


def proposed(deviation: float, hidden: Floats | None = None) -> Proposal:
    """deviation: of each landmark, in pixels."""
    mean = BOX.to_frame(np.array(PLACES))[None]
    spread = (deviation / BOX.side) ** 2 * np.eye(8)
    return Proposal(BOX, ShapeMixture(np.zeros(1), mean, spread), "test", hidden=hidden)


def test_what_lies_beyond_it_is_hidden_and_nothing_else() -> None:
    found = with_border(proposed(1.0), WIDTH, HEIGHT).hidden
    assert found is not None
    np.testing.assert_allclose(found, [0, 1, 1, 0.07], atol=0.01)


@pytest.mark.parametrize("deviation", [30.0, 300.0])
def test_one_that_may_be_anywhere_is_not_taken_to_be_outside(deviation: float) -> None:
    found = with_border(proposed(deviation), WIDTH, HEIGHT).hidden
    assert found is not None
    assert (found > 0.5).tolist() == [False, True, True, False]


def test_what_the_model_sees_of_hidden_landmarks_stays() -> None:
    said = np.array([0.7, 0.0, 0.2, 0.4])
    found = with_border(proposed(1.0, said), WIDTH, HEIGHT).hidden
    assert found is not None
    np.testing.assert_allclose(found, [0.7, 1, 1, 0.44], atol=0.01)


def test_a_model_that_says_nothing_of_it_goes_on_doing_so_inside() -> None:
    inside = proposed(1.0)
    assert with_border(inside, 400, 400).hidden is not None
    beside = Box(200, 200, 100, 100)
    moved = Proposal(beside, inside.mixture, "test")
    assert with_border(moved, 400, 400) is moved


def test_a_landmark_that_nobody_has_shown_the_model_is_not_outside() -> None:
    unlearned = Proposal(BOX, proposed(1.0).mixture, "test", unlearned=frozenset({1}))
    found = with_border(unlearned, WIDTH, HEIGHT).hidden
    assert found is not None
    assert found[1] == 0
