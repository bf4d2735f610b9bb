"""How the errors of landmarks go together before enough of them were seen."""

from functools import cache

import numpy as np
import pytest

from landmark_annotator.backends.densities import calibration
from landmark_annotator.backends.densities.calibration import (
    Calibration,
    Observations,
    calibrate,
    usual_correlation,
)
from landmark_annotator.backends.shapes.conditioning import condition
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence

LANDMARKS = 6
SHAPE = np.column_stack([np.linspace(-0.4, 0.4, LANDMARKS), np.zeros(LANDMARKS)])
DEVIATION = 0.02
TOGETHER = np.kron(0.1 * np.eye(LANDMARKS) + 0.9, np.eye(2))
"""Errors that are mostly the same for all landmarks."""


def observed(count: int, seed: int, together: Floats = TOGETHER) -> Observations:
    random = np.random.default_rng(seed)
    errors = random.multivariate_normal(np.zeros(2 * LANDMARKS), together, count) * DEVIATION
    truths = SHAPE + random.normal(0, 0.1, (count, LANDMARKS, 2))
    spreads = np.broadcast_to(DEVIATION**2 * np.eye(2), (count, LANDMARKS, 2, 2))
    scales = np.full((count, LANDMARKS), DEVIATION)
    points = truths - errors.reshape(count, LANDMARKS, 2)
    return Observations(points, np.array(spreads), scales, truths, np.arange(count))


PRIOR = ShapeMixture(np.zeros(1), SHAPE[None], np.eye(2 * LANDMARKS))
"""A flat one."""


@pytest.fixture(autouse=True)
def _one_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """What share of a flat prior is taken makes no difference, and to try six takes most of the
    time."""
    monkeypatch.setattr(calibration, "_PRIOR_SHARES", (1.0,))


@cache
def calibrated(count: int, placed: float = 1.0) -> Calibration:
    """By so many observations: of hundreds that takes seconds."""
    return calibrate(observed(count, 1), observed(count, 2), [PRIOR], placed).calibration


def correlation(count: int, placed: float = 1.0) -> Floats:
    return calibrated(count, placed).correlation


def left_after_a_click(count: int) -> float:
    """Mean error of the other landmarks after a click on the first."""
    found = calibrated(count)
    errors = []
    for points, spreads, scales, truth, _ in zip(*vars(observed(100, 3)).values(), strict=True):
        belief = found.mixture(PRIOR, points, spreads, scales)
        click = Evidence.click(0, truth[0], CLICK_DEVIATION)
        errors.append(np.linalg.norm(condition(belief, [click]).mean - truth, axis=1)[1:].mean())
    return float(np.mean(errors))


def test_near_landmarks_mostly_err_together_and_far_ones_by_themselves() -> None:
    found = usual_correlation(SHAPE)
    assert np.diag(found) == pytest.approx(1.0)
    assert found[0, 2] > found[0, 4] > found[0, 10]
    assert found[0, 1] == 0.0
    assert np.linalg.eigvalsh(found).min() > 0.5


def test_after_many_observations_a_click_moves_the_others_as_they_say() -> None:
    assert left_after_a_click(400) < 0.8 * left_after_a_click(5)
    assert correlation(400) == pytest.approx(TOGETHER, abs=0.1)


def test_errors_at_landmarks_that_nobody_placed_say_nothing_of_how_they_go_together() -> None:
    assert correlation(40, placed=0.0) == pytest.approx(usual_correlation(SHAPE))
    apart = [abs(correlation(40, placed) - TOGETHER).mean() for placed in (0.1, 1.0)]
    assert apart[0] > apart[1]
