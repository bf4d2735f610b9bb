import numpy as np
import pytest

from landmark_annotator.backends.densities.hidden_widening import fitted_widening


@pytest.mark.parametrize("widening", [0.0, 0.6, 3.0])
def test_hidden_landmarks_that_err_more_get_ellipses_as_much_wider(widening: float) -> None:
    random = np.random.default_rng(0)
    hidden = random.choice([0.02, 0.98], (3000, 4), p=[0.8, 0.2])
    squared = random.chisquare(2, hidden.shape) * (1 + widening * hidden)
    squared[:, 3] = np.nan  # unknown: says nothing
    assert fitted_widening(squared, hidden) == pytest.approx(widening, abs=0.12)


def test_hidden_landmarks_that_err_less_keep_theirs() -> None:
    random = np.random.default_rng(0)
    hidden = random.choice([0.0, 1.0], (3000, 2))
    assert fitted_widening(random.chisquare(2, hidden.shape) * (1 - 0.5 * hidden), hidden) == 0


def test_too_few_hidden_landmarks_widen_nothing() -> None:
    hidden = np.zeros((100, 2))
    hidden[:5, 0] = 1
    assert fitted_widening(np.where(hidden > 0, 50.0, 2.0), hidden) == 0
