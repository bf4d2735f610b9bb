import numpy as np
import pytest

from landmark_annotator.backends.metrics.calibration import (
    inside,
    negative_log_likelihood,
    squared_mahalanobis,
)
from landmark_annotator.backends.metrics.clicks import clicks_to
from landmark_annotator.backends.metrics.errors import (
    area_under_curve,
    cumulative_curve,
    failure_rate,
    nme,
)


def test_nme_is_the_mean_distance_in_percent_of_the_length() -> None:
    truth = np.array([[0.0, 0.0], [10.0, 0.0], [np.nan, np.nan]])
    points = np.array([[3.0, 4.0], [10.0, 1.0], [7.0, 7.0]])
    assert nme(points, truth, 50.0) == pytest.approx(100 * (5 + 1) / 2 / 50)


def test_failure_rate_counts_what_exceeds_the_limit() -> None:
    assert failure_rate(np.array([8.0, 8.1, 3.0, np.nan, 9.0]), 8.0) == pytest.approx(50.0)


def test_area_under_the_curve_is_the_integral_of_the_cumulative_curve() -> None:
    errors = np.random.default_rng(0).uniform(0, 12, 400)
    limits = np.linspace(0, 8, 2001)
    integral = np.trapezoid(cumulative_curve(errors, limits), limits) / 8
    assert area_under_curve(errors, 8.0) == pytest.approx(integral, abs=1e-3)


def test_an_instance_that_never_gets_there_counts_one_more_than_all_clicks() -> None:
    errors = np.array([[5.0, 3.0, 2.0], [3.4, 9.0, 9.0], [6.0, 6.0, 6.0]])
    assert clicks_to(errors, 3.5) == pytest.approx((1 + 0 + 3) / 3)


@pytest.mark.parametrize("level", [0.68, 0.95])
def test_ellipses_of_the_true_covariance_hold_what_they_promise(level: float) -> None:
    random = np.random.default_rng(0)
    covariance = np.array([[4.0, 1.5], [1.5, 1.0]])
    truth = random.multivariate_normal([0, 0], covariance, 20_000)
    squared = squared_mahalanobis(np.zeros_like(truth), np.tile(covariance, (20_000, 1, 1)), truth)
    assert inside(squared, level) == pytest.approx(100 * level, abs=1.0)


def test_likelihood_is_that_of_the_gaussian() -> None:
    found = negative_log_likelihood(np.zeros((1, 2)), np.eye(2)[None] * 4.0, np.array([[2.0, 0.0]]))
    assert found[0] == pytest.approx(np.log(2 * np.pi * 4.0) + 0.5)
