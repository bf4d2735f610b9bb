"""Gurobi, where it is installed and licensed. The one module that knows gurobipy.

The licence that comes with gurobipy allows 2,000 variables and 2,000 constraints, more than a
cover of any face scheme needs.
"""

import importlib
import math
from typing import Any

import numpy as np

from landmark_annotator.projects.budgets.solvers.covering import CoverAnswer, CoverProgram
from landmark_annotator.projects.vocabulary.errors import MissingPackage


class GurobiUnusable(MissingPackage):
    """Gurobi is not installed, or its licence does not allow what is asked."""


class Gurobi:
    """Raises GurobiUnusable where it cannot be started, or the licence is too small."""

    reason = "it is installed and licensed"

    def __init__(self) -> None:
        try:
            self._gurobi: Any = importlib.import_module("gurobipy")
        except ImportError as error:
            raise GurobiUnusable(
                "Gurobi is not installed.", remedy="pip install 'landmark-annotator[solvers]'"
            ) from error
        self.name = "Gurobi " + ".".join(str(part) for part in self._gurobi.gurobi.version())
        try:
            self._environment = self._gurobi.Env(empty=True)
            self._environment.setParam("OutputFlag", 0)
            self._environment.start()
        except self._gurobi.GurobiError as error:
            raise self._unusable(error) from error

    def solve(self, program: CoverProgram, seconds: float) -> CoverAnswer:
        grb = self._gurobi.GRB
        try:
            with self._gurobi.Model(env=self._environment) as model:
                model.Params.TimeLimit = max(seconds, 0.01)
                model.Params.MIPGap = 0.0
                chosen = model.addMVar(
                    len(program.weights), vtype=grb.BINARY, obj=program.weights.astype(np.float64)
                )
                model.addConstr(program.covers.astype(np.float64) @ chosen >= 1)
                if program.costs is not None and math.isfinite(program.max_cost):
                    model.addConstr(program.costs @ chosen <= program.max_cost + 1e-9)
                model.optimize()
                if model.Status in (grb.INFEASIBLE, grb.INF_OR_UNBD):
                    return CoverAnswer(None, math.inf)
                least = math.ceil(model.ObjBound - 1e-6) if math.isfinite(model.ObjBound) else 0
                if model.SolCount == 0:
                    return CoverAnswer(None, max(float(least), 0.0))
                return CoverAnswer(tuple(np.flatnonzero(chosen.X > 0.5).tolist()), float(least))
        except self._gurobi.GurobiError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> GurobiUnusable:
        return GurobiUnusable(
            f"Gurobi refuses: {str(error).rstrip('.')}.",
            remedy="Renew the licence; without it HiGHS finds the same formats.",
        )
