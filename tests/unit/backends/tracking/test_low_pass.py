"""Three frames averaged."""

import numpy as np
import pytest

from landmark_annotator.backends.tracking.low_pass import low_pass


def test_each_frame_is_the_mean_of_three() -> None:
    points = np.array([0.0, 3.0, 9.0, 9.0])[:, None, None] * np.ones((1, 2, 2))
    assert low_pass(points)[:, 0, 0] == pytest.approx([1.5, 4.0, 7.0, 9.0])


def test_what_is_unknown_is_left_out_and_stays_unknown() -> None:
    points = np.array([0.0, np.nan, 4.0, 6.0])[:, None, None] * np.ones((1, 1, 2))
    found = low_pass(points)[:, 0, 0]
    assert np.isnan(found[1])
    assert found[[0, 2, 3]] == pytest.approx([0.0, 5.0, 5.0])
