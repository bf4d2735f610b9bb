"""HiGHS, as it comes with scipy: always there."""

from importlib.metadata import version

import numpy as np

from landmark_annotator.projects.budgets.solvers.covering import CoverAnswer, CoverProgram


class Highs:
    def __init__(self, reason: str = "it comes with scipy") -> None:
        self.name = f"HiGHS (scipy {version('scipy')})"
        self.reason = reason

    def solve(self, program: CoverProgram, seconds: float) -> CoverAnswer:
        # Imported late: the window knows the budgets, and is not to wait for a solver.
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows = [LinearConstraint(program.covers.astype(np.float64), lb=1.0)]
        if program.costs is not None and np.isfinite(program.max_cost):
            rows.append(LinearConstraint(program.costs[None], ub=program.max_cost + 1e-9))
        found = milp(
            program.weights.astype(np.float64),
            constraints=rows,
            integrality=np.ones(len(program.weights)),
            bounds=Bounds(0, 1),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
        )
        if found.status == 2:  # infeasible: nothing covers all within the cost
            return CoverAnswer(None, np.inf)
        bound = found.mip_dual_bound
        least = 0.0 if bound is None or not np.isfinite(bound) else float(np.ceil(bound - 1e-6))
        if found.x is None:
            return CoverAnswer(None, least)
        return CoverAnswer(tuple(np.flatnonzero(found.x > 0.5).tolist()), least)
