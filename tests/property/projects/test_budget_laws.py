"""What holds of every affinity matrix."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.budgets.solvers.gurobi import Gurobi
from landmark_annotator.projects.budgets.solvers.highs import Highs
from landmark_annotator.projects.budgets.sparse_format import (
    mean_affinity,
    minimum_affinity,
    sparse_formats,
)
from landmark_annotator.projects.budgets.tie_breaking import tie_broken
from tests.unit.projects.budgets.reference_program import classical_format


@st.composite
def matrices(draw: st.DrawFn, most: int = 7, levels: int = 1000) -> np.ndarray:
    """Symmetric affinities; few levels make many ties."""
    size = draw(st.integers(1, most))
    numbers = st.lists(st.integers(0, levels), min_size=size * size, max_size=size * size)
    matrix = np.array(draw(numbers)).reshape(size, size) / levels
    matrix = np.maximum(matrix, matrix.T)
    np.fill_diagonal(matrix, 1.0)
    return matrix


any_matrix = st.one_of(matrices(), matrices(levels=3))


@given(any_matrix)
@settings(deadline=None)
def test_the_bisection_finds_what_trying_all_finds(matrix: np.ndarray) -> None:
    for found in sparse_formats(matrix):
        best = max(
            minimum_affinity(matrix, choice)
            for choice in itertools.combinations(range(len(matrix)), found.m)
        )
        assert found.c_hat == best
        assert found.proven


@given(matrices(most=40))
@settings(deadline=None, max_examples=12)
def test_gurobi_and_highs_agree(matrix: np.ndarray) -> None:
    one, other = (sparse_formats(matrix, solver=s) for s in (Gurobi(), Highs()))
    assert [f.c_hat for f in one] == [f.c_hat for f in other]


@given(matrices(most=6), st.data())
@settings(deadline=None, max_examples=25)
def test_the_thesis_program_agrees(matrix: np.ndarray, data: st.DataObject) -> None:
    m = data.draw(st.integers(1, len(matrix)))
    assert sparse_formats(matrix, [m])[0].c_hat == classical_format(matrix, m)[1]


@given(matrices(most=30))
@settings(deadline=None, max_examples=50)
def test_another_point_never_makes_it_worse(matrix: np.ndarray) -> None:
    assert (np.diff([found.c_hat for found in sparse_formats(matrix)]) >= 0).all()


@given(matrices(most=12), st.data())
@settings(deadline=None, max_examples=40)
def test_the_order_of_the_landmarks_does_not_matter(
    matrix: np.ndarray, data: st.DataObject
) -> None:
    """Formats may tie in everything, so the permuted answer is compared by what it is worth."""
    m = data.draw(st.integers(1, len(matrix)))
    order = np.array(data.draw(st.permutations(range(len(matrix)))))
    plain, turned = (
        tie_broken(a, sparse_formats(a, [m])[0]) for a in (matrix, matrix[np.ix_(order, order)])
    )
    back = [int(order[i]) for i in turned.landmarks]
    assert turned.c_hat == plain.c_hat == minimum_affinity(matrix, back)
    assert mean_affinity(matrix, back) == pytest.approx(plain.mean_affinity, abs=1e-6)


@given(any_matrix, st.data())
@settings(deadline=None, max_examples=40)
def test_telling_ties_apart_costs_no_c_hat(matrix: np.ndarray, data: st.DataObject) -> None:
    m = data.draw(st.integers(1, len(matrix)))
    [found] = sparse_formats(matrix, [m])
    told = tie_broken(matrix, found)
    assert minimum_affinity(matrix, told.landmarks) == found.c_hat
    assert len(told.landmarks) == m
    assert told.mean_affinity >= found.mean_affinity - 1e-9
