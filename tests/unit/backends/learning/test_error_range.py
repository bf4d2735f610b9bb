"""How sure an error on held-out groups is."""

import numpy as np

from landmark_annotator.backends.learning.held_out import error_figures, error_range
from landmark_annotator.projects.vocabulary import Scheme

_SCHEME = Scheme("pair", ("a", "b"), normaliser=(0, 1))
_TRUTH = np.array([[0.0, 0.0], [1.0, 0.0]])


def off_by(percent: float) -> np.ndarray:
    return _TRUTH + np.array([0.0, percent / 100])


def ranges(per_group: int, groups: int, seed: int = 0) -> tuple[float, float]:
    random = np.random.default_rng(seed)
    errors = np.repeat(random.gamma(4.0, 0.5, groups), per_group)
    found = error_range(
        [off_by(error) for error in errors],
        [_TRUTH] * len(errors),
        _SCHEME,
        np.repeat(np.arange(groups), per_group),
    )
    assert found is not None
    return found


def test_it_holds_as_often_as_it_says() -> None:
    held = [low <= 2.0 <= high for low, high in (ranges(3, 15, seed) for seed in range(200))]
    assert 0.89 <= np.mean(held) <= 1.0


def test_more_of_the_same_groups_make_nobody_surer() -> None:
    assert ranges(1, 8) == ranges(5, 8)


def test_one_group_says_nothing() -> None:
    assert error_range([off_by(1), off_by(2)], [_TRUTH] * 2, _SCHEME, np.zeros(2, int)) is None


def test_two_groups_that_differ_say_nothing() -> None:
    """By these it might be anything from 0.003 to 1,146 %."""
    assert error_range([off_by(1), off_by(3)], [_TRUTH] * 2, _SCHEME, np.arange(2)) is None


def test_the_figure_stands_beside_how_sure_it_is() -> None:
    shapes, truths = [off_by(1.0), off_by(2.0), off_by(3.0)], [_TRUTH] * 3
    figures = error_figures("held_out_error", shapes, truths, _SCHEME, np.arange(3))
    assert figures["held_out_error"] == 2.0
    assert 0 < figures["held_out_error_low"] < 1.0
    assert figures["held_out_error_high"] > 3.0
    alone = error_figures("held_out_error", shapes, truths, _SCHEME, np.zeros(3, int))
    assert alone == {"held_out_error": 2.0}
