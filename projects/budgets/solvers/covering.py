"""Minimum set cover: the fewest points that stand for every landmark at a threshold.

Most of a cover follows from dominance (Beasley, 1987): what covers less than another is never
needed, what is covered whenever another is need not be asked for. A solver gets what is left.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CoverProgram:
    """Choose columns of least total weight so that each row has one of them.

    covers: (R, C); weights: (C,) whole numbers; costs: (C,), in sum at most max_cost, or None.
    """

    covers: Bools
    weights: Ints
    costs: Floats | None = None
    max_cost: float = np.inf


@dataclass(frozen=True)
class CoverAnswer:
    """chosen: columns, None where no cover was found. bound: no cover weighs less; infinite where
    there is none. A solver that ran out of time leaves the bound below the weight found."""

    chosen: tuple[int, ...] | None
    bound: float


class Solver(Protocol):
    """name: with its version, for the card of a result. reason: why this solver."""

    name: str
    reason: str

    def solve(self, program: CoverProgram, seconds: float) -> CoverAnswer:
        """Within about so many seconds."""
        ...


def minimum_cover(program: CoverProgram, solver: Solver, seconds: float) -> tuple[CoverAnswer, int]:
    """And how many programs the solver was asked: none where dominance decides."""
    if not program.covers.any(axis=1).all():
        return CoverAnswer(None, np.inf), 0
    core, columns, forced = _reduced(program)
    if core.max_cost < -1e-9:
        return CoverAnswer(None, np.inf), 0
    spent = float(program.weights[forced].sum())
    if not core.covers.size:
        return CoverAnswer(tuple(sorted(forced)), spent), 0
    greedy = _greedy(core)
    answer = CoverAnswer(greedy, _packing_bound(core))
    asked = 0
    if greedy is None or core.weights[list(greedy)].sum() > answer.bound:
        asked = 1
        found = solver.solve(core, seconds)
        bound = max(answer.bound, found.bound)
        answer = CoverAnswer(_lighter(core, found.chosen, greedy), bound)
    chosen = answer.chosen
    whole = None if chosen is None else tuple(sorted(forced + [int(columns[c]) for c in chosen]))
    return CoverAnswer(whole, spent + answer.bound), asked


def _lighter(
    program: CoverProgram, a: tuple[int, ...] | None, b: tuple[int, ...] | None
) -> tuple[int, ...] | None:
    found = [chosen for chosen in (a, b) if chosen is not None]
    return min(found, key=lambda c: int(program.weights[list(c)].sum()), default=None)


def _reduced(program: CoverProgram) -> tuple[CoverProgram, Ints, list[int]]:
    """What dominance leaves, the columns that it is made of, and those that must be chosen."""
    covers, weights, costs = program.covers, program.weights, program.costs
    columns = np.arange(covers.shape[1])
    limit = program.max_cost
    forced: list[int] = []
    while covers.size:
        before = covers.shape
        covers = covers[~_dominated(~covers, np.zeros((1, len(covers))))]
        prices = [weights] if costs is None else [weights, costs]
        keep = ~_dominated(covers.T, np.stack(prices).astype(np.float64))
        single = np.flatnonzero(covers[:, keep].sum(axis=1) == 1)
        # A row with one column left needs that column.
        needed = np.unique(np.flatnonzero(keep)[covers[np.ix_(single, keep)].argmax(axis=1)])
        forced += columns[needed].tolist()
        if costs is not None:
            limit -= float(costs[needed].sum())
        keep[needed] = False
        rows = ~covers[:, needed].any(axis=1)
        covers, columns, weights = covers[np.ix_(rows, keep)], columns[keep], weights[keep]
        costs = None if costs is None else costs[keep]
        if covers.shape == before:
            break
    return CoverProgram(covers, weights, costs, limit), columns, forced


def _dominated(sets: Bools, prices: Floats) -> Bools:
    """(n,) whether each of the sets (n, m) lies in another that costs no more at any of (p, n).

    Of equal ones the first stays.
    """
    whole = sets.astype(np.float32)
    shared = whole @ whole.T
    inside = shared >= np.diag(shared)[:, None]
    for price in prices:
        inside &= price[:, None] >= price[None]
    np.fill_diagonal(inside, False)
    order = np.arange(len(sets))
    inside &= ~(inside.T & (order[:, None] < order[None]))
    return np.asarray(inside.any(axis=1))


def _greedy(program: CoverProgram) -> tuple[int, ...] | None:
    """A light cover, or None where the one found costs too much."""
    left = np.ones(len(program.covers), dtype=bool)
    chosen: list[int] = []
    while left.any():
        gain = program.covers[left].sum(axis=0) / program.weights
        chosen.append(int(gain.argmax()))
        left &= ~program.covers[:, chosen[-1]]
    for column in list(chosen):
        others = [c for c in chosen if c != column]
        if program.covers[:, others].any(axis=1).all():
            chosen = others
    if program.costs is not None and program.costs[chosen].sum() > program.max_cost + 1e-9:
        return None
    return tuple(chosen)


def _packing_bound(program: CoverProgram) -> float:
    """No cover weighs less: rows that share no column each need one of their own."""
    covers, weights = program.covers, program.weights
    lightest = np.where(covers, weights, np.inf).min(axis=1)
    taken = np.zeros(covers.shape[1], dtype=bool)
    packed = 0.0
    for row in np.argsort(covers.sum(axis=1), kind="stable"):
        if not (covers[row] & taken).any():
            packed += float(lightest[row])
            taken |= covers[row]
    fullest = float((covers.sum(axis=0) / weights).max())
    return max(packed, float(np.ceil(len(covers) / fullest - 1e-9)))
