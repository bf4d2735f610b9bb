"""The best sparse formats: exact K-center over the affinities.

Which m landmarks should people click, so that every other landmark is as strongly correlated with
one of them as possible? The maximised minimum correlation c-hat (thesis "Deep face analysis",
equations 5.4 to 5.6). c-hat is one of the affinities, and whether m points reach it is a set
cover, so a bisection over the affinities needs L binary variables where the thesis's program
needs L * L + L.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.budgets.constraints import Constraints, ContradictingConstraints
from landmark_annotator.projects.budgets.solvers.choice import best_solver
from landmark_annotator.projects.budgets.solvers.covering import CoverProgram, Solver, minimum_cover
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints, whole
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

ANY = Constraints()


@dataclass(frozen=True)
class SparseFormat:
    """The card of a result.

    landmarks: in order; at most m, fewer where constraints leave no room. c_hat: the smallest
    affinity between a landmark and its nearest chosen one. bound: no format of m landmarks has
    more. mean_affinity: of all landmarks to their nearest chosen one. cost: by the constraints.
    solver: and why that one; programs: how many it was asked, dominance decided the others.
    ties: how formats of equal c-hat were told apart.
    """

    m: int
    landmarks: tuple[int, ...]
    c_hat: float
    bound: float
    mean_affinity: float
    cost: float
    solver: str
    programs: int
    seconds: float
    ties: str = "none: one of the formats with this c-hat"

    @property
    def gap(self) -> float:
        """How much more c-hat another format could have; zero where this one is optimal."""
        return self.bound - self.c_hat

    @property
    def proven(self) -> bool:
        """Whether it is certain that no format of m landmarks is better."""
        return self.gap <= 0.0

    def said(self) -> str:
        """One sentence for the project lead."""
        follows = f"How well the rest follows: {self.c_hat:.3f} of 1"
        if self.proven:
            return f"{follows}, proven the best that any {counted(self.m, 'point')} can do."
        return (
            f"{follows}, the best found before the time ran out, not proven: other points could "
            f"reach {self.bound:.3f} (gap {self.gap:.3f})."
        )

    def details(self) -> str:
        """The same for who knows the method, and which program solved it."""
        proof = "optimal" if self.proven else f"bound {self.bound:.4f}, gap {self.gap:.4f}"
        return (
            f"c-hat {self.c_hat:.4f} ({proof}): the smallest, over all landmarks, of the canonical "
            f"correlation with the nearest clicked one; mean {self.mean_affinity:.4f}. Solved by "
            f"{self.solver.rstrip('.')}. Ties: {self.ties}."
        )


def minimum_affinity(matrix: Floats, landmarks: Iterable[int]) -> float:
    """c of equation 5.5: of the landmark that is farthest from its nearest chosen one."""
    return float(matrix[list(landmarks)].max(axis=0).min())


def mean_affinity(matrix: Floats, landmarks: Iterable[int]) -> float:
    """Of all L landmarks to their nearest chosen one."""
    return float(matrix[list(landmarks)].max(axis=0).mean())


def sparse_formats(
    matrix: Floats,
    sizes: Iterable[int] | None = None,
    *,
    constraints: Constraints = ANY,
    solver: Solver | None = None,
    seconds: float = 60.0,
) -> list[SparseFormat]:
    """The best format of every m asked for, all 1..L by default, from affinities (L, L).

    seconds: for all of them together; what is not proven by then is the best found. Raises
    ActionableError where m is not in 1..L, ContradictingConstraints where nothing fits.
    """
    size = len(matrix)
    wanted = (
        list(range(1, size + 1))
        if sizes is None
        else [whole(m, "A number of points") for m in sizes]
    )
    for m in wanted:
        if not 1 <= m <= size:
            raise ActionableError(
                f"A sparse format of {size} landmarks has 1 to {size} points, not {m}.",
                remedy="Choose a number in between.",
            )
    search = _Search(matrix, constraints, solver or best_solver(), time.monotonic() + seconds)
    if sizes is not None:
        search.require(min(wanted))
    elif search.smallest > 1:
        wanted = wanted[search.smallest - 1 :]
    return [search.best(m) for m in wanted]


class _Search:
    """Bounds on c-hat for every m, tightened by covers; what one m teaches, the others know.

    Groups of landmarks that are chosen as one are the columns of the covers.
    """

    def __init__(
        self, matrix: Floats, constraints: Constraints, solver: Solver, deadline: float
    ) -> None:
        self.matrix, self.constraints = matrix, constraints
        self.solver, self.deadline = solver, deadline
        self.programs = 0
        forced, self.free = constraints.groups(len(matrix))
        self.forced = [i for group in forced for i in group]
        size = len(matrix)
        self.base = matrix[self.forced].max(axis=0) if self.forced else np.full(size, -1.0)
        # (groups, L): how well a group stands for each landmark.
        self.reach = (
            np.stack([matrix[group].max(axis=0) for group in self.free])
            if self.free
            else np.zeros((0, size))
        )
        self.weights: Ints = np.array([len(group) for group in self.free], dtype=np.int64)
        self.costs: Floats | None = None
        self.allowance = math.inf
        if constraints.costs is not None and constraints.max_cost is not None:
            self.costs = np.array([constraints.cost(group) for group in self.free])
            self.allowance = constraints.max_cost - constraints.cost(self.forced)
        self.values = np.unique(np.concatenate([self.reach.ravel(), self.base[self.base >= 0]]))
        # By m: the best format so far, its place in `values`, and the least place out of reach.
        self.found: list[tuple[int, ...] | None] = [None] * (size + 1)
        self.lower = np.full(size + 1, -1)
        self.upper = np.full(size + 1, len(self.values))
        self._start()
        self.smallest = next((m for m in range(1, size + 1) if self.found[m]), size + 1)
        self.require(size)

    def require(self, m: int) -> None:
        """Raises ContradictingConstraints where nothing of m landmarks fits."""
        if m >= self.smallest:
            return
        if len(self.forced) > m:
            raise ContradictingConstraints(
                f"{len(self.forced)} landmarks must be chosen, but the format has "
                f"{counted(m, 'point')}.",
                remedy="Allow more points, or demand fewer landmarks.",
            )
        raise ContradictingConstraints(
            f"No format of {counted(m, 'point')} does all that is asked.",
            remedy="Allow more points or a higher cost, or take a demand back.",
        )

    def best(self, m: int) -> SparseFormat:
        started, asked = time.monotonic(), self.programs
        while self.upper[m] - self.lower[m] > 1:
            if not self._decide(m, int(self.lower[m] + self.upper[m]) // 2):
                break
        found = self.found[m]
        assert found is not None  # `require` has seen to it
        c_hat = float(self.values[self.lower[m]])
        return SparseFormat(
            m=m,
            landmarks=found,
            c_hat=c_hat,
            bound=float(self.values[max(self.upper[m] - 1, self.lower[m])]),
            mean_affinity=mean_affinity(self.matrix, found),
            cost=self.constraints.cost(found),
            solver=f"{self.solver.name}: {self.solver.reason}",
            programs=self.programs - asked,
            seconds=time.monotonic() - started,
        )

    def _decide(self, m: int, place: int) -> bool:
        """Whether m landmarks reach the affinity at this place; False where time ran out."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            return False
        threshold = self.values[place]
        rows = self.base < threshold
        program = CoverProgram(
            (self.reach[:, rows] >= threshold).T, self.weights, self.costs, self.allowance
        )
        answer, asked = minimum_cover(program, self.solver, left)
        self.programs += asked
        if answer.chosen is not None:
            self._take([i for c in answer.chosen for i in self.free[c]])
        fewest = min(answer.bound + len(self.forced), len(self.matrix) + 1)
        unreachable = self.upper[: int(fewest)]
        np.minimum(unreachable, place, out=unreachable)
        return bool(self.lower[m] >= place or self.upper[m] <= place)

    def _take(self, chosen: list[int]) -> None:
        """Notes a format that keeps the constraints, for its own m and all above."""
        landmarks = tuple(sorted(self.forced + chosen))
        place = int(np.searchsorted(self.values, minimum_affinity(self.matrix, landmarks)))
        for m in range(len(landmarks), len(self.found)):
            if place > self.lower[m]:
                self.lower[m], self.found[m] = place, landmarks

    def _start(self) -> None:
        """A format for every m, by adding what raises the smallest affinity most."""
        chosen: list[int] = []
        reached, left = self.base, self.allowance
        open_groups = list(range(len(self.free)))
        if self.forced:
            self._take([])
        elif self.free:
            for group in self._first(open_groups):
                self._take(self.free[group])
        while open_groups:
            open_groups = [
                g for g in open_groups if self.costs is None or self.costs[g] <= left + 1e-9
            ]
            if not open_groups:
                break
            after = np.maximum(self.reach[open_groups], reached)
            order = np.lexsort((after.mean(axis=1), after.min(axis=1)))
            group = open_groups.pop(int(order[-1]))
            chosen += self.free[group]
            reached = np.maximum(reached, self.reach[group])
            left -= 0.0 if self.costs is None else float(self.costs[group])
            self._take(chosen)

    def _first(self, groups: list[int]) -> list[int]:
        """Groups that fit alone, so that the smallest m has a format if any has."""
        return [g for g in groups if self.costs is None or self.costs[g] <= self.allowance + 1e-9]


def extension(
    matrix: Floats,
    existing: Iterable[int],
    k: int,
    *,
    constraints: Constraints = ANY,
    solver: Solver | None = None,
    seconds: float = 60.0,
) -> SparseFormat:
    """The best k landmarks to add to a format that is labelled already."""
    labelled = frozenset(existing)
    if k < 1:
        raise ActionableError(f"An extension adds at least one point, not {k}.")
    [found] = sparse_formats(
        matrix,
        [len(labelled) + k],
        constraints=replace(constraints, include=constraints.include | labelled),
        solver=solver,
        seconds=seconds,
    )
    return found
