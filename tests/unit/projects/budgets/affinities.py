"""What the tests of budgets choose from."""

import itertools

import numpy as np

from landmark_annotator.projects.budgets.constraints import Constraints
from landmark_annotator.projects.budgets.solvers.covering import CoverAnswer, CoverProgram
from landmark_annotator.projects.budgets.sparse_format import ANY, minimum_affinity


def drawn(size: int, seed: int) -> np.ndarray:
    """(size, size) affinities without structure, no two of them equal."""
    matrix = np.random.default_rng(seed).uniform(size=(size, size))
    matrix = np.maximum(matrix, matrix.T)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def cyclic(size: int) -> np.ndarray:
    """Each landmark is like its two neighbours on a ring: no choice dominates another."""
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    return 1 - np.minimum(steps, size - steps) / size


def by_trying_all(matrix: np.ndarray, m: int, constraints: Constraints = ANY) -> float | None:
    """c-hat of at most m landmarks; None where no choice keeps the constraints."""
    found = [
        minimum_affinity(matrix, choice)
        for count in range(1, m + 1)
        for choice in itertools.combinations(range(len(matrix)), count)
        if constraints.allows(choice)
    ]
    return max(found, default=None)


class Helpless:
    """A solver whose time is always up before it has found anything."""

    name = "Helpless"
    reason = "for a test"

    def solve(self, program: CoverProgram, seconds: float) -> CoverAnswer:
        return CoverAnswer(None, 1.0)
