"""The coarse shape that the first stage learns."""

import numpy as np
import pytest

from landmark_annotator.backends.hair.distance_map import distance_map


def half(size: int) -> np.ndarray:
    """The region is the right half."""
    labels = np.zeros((size, size), np.uint8)
    labels[:, size // 2 :] = 1
    return labels


def test_it_is_one_deep_inside_and_minus_one_far_outside() -> None:
    row = distance_map(half(256))[128]
    assert row[140:].tolist() == [1] * 116
    assert row[:103].tolist() == [-1] * 103
    assert (np.diff(row) >= 0).all()


def test_its_border_is_uncertain_on_both_sides() -> None:
    row = distance_map(half(256))[128]
    # One pixel outside: 24 of d_max less all of e_max; one inside: all of d_max less 9 of e_max.
    assert row[127] == pytest.approx(2 * (24 - 10 + 10) / 35 - 1)
    assert row[128] == pytest.approx(2 * (25 - 9 + 10) / 35 - 1)


def test_it_is_the_same_shape_in_a_smaller_crop() -> None:
    large, small = distance_map(half(256)), distance_map(half(128))
    assert abs(large[::2, ::2] - small).max() < 2 * 2 / 35


def test_where_the_region_is_nowhere_or_everywhere_nothing_is_near() -> None:
    assert (distance_map(np.zeros((64, 64), np.uint8)) == -1).all()
    assert (distance_map(np.ones((64, 64), np.uint8)) == 1).all()
