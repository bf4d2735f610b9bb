"""How errors go together, where a training starts from a model that knew of it."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.calibration import Observations, calibrate
from landmark_annotator.backends.heatmap.pretrained import known_correlation, learned_elsewhere
from landmark_annotator.backends.shapes.conditioning import condition
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence

LANDMARKS = 6
SHAPE = np.column_stack([np.linspace(-0.4, 0.4, LANDMARKS), np.zeros(LANDMARKS)])
DEVIATION = 0.02
TOGETHER = np.kron(0.1 * np.eye(LANDMARKS) + 0.9, np.eye(2))
"""Errors that are mostly the same for all landmarks."""


def observed(count: int, seed: int) -> Observations:
    random = np.random.default_rng(seed)
    errors = random.multivariate_normal(np.zeros(2 * LANDMARKS), TOGETHER, count) * DEVIATION
    truths = SHAPE + random.normal(0, 0.1, (count, LANDMARKS, 2))
    spreads = np.broadcast_to(DEVIATION**2 * np.eye(2), (count, LANDMARKS, 2, 2))
    scales = np.full((count, LANDMARKS), DEVIATION)
    points = truths - errors.reshape(count, LANDMARKS, 2)
    return Observations(points, np.array(spreads), scales, truths, np.arange(count))


def left_after_a_click(count: int, known: Floats | None) -> float:
    """Mean error of the other landmarks after a click on the first, with a flat prior."""
    prior = ShapeMixture(np.zeros(1), SHAPE[None], np.eye(2 * LANDMARKS))
    calibration = calibrate(observed(count, 1), observed(count, 2), [prior], known).calibration
    errors = []
    for points, spreads, scales, truth, _ in zip(*vars(observed(100, 3)).values(), strict=True):
        belief = calibration.mixture(prior, points, spreads, scales)
        click = Evidence.click(0, truth[0], CLICK_DEVIATION)
        errors.append(np.linalg.norm(condition(belief, [click]).mean - truth, axis=1)[1:].mean())
    return float(np.mean(errors))


def test_after_few_observations_a_click_moves_the_others_as_the_known_errors_say() -> None:
    assert left_after_a_click(5, TOGETHER) < 0.8 * left_after_a_click(5, None)


def test_after_many_observations_what_was_known_hardly_matters() -> None:
    known, unknown = left_after_a_click(400, TOGETHER), left_after_a_click(400, None)
    assert known == pytest.approx(unknown, rel=0.05)


def test_it_is_taken_from_a_model_of_the_same_landmarks_only(shipped_weights: None) -> None:
    found = known_correlation("shipped", Scheme.named("face68"))
    assert found is not None
    assert np.diag(found) == pytest.approx(1.0, abs=0.02)
    assert known_correlation("shipped", Scheme("leaf", ("stem", "tip"))) is None
    assert known_correlation("none", Scheme.named("face68")) is None


def test_photographs_count_as_learned_from_for_the_same_landmarks_only(
    shipped_weights: None,
) -> None:
    assert "Helen" in learned_elsewhere("shipped", Scheme.named("face68"))
    assert learned_elsewhere("shipped", Scheme("leaf", ("stem", "tip"))) == ""
    assert learned_elsewhere("none", Scheme.named("face68")) == ""
