"""Which solver proves a format, and what happens without Gurobi."""

import sys
from types import ModuleType, SimpleNamespace

import affinities
import numpy as np
import pytest

from landmark_annotator.projects.budgets.solvers.choice import best_solver
from landmark_annotator.projects.budgets.solvers.covering import CoverProgram
from landmark_annotator.projects.budgets.solvers.gurobi import Gurobi, GurobiUnusable
from landmark_annotator.projects.budgets.solvers.highs import Highs
from landmark_annotator.projects.budgets.sparse_format import sparse_formats

RING = CoverProgram(affinities.cyclic(7) > 0.8, np.ones(7, dtype=np.int64))
"""Each of seven covers itself and its neighbours: three are needed."""


class LicenceError(Exception):
    pass


@pytest.fixture
def expired(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Gurobi whose licence has run out."""

    class Env:
        def __init__(self, empty: bool) -> None: ...

        def setParam(self, name: str, value: int) -> None: ...

        def start(self) -> None:
            raise LicenceError("License expired 2020-01-01")

    fake = ModuleType("gurobipy")
    fake.gurobi = SimpleNamespace(version=lambda: (13, 0, 3))  # type: ignore[attr-defined]
    fake.GurobiError, fake.Env = LicenceError, Env  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gurobipy", fake)


def test_both_solvers_find_the_least_cover() -> None:
    for solver in (Highs(), Gurobi()):
        answer = solver.solve(RING, 10.0)
        assert answer.chosen is not None
        assert RING.covers[:, list(answer.chosen)].any(axis=1).all()
        assert (len(answer.chosen), answer.bound) == (3, 3.0)


@pytest.mark.parametrize("solver", [Highs, Gurobi])
def test_a_cover_that_may_not_cost_enough_does_not_exist(solver: type[Highs | Gurobi]) -> None:
    dear = CoverProgram(RING.covers, RING.weights, np.ones(7), 2.0)
    answer = solver().solve(dear, 10.0)
    assert answer.chosen is None
    assert answer.bound == np.inf


def test_gurobi_is_preferred_where_it_is_there() -> None:
    assert best_solver().name.startswith("Gurobi ")


def test_without_gurobi_highs_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gurobipy", None)
    solver = best_solver()
    assert solver.name.startswith("HiGHS")
    assert solver.reason == "Gurobi is not installed."


def test_an_expired_licence_leaves_highs_and_the_reason(expired: None) -> None:
    solver = best_solver()
    assert solver.name.startswith("HiGHS")
    assert "License expired" in solver.reason
    [found] = sparse_formats(affinities.drawn(20, seed=1), [5], solver=solver)
    assert found.proven
    assert "License expired 2020-01-01. Ties:" in found.details()


def test_a_licence_that_refuses_during_the_search_leaves_highs() -> None:
    class Small:
        name, reason = "Gurobi", "it is installed and licensed"

        def solve(self, program: CoverProgram, seconds: float) -> object:
            raise GurobiUnusable("Gurobi refuses: Model too large for size-limited license.")

    solver = best_solver(Small)  # type: ignore[arg-type]
    assert solver.solve(RING, 10.0).bound == 3.0
    assert solver.name.startswith("HiGHS")
    assert "size-limited" in solver.reason


def test_gurobi_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gurobipy", None)
    with pytest.raises(GurobiUnusable, match="not installed") as raised:
        Gurobi()
    assert "pip install" in raised.value.remedy
