"""Folds that keep what is related together."""

import numpy as np

from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.projects.vocabulary.numbering import numbered


def test_no_group_is_in_two_folds_and_folds_are_as_even_as_can_be() -> None:
    groups = [f"person {i // 10}" for i in range(120)]
    found = dealt(groups, 5, np.random.default_rng(0))
    for group in set(groups):
        assert len({f for f, g in zip(found, groups, strict=True) if g == group}) == 1
    assert sorted(np.bincount(found)) == [20, 20, 20, 30, 30]


def test_unrelated_instances_are_dealt_as_a_permutation_deals_them() -> None:
    expected = np.random.default_rng(3).permutation(23) % 5
    np.testing.assert_array_equal(dealt(range(23), 5, np.random.default_rng(3)), expected)


def test_a_single_group_is_dealt_one_by_one() -> None:
    found = dealt(["all"] * 10, 5, np.random.default_rng(0))
    assert np.bincount(found).tolist() == [2] * 5


def test_a_group_that_leaves_too_few_outside_is_dealt_one_by_one() -> None:
    groups = ["large"] * 18 + ["small"] * 2
    assert len(np.unique(dealt(groups, 5, np.random.default_rng(0)))) == 2
    assert len(np.unique(dealt(groups, 5, np.random.default_rng(0), fewest=5))) == 5


def test_groups_are_numbered_as_they_appear() -> None:
    assert numbered(["b", "a", "b", "c"]).tolist() == [0, 1, 0, 2]
    assert numbered(["b", "a", "b"], fewest=3).tolist() == [0, 1, 2]
