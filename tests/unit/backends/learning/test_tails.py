"""Ellipses hold what is still to come, also where few groups said how wide they have to be."""

import math

import numpy as np
import pytest

from landmark_annotator.backends.learning.tails import tails
from landmark_annotator.projects.vocabulary.arrays import Floats

LANDMARKS = 20
END_95 = -2 * math.log(0.05)


def distances(groups: int, degrees: float, random: np.random.Generator) -> Floats:
    """(groups, L) squared, three times as large as said, and of a common size in each group whose
    inverse is a chi squared of so many degrees; infinite where groups do not differ."""
    sizes = np.full(groups, 3.0)
    if math.isfinite(degrees):
        sizes = sizes * degrees / random.chisquare(degrees, groups)
    return np.asarray(sizes[:, None] * random.chisquare(2, (groups, LANDMARKS)))


@pytest.mark.parametrize("groups", [3, 5, 12, 60])
@pytest.mark.parametrize("degrees", [4.0, 10.0, math.inf])
def test_few_groups_make_ellipses_that_hold_new_ones(groups: int, degrees: float) -> None:
    random = np.random.default_rng(0)
    held = []
    for _ in range(150):
        seen = distances(groups, degrees, random)
        widening, _ = tails(list(seen), np.arange(groups))
        held.append(float((distances(40, degrees, random) <= widening * END_95).mean()))
    assert 0.91 < np.mean(held) < 0.98


def test_a_second_look_at_a_group_says_nothing_new() -> None:
    seen = distances(4, 10.0, np.random.default_rng(1))
    once, _ = tails(list(seen), np.arange(4))
    again, _ = tails([*seen, *seen], np.tile(np.arange(4), 2))
    assert again == pytest.approx(once, rel=0.02)


def test_observations_without_known_landmarks_are_left_out() -> None:
    seen = list(distances(4, 10.0, np.random.default_rng(2)))
    with_nothing = tails([*seen, np.empty(0)], np.array([0, 1, 2, 3, 4]))
    assert with_nothing == pytest.approx(tails(seen, np.arange(4)))
