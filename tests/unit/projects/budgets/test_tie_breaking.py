"""Which of the formats with the same c-hat."""

import itertools
from dataclasses import replace

import affinities
import numpy as np
import pytest

from landmark_annotator.projects.budgets import tie_breaking
from landmark_annotator.projects.budgets.constraints import Constraints
from landmark_annotator.projects.budgets.sparse_format import (
    mean_affinity,
    minimum_affinity,
    sparse_formats,
)
from landmark_annotator.projects.budgets.tie_breaking import symmetric, tie_broken


def best_mean(matrix: np.ndarray, m: int, c_hat: float) -> float:
    return max(
        mean_affinity(matrix, choice)
        for choice in itertools.combinations(range(len(matrix)), m)
        if minimum_affinity(matrix, choice) >= c_hat
    )


@pytest.mark.parametrize("m", [2, 3, 5])
def test_the_largest_mean_affinity_among_the_best(m: int) -> None:
    matrix = affinities.drawn(9, seed=m)
    [found] = sparse_formats(matrix, [m])
    told = tie_broken(matrix, found)
    assert told.c_hat == found.c_hat == minimum_affinity(matrix, told.landmarks)
    assert told.mean_affinity == pytest.approx(best_mean(matrix, m, found.c_hat))
    assert told.ties.endswith("proven")


def test_between_equal_means_symmetry_decides() -> None:
    # Two ends of a ring of eight stand for all alike, whichever two opposite ones they are.
    matrix = affinities.cyclic(8)
    mirror = (0, 7, 6, 5, 4, 3, 2, 1)
    [found] = sparse_formats(matrix, [2])
    told = tie_broken(matrix, found, mirror=mirror)
    assert symmetric(told.landmarks, mirror) == 2


def test_a_format_with_room_is_filled_up() -> None:
    matrix = np.full((6, 6), 0.5)
    np.fill_diagonal(matrix, 1.0)
    [found] = sparse_formats(matrix, [4])
    assert len(tie_broken(matrix, found).landmarks) == 4


def test_a_format_of_all_that_may_be_chosen_ends_where_it_has_room_left() -> None:
    matrix = affinities.drawn(9, seed=3)
    asked = Constraints(exclude=frozenset(range(3, 9)))
    [found] = sparse_formats(matrix, [5], constraints=asked)
    assert tie_broken(matrix, found, constraints=asked).landmarks == (0, 1, 2)


def test_demands_hold_here_as_well() -> None:
    matrix = affinities.drawn(10, seed=8)
    asked = Constraints(
        frozenset({3}), frozenset({4}), ((0, 1),), costs=tuple(range(10)), max_cost=24.0
    )
    [found] = sparse_formats(matrix, [5], constraints=asked)
    told = tie_broken(matrix, found, constraints=asked)
    assert asked.allows(told.landmarks)
    assert told.mean_affinity >= found.mean_affinity


def test_a_large_program_is_left_to_exchanges_and_the_card_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tie_breaking, "_MOST_PAIRS", 0)
    matrix = affinities.drawn(12, seed=9)
    [found] = sparse_formats(matrix, [4])
    poor = replace(found, landmarks=found.landmarks)
    told = tie_broken(matrix, poor)
    assert told.ties.endswith("not proven")
    assert told.mean_affinity >= found.mean_affinity
    assert minimum_affinity(matrix, told.landmarks) >= found.c_hat
