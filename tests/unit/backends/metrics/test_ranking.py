import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from landmark_annotator.backends.metrics.ranking import caught, spearman


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=40))
def test_spearman_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert spearman(first, second) == 0.0
    else:
        assert spearman(first, second) == pytest.approx(spearmanr(first, second).statistic)


def test_the_worst_tenth_holds_this_share_of_the_failures() -> None:
    predicted = np.arange(20.0)
    failed = np.isin(np.arange(20), [3, 18, 19])
    assert caught(predicted, failed, 0.1) == pytest.approx(200 / 3)


def test_without_a_failure_there_is_nothing_to_catch() -> None:
    assert math.isnan(caught(np.arange(5.0), np.zeros(5, dtype=bool), 0.1))
