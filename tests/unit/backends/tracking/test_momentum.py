"""What of an object's steps goes on, read off a path."""

import numpy as np
import pytest

from landmark_annotator.backends.tracking.momentum import Momentum
from landmark_annotator.projects.vocabulary.arrays import Floats

WAY = np.array([0.8, 0.0, 0.6, 0.0])
STEPS = 2000


def _steps(rate: float) -> Floats:
    """Along WAY with a deviation of 0.1, going on by the rate; a fifth of that all round."""
    random = np.random.default_rng(0)
    strength = np.zeros(STEPS)
    for t in range(1, STEPS):
        strength[t] = rate * strength[t - 1] + np.sqrt(1 - rate**2) * random.normal()
    return 0.1 * strength[:, None] * WAY + random.normal(0, 0.02, (STEPS, 4))


def _found(rate: float) -> Momentum:
    steps = _steps(rate)
    return Momentum.of(steps, steps.T @ steps / STEPS)


def test_the_way_in_which_an_object_goes_on_and_its_rate_are_found() -> None:
    found = _found(0.9)
    assert len(found.rates) == 1
    assert found.rates[0] == pytest.approx(0.9, abs=0.04)
    assert abs(found.ways[:, 0]) == pytest.approx(0.1 * WAY, abs=0.02)


def test_steps_that_are_new_each_time_have_no_momentum() -> None:
    assert len(_found(0.0).rates) == 0


def test_what_goes_on_and_what_is_new_are_all_of_the_steps() -> None:
    steps = _steps(0.9)
    moves = steps.T @ steps / STEPS
    found = Momentum.of(steps, moves)
    assert found.ways @ found.ways.T + found.rest == pytest.approx(moves)
    assert np.linalg.eigvalsh(found.rest).min() > 0


def test_a_short_path_tells_nothing() -> None:
    steps = _steps(0.9)[:10]
    moves = steps.T @ steps / 10
    assert Momentum.of(steps, moves).rest is moves


def test_steps_that_are_not_its_own_change_nothing() -> None:
    steps = _steps(0.9)
    moves = steps.T @ steps / STEPS
    # As a cut would be, in the middle of which nothing goes on.
    steps[STEPS // 2] = np.nan
    found = Momentum.of(steps, moves)
    assert found.rates == pytest.approx(_found(0.9).rates, abs=0.01)
