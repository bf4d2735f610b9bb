"""How far an object is turned, by what is seen and by how labelled ones lie."""

import math

import numpy as np
import pytest

from landmark_annotator.backends.registration.leaning import Leaning
from landmark_annotator.backends.shapes.orientation import TURNS

HALF = len(TURNS) // 2
GAINS = np.full(8, 0.4)


def test_the_middle_is_that_of_angles_on_both_sides_of_the_branch_cut() -> None:
    leaning = Leaning.of(np.array([math.pi - 0.1, 0.3 - math.pi]))
    assert leaning.middle == pytest.approx(0.1 - math.pi)


def test_the_further_from_the_middle_the_less_likely() -> None:
    odds = Leaning.of(np.array([-0.2, 0.0, 0.2])).log_odds
    assert odds[0] == pytest.approx(0.0, abs=1e-9)
    assert np.all(np.diff(odds[: HALF + 1]) < 0)
    np.testing.assert_allclose(odds[1:HALF], odds[:HALF:-1])


def test_the_more_lie_alike_the_better_one_that_does_not_has_to_answer() -> None:
    few, many = (Leaning(*_of(count), GAINS) for count in (3, 12))
    gain = -0.2
    assert few.turned([gain], [HALF]) == 0
    assert many.turned([gain], [HALF]) is None


def test_some_answer_is_enough_however_many_lie_alike() -> None:
    assert Leaning(*_of(1000), GAINS).turned([-1.0], [HALF]) == 0


def test_where_filters_do_not_tell_objects_lie_as_others_do() -> None:
    middle, odds = _of(6)
    assert Leaning(middle, odds, np.full(8, -0.5)).turned([-5.0], [HALF]) is None


def test_of_both_ends_the_one_that_answers_is_believed() -> None:
    assert Leaning(*_of(3), GAINS).turned([0.1, -0.6, -0.3], [6, HALF, 18]) == 1


def test_near_the_middle_nobody_looks_again() -> None:
    apart = Leaning.of(np.array([0.0, 0.1])).elsewhere
    assert 0 not in apart
    assert HALF in apart


def _of(count: int) -> tuple[float, np.ndarray]:
    """Of as many that lie about alike."""
    known = Leaning.of(np.resize([-0.2, 0.2], count))
    return known.middle, known.log_odds
