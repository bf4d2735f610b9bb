"""Average precision and calibration error against their definitions written out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.backends.metrics.probabilities import (
    average_precision,
    expected_calibration_error,
)

cases = st.lists(st.tuples(st.integers(0, 10).map(lambda n: n / 10), st.booleans()), min_size=1)


def _written_out(found: list[tuple[float, bool]]) -> float:
    """Threshold by threshold."""
    every, total, before = sum(came for _, came in found), 0.0, 0.0
    for threshold in sorted({p for p, _ in found}, reverse=True):
        taken = [came for p, came in found if p >= threshold]
        recall = sum(taken) / every
        total += (recall - before) * sum(taken) / len(taken)
        before = recall
    return total


@given(cases.filter(lambda found: any(came for _, came in found)))
def test_average_precision_is_the_area_under_the_steps(found: list[tuple[float, bool]]) -> None:
    probabilities, came = (np.array(values) for values in zip(*found, strict=True))
    assert average_precision(probabilities, came) == pytest.approx(_written_out(found))


def test_average_precision_of_a_known_ranking() -> None:
    came = np.array([True, False, True, False])
    assert average_precision(np.array([0.8, 0.4, 0.35, 0.1]), came) == pytest.approx(
        0.5 * 1 + 0.5 * 2 / 3
    )


def test_a_constant_finds_the_event_as_often_as_it_comes() -> None:
    came = np.arange(10) < 3
    assert average_precision(np.full(10, 0.5), came) == pytest.approx(0.3)


def test_where_nothing_came_there_is_nothing_to_find() -> None:
    assert math.isnan(average_precision(np.array([0.1, 0.9]), np.zeros(2, dtype=bool)))


def test_probabilities_that_hold_have_no_calibration_error() -> None:
    probabilities, came = np.repeat([0.25, 0.75], 4), np.array([1, 0, 0, 0, 1, 1, 1, 0], bool)
    assert expected_calibration_error(probabilities, came) == 0


def test_the_calibration_error_weighs_bins_by_their_cases() -> None:
    probabilities = np.array([1.0, 1.0, 1.0, 0.05])
    came = np.array([True, True, False, False])
    # (3 x |1 - 2/3| + 1 x |0.05 - 0|) / 4
    assert expected_calibration_error(probabilities, came) == pytest.approx((1 + 0.05) / 4)
