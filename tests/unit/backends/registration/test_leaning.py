"""How far an object is turned, by what is seen and by how labelled ones lie."""

import math

import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.registration.leaning import Leaning
from landmark_annotator.backends.shapes.orientation import TURNS
from landmark_annotator.projects.vocabulary import Box
from tests.unit.backends.registration.textures import POINTING, bent, instance

HALF = len(TURNS) // 2


def test_the_middle_is_that_of_angles_on_both_sides_of_the_branch_cut() -> None:
    leaning = Leaning.of(np.array([math.pi - 0.1, 0.3 - math.pi]))
    assert leaning.middle == pytest.approx(0.1 - math.pi)


def test_the_further_from_the_middle_the_less_likely() -> None:
    odds = Leaning.of(np.array([-0.2, 0.0, 0.2])).log_odds
    assert odds[0] == pytest.approx(0.0, abs=1e-9)
    assert np.all(np.diff(odds[: HALF + 1]) < 0)
    np.testing.assert_allclose(odds[1:HALF], odds[:HALF:-1])


def test_the_more_lie_alike_the_less_likely_is_one_that_does_not() -> None:
    odds = [_alike(count).log_odds[HALF] for count in (2, 3, 6, 12)]
    assert np.all(np.diff(odds) < 0)


def test_however_many_lie_alike_one_may_lie_anyhow() -> None:
    odds = _alike(1000).log_odds
    assert -12 < odds[HALF] < -8
    np.testing.assert_allclose(odds[HALF - 4 : HALF + 5], odds[HALF], atol=0.1)


def test_near_the_middle_nobody_looks_again() -> None:
    apart = _alike(2).elsewhere
    assert 0 not in apart
    assert HALF in apart


def test_what_leans_as_others_do_is_within_reach_of_where_it_is_looked_for() -> None:
    leaning = _alike(4)
    beside = np.degrees([TURNS[n] for n in leaning.beside])
    assert sorted((beside + 180) % 360 - 180) == pytest.approx([-30, -15, 15, 30])
    assert not {*leaning.beside} & {*leaning.elsewhere}


@pytest.fixture(scope="module")
def leaning_ones() -> RegistrationModel:
    turns = (0.4, -0.4, 0.25, -0.25, 0.1, -0.1)
    labelled = [instance(*bent(seed, turn), str(seed)) for seed, turn in enumerate(turns)]
    return RegistrationModel.of(labelled, POINTING, leaning=True)


@pytest.mark.parametrize("turn", [0.0, 0.4, 0.45, -0.45, 0.6, -0.6, 2.9])
def test_it_is_found_however_far_it_leans(leaning_ones: RegistrationModel, turn: float) -> None:
    pixels, truth = bent(34, turn)
    found = leaning_ones.propose(pixels, Box.square_around(truth, 1.2)).given([]).points
    assert float(np.linalg.norm(found - truth, axis=1).mean()) < 1.5


@pytest.mark.parametrize("turn", [0.5, -0.9, 1.8, 3.0])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_turned_box_says_where_it_points_or_how_far_it_is_turned_from_labelled_ones(
    leaning_ones: RegistrationModel, turn: float, *, absolute: bool
) -> None:
    """Boxes that follow an object say the one, two clicks in place of a box the other."""
    pixels, truth = bent(34, turn)
    heading = truth[POINTING.heading[1]] - truth[POINTING.heading[0]]
    angle = math.atan2(heading[1], heading[0]) if absolute else turn
    box = Box.square_around(truth, 1.2).moved(turn=angle)
    found = leaning_ones.propose(pixels, box).given([]).points
    assert float(np.linalg.norm(found - truth, axis=1).mean()) < 1.5


def _alike(count: int) -> Leaning:
    return Leaning.of(np.resize([-0.2, 0.2], count))
