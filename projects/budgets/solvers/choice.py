"""Which solver proves that a format is the best one: Gurobi where it can be used, else HiGHS."""

from collections.abc import Callable

from landmark_annotator.projects.budgets.solvers.covering import CoverAnswer, CoverProgram, Solver
from landmark_annotator.projects.budgets.solvers.gurobi import Gurobi, GurobiUnusable
from landmark_annotator.projects.budgets.solvers.highs import Highs


class _WithFallback:
    """Gurobi until it refuses (an expired or too small licence), from then on HiGHS."""

    def __init__(self, first: Solver) -> None:
        self._solver = first
        self.name = first.name
        self.reason = first.reason

    def solve(self, program: CoverProgram, seconds: float) -> CoverAnswer:
        try:
            return self._solver.solve(program, seconds)
        except GurobiUnusable as error:
            self._solver = Highs(error.happened)
            self.name, self.reason = self._solver.name, self._solver.reason
            return self._solver.solve(program, seconds)


def best_solver(start: Callable[[], Solver] = Gurobi) -> Solver:
    """Never fails; `reason` says why it is not Gurobi."""
    try:
        return _WithFallback(start())
    except GurobiUnusable as error:
        return Highs(error.happened)
