"""The simulated hand is dealt by a seed, and errs as much as it says."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.simulation.hand import (
    CLICK_ERROR,
    aimed,
    click_noise,
    dealt_folds,
    evenly_jittered,
    jittered,
)
from landmark_annotator.projects.vocabulary import Box


def test_jitter_is_a_function_of_seed_and_instance() -> None:
    box = Box(50, 50, 100, 100)
    assert jittered(box, 0.05, 1, 7) == jittered(box, 0.05, 1, 7)
    assert jittered(box, 0.05, 1, 7) != jittered(box, 0.05, 1, 8)
    moved = [jittered(box, 0.05, 0, i) for i in range(400)]
    assert np.std([(b.centre_x - 50) / 100 for b in moved]) == pytest.approx(0.05, rel=0.15)
    assert np.std([np.log(b.width / 100) for b in moved]) == pytest.approx(0.05, rel=0.15)


@pytest.mark.parametrize("seed", range(5))
def test_few_boxes_are_as_far_off_as_a_hand_s(seed: int) -> None:
    boxes = [evenly_jittered(Box(50, 50, 100, 100), 0.05, seed, place) for place in range(60)]
    away = np.mean([np.hypot(b.centre_x - 50, b.centre_y - 50) / 100 for b in boxes])
    assert away == pytest.approx(0.05 * np.sqrt(np.pi / 2), rel=0.06)
    assert np.std([np.log(b.width / 100) for b in boxes]) == pytest.approx(0.05, rel=0.06)
    assert len({b.centre_x for b in boxes}) == len({b.width for b in boxes}) == 60


def test_clicks_are_off_by_a_share_of_the_normaliser() -> None:
    truth = np.full((20_000, 2), 70.0)
    off = aimed(truth, click_noise(len(truth), 1, 3), 50.0) - truth
    assert off.std() == pytest.approx(50.0 * CLICK_ERROR, rel=0.02)


def test_every_rule_meets_the_same_clicks_on_an_instance() -> None:
    np.testing.assert_array_equal(click_noise(5, 1, 3), click_noise(5, 1, 3))
    assert not np.array_equal(click_noise(5, 1, 3), click_noise(5, 1, 4))


def test_folds_are_even() -> None:
    counts = np.bincount(dealt_folds(range(23), np.random.default_rng(0)))
    assert counts.tolist() == [5, 5, 5, 4, 4]
