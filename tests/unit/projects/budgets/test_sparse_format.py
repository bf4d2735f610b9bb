"""The best sparse formats, exactly."""

import affinities
import numpy as np
import pytest

from landmark_annotator.projects.budgets.constraints import Constraints, ContradictingConstraints
from landmark_annotator.projects.budgets.solvers.highs import Highs
from landmark_annotator.projects.budgets.sparse_format import (
    extension,
    minimum_affinity,
    sparse_formats,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.unit.projects.budgets.reference_program import classical_format


def test_every_size_is_the_best_there_is() -> None:
    matrix = affinities.drawn(9, seed=1)
    for found in sparse_formats(matrix):
        assert found.proven
        assert found.c_hat == minimum_affinity(matrix, found.landmarks)
        assert found.c_hat == affinities.by_trying_all(matrix, found.m)


def test_the_thesis_program_finds_the_same() -> None:
    matrix = affinities.drawn(12, seed=2)
    for m in (2, 4, 7):
        [found] = sparse_formats(matrix, [m])
        assert found.c_hat == classical_format(matrix, m)[1]


def test_where_dominance_does_not_decide_the_solver_does() -> None:
    matrix = affinities.drawn(36, seed=3)
    formats = sparse_formats(matrix, solver=Highs())
    assert sum(found.programs for found in formats) > 0
    assert all(found.proven for found in formats)


def test_the_card_says_which_solver_and_why() -> None:
    [found] = sparse_formats(affinities.drawn(6, seed=1), [2], solver=Highs("Gurobi is away"))
    assert found.solver.startswith("HiGHS (scipy ")
    assert found.solver.endswith(": Gurobi is away")
    assert "proven the best" in found.said()


def test_all_landmarks_stand_for_themselves() -> None:
    found = sparse_formats(affinities.drawn(7, seed=4))[-1]
    assert (found.m, found.landmarks, found.c_hat) == (7, tuple(range(7)), 1.0)


@pytest.mark.parametrize("m", [0, -3, 10])
def test_a_number_of_points_that_cannot_be_is_refused(m: int) -> None:
    with pytest.raises(ActionableError, match=f"1 to 9 points, not {m}"):
        sparse_formats(affinities.drawn(9, seed=1), [m])


def test_a_solver_without_time_gives_the_best_found_and_says_so() -> None:
    matrix = affinities.drawn(36, seed=3)
    [found] = sparse_formats(matrix, [9], solver=affinities.Helpless())
    best = sparse_formats(matrix, [9])[0].c_hat
    assert not found.proven
    assert found.c_hat <= best <= found.bound
    assert found.gap == found.bound - found.c_hat > 0
    assert "not proven" in found.said()
    assert f"gap {found.gap:.3f}" in found.said()


def test_no_time_at_all_still_gives_a_format_of_every_size() -> None:
    formats = sparse_formats(affinities.drawn(20, seed=5), seconds=0.0)
    assert [len(found.landmarks) <= found.m for found in formats] == [True] * 20
    assert not formats[5].proven


def test_demands_are_kept_and_the_best_of_what_is_left_is_found() -> None:
    matrix = affinities.drawn(8, seed=6)
    asked = Constraints(
        include=frozenset({0}),
        exclude=frozenset({5}),
        together=((1, 2),),
        costs=(1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0),
        max_cost=7.0,
    )
    for m in range(1, 9):
        [found] = sparse_formats(matrix, [m], constraints=asked)
        assert asked.allows(found.landmarks)
        assert found.c_hat == affinities.by_trying_all(matrix, m, asked)
        assert found.cost == sum(asked.costs[i] for i in found.landmarks)  # type: ignore[index]


def test_a_whole_curve_begins_at_the_smallest_size_that_fits() -> None:
    asked = Constraints(include=frozenset({0, 3}), together=((3, 4),))
    assert [f.m for f in sparse_formats(affinities.drawn(6, seed=1), constraints=asked)] == [
        3,
        4,
        5,
        6,
    ]


@pytest.mark.parametrize(
    ("asked", "m", "message"),
    [
        (Constraints(frozenset({1}), frozenset({1})), 3, "landmark 1. is demanded and ruled out"),
        (Constraints(frozenset({1}), frozenset({2}), ((1, 2),)), 3, "chosen together"),
        (Constraints(include=frozenset({0, 1, 2})), 2, "3 landmarks must be chosen.* 2 points"),
        (Constraints(exclude=frozenset(range(6))), 2, "Every landmark is ruled out"),
        (Constraints(together=((0, 1), (2, 3), (4, 5))), 1, "No format of 1 point "),
        (Constraints(frozenset({0}), costs=(5.0,) * 6, max_cost=4.0), 2, "5 s of clicks; at most"),
        (Constraints(costs=(5.0,) * 6, max_cost=4.0), 2, "No format of"),
        (Constraints(frozenset({1}), frozenset({1}), names=tuple("abcdef")), 3, '"b" is dem'),
        (Constraints(include=frozenset({6})), 2, "no landmark 6"),
        (Constraints(costs=(1.0,)), 2, "Costs are 6 numbers"),
        (Constraints(costs=(-1.0,) * 6), 2, "Costs are 6 numbers"),
        (Constraints(max_cost=3.0), 2, "needs the cost of each"),
    ],
)
def test_contradictions_are_told(asked: Constraints, m: int, message: str) -> None:
    with pytest.raises(ContradictingConstraints, match=message):
        sparse_formats(affinities.drawn(6, seed=1), [m], constraints=asked)


def test_an_extension_keeps_what_is_labelled_and_adds_the_best() -> None:
    matrix = affinities.drawn(9, seed=7)
    found = extension(matrix, [2, 4], 3)
    assert {2, 4} <= set(found.landmarks)
    asked = Constraints(include=frozenset({2, 4}))
    assert found.c_hat == affinities.by_trying_all(matrix, 5, asked)


def test_an_extension_by_nothing_is_refused() -> None:
    with pytest.raises(ActionableError, match="at least one point"):
        extension(affinities.drawn(5, seed=1), [2], 0)


def test_equal_affinities_everywhere_need_no_choice() -> None:
    matrix = np.full((6, 6), 0.5)
    np.fill_diagonal(matrix, 1.0)
    assert [found.c_hat for found in sparse_formats(matrix)] == [0.5] * 5 + [1.0]
