"""How well found masks lie on the true ones."""

import numpy as np
import pytest

from landmark_annotator.backends.metrics.regions import (
    RegionCounts,
    boundary_f1,
    largest_error,
    mask_overlap,
)


def test_overlaps_are_of_all_pictures_together() -> None:
    counts = RegionCounts(3)
    truth = np.array([[1, 1, 2, 0]])
    counts.add(np.array([[1, 2, 2, 0]]), truth)
    counts.add(truth, truth)
    assert counts.overlaps(["a", "b"]) == pytest.approx({"a": 3 / 4, "b": 2 / 3})
    assert counts.accuracy() == 7 / 8
    assert counts.precision(2) == pytest.approx(2 / 3)
    assert counts.f1(1) == pytest.approx(6 / 7)


def test_a_region_that_is_nowhere_is_not_judged() -> None:
    counts = RegionCounts(3)
    counts.add(np.array([1, 2]), np.array([1, 0]), np.array([True, True]))
    assert set(counts.overlaps(["a", "b"])) == {"a"}


def test_pixels_that_are_not_judged_do_not_count() -> None:
    counts = RegionCounts(2)
    counts.add(np.array([1, 1]), np.array([1, 0]), np.array([True, False]))
    assert counts.overlap(1) == 1.0


def test_two_empty_masks_agree() -> None:
    empty = np.zeros((4, 4), bool)
    assert mask_overlap(empty, empty) == 1.0
    assert boundary_f1(empty, empty, 2) == 1.0
    assert boundary_f1(empty, np.eye(4) > 0, 2) == 0.0


def test_a_border_within_the_tolerance_is_right() -> None:
    truth, moved = np.zeros((2, 40, 40), bool)
    truth[10:30, 10:30], moved[12:32, 10:30] = True, True
    assert boundary_f1(moved, truth, 2) == 1.0
    assert 0.3 < boundary_f1(moved, truth, 1) < 0.8


def test_the_largest_error_is_clicked_in_its_middle() -> None:
    small, large = np.zeros((2, 40, 40), bool)
    small[30:33, 30:33], large[10:21, 10:21] = True, True
    assert largest_error([small, large]) == (1, 15.0, 15.0)
    assert largest_error([small, ~small & False]) == (0, 31.0, 31.0)
    assert largest_error([small & False]) is None
