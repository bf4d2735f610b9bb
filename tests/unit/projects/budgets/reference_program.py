"""The thesis's own program (equation 5.6): L * L + L variables, a check for small schemes."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from landmark_annotator.projects.budgets.sparse_format import minimum_affinity
from landmark_annotator.projects.vocabulary.arrays import Floats


def classical_format(matrix: Floats, m: int) -> tuple[tuple[int, ...], float]:
    """(landmarks, c-hat) of m landmarks, from affinities (L, L). Slow from L of about 30 on.

    Variables in order: x_ij row by row (landmark i is inferred from j), y_j (j is chosen), z.
    """
    size = len(matrix)
    squares = size * size
    total = squares + size + 1
    i, j = np.divmod(np.arange(squares), size)
    each = np.arange(squares)
    one_stands = np.zeros((size, total))
    one_stands[i, each] = 1.0
    exactly_m = np.zeros((1, total))
    exactly_m[0, squares:-1] = 1.0
    chosen_stands = np.zeros((squares, total))
    chosen_stands[each, each] = 1.0
    chosen_stands[each, squares + j] = -1.0
    within_z = np.zeros((squares, total))
    within_z[each, each] = 1.0 - matrix[i, j]
    within_z[each, -1] = -1.0
    cost = np.zeros(total)
    cost[-1] = 1.0
    found = milp(
        cost,
        constraints=[
            LinearConstraint(one_stands, 1.0, 1.0),
            LinearConstraint(exactly_m, float(m), float(m)),
            LinearConstraint(np.concatenate([chosen_stands, within_z]), ub=0.0),
        ],
        integrality=np.concatenate([np.ones(squares + size), [0.0]]),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    landmarks = tuple(np.flatnonzero(found.x[squares:-1] > 0.5).tolist())
    return landmarks, minimum_affinity(matrix, landmarks)
