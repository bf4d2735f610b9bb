"""Which of the formats with the same c-hat: the one whose points say most on average.

Stage two of the search. Maximise the mean affinity of all landmarks to their nearest chosen one,
plus a little for chosen landmarks whose left/right partner is chosen too, or that have none; the
little decides only where means are as good as equal. A p-median problem, as a mixed-integer
program while it is small, by exchanging points one for one otherwise.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.budgets.constraints import Constraints
from landmark_annotator.projects.budgets.sparse_format import (
    ANY,
    SparseFormat,
    mean_affinity,
    minimum_affinity,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SYMMETRY = 0.002
"""Mean affinity that a wholly symmetric format is worth more than one without any symmetry."""

_MOST_PAIRS = 30_000
"""Pairs of a landmark and a point that may stand for it, up to which the program is solved."""
_GAP = 1e-7
_EXCHANGES = 5
"""Points that are tried in the place of each chosen one."""


def tie_broken(
    matrix: Floats,
    found: SparseFormat,
    *,
    mirror: Sequence[int] | None = None,
    constraints: Constraints = ANY,
    seconds: float = 5.0,
) -> SparseFormat:
    """Of exactly m points where the constraints leave room, and of the same c-hat.

    mirror: (L,) the partner of each landmark, itself where it has none. `ties` of the card says
    whether the format is proven the best in this respect too.
    """
    started = time.monotonic()
    partner = np.arange(len(matrix)) if mirror is None else np.asarray(mirror)
    weight = 0.0 if mirror is None else SYMMETRY / found.m
    best = _exchanged(matrix, found, partner, weight, constraints)
    ties = "mean affinity, then symmetry; by exchanging points, not proven"
    if int((matrix >= found.c_hat).sum()) <= _MOST_PAIRS:
        answer = _program(matrix, found, partner, weight, constraints, seconds)
        if answer is not None:
            chosen, proven = answer
            # The program may leave room that is worth nothing; the format is to have m points.
            chosen = _exchanged(
                matrix, replace(found, landmarks=chosen), partner, weight, constraints
            )
            best = max(chosen, best, key=lambda c: _worth(matrix, c, partner, weight))
            if proven:
                ties = "mean affinity, then symmetry; proven"
    return replace(
        found,
        landmarks=best,
        mean_affinity=mean_affinity(matrix, best),
        cost=constraints.cost(best),
        seconds=found.seconds + time.monotonic() - started,
        ties=ties,
    )


def symmetric(landmarks: Sequence[int], mirror: Sequence[int] | Ints) -> int:
    """How many of the landmarks are chosen together with their partner, or have none."""
    chosen = set(landmarks)
    return sum(int(mirror[i]) in chosen for i in landmarks)


def _worth(matrix: Floats, landmarks: tuple[int, ...], partner: Ints, weight: float) -> float:
    return mean_affinity(matrix, landmarks) + weight * symmetric(landmarks, partner)


def _exchanged(
    matrix: Floats,
    found: SparseFormat,
    partner: Ints,
    weight: float,
    constraints: Constraints,
) -> tuple[int, ...]:
    """Adds points while there is room, then exchanges one for one while that helps."""
    forced, groups = constraints.groups(len(matrix))
    fixed = {i for group in forced for i in group}
    # (G, G): how much each group of landmarks is like each other one.
    reach = np.array([matrix[group].max(axis=0) for group in groups]).reshape(-1, len(matrix))
    alike = np.array([reach[:, group].max(axis=1) for group in groups])

    def flat(parts: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(fixed.union(*(groups[part] for part in parts))))

    def worth(parts: Sequence[int]) -> float:
        """Minus infinity where c-hat or a demand would be lost."""
        landmarks = flat(parts)
        fits = len(landmarks) <= found.m and constraints.allows(landmarks)
        if not fits or minimum_affinity(matrix, landmarks) < found.c_hat:
            return -np.inf
        return _worth(matrix, landmarks, partner, weight)

    chosen = [g for g, group in enumerate(groups) if set(group) <= set(found.landmarks)]
    while len(flat(chosen)) < found.m:
        more = [[*chosen, g] for g in range(len(groups)) if g not in chosen]
        fuller = max(more, key=worth, default=chosen)
        if fuller is chosen or worth(fuller) == -np.inf:
            break
        chosen = fuller
    best = worth(chosen)
    while True:
        spare = np.setdiff1d(np.arange(len(groups)), chosen)
        steps = [
            [*chosen[:i], *chosen[i + 1 :], g]
            for i, group in enumerate(chosen)
            for g in _most_like(alike[group], spare)
        ]
        better = max(steps, key=worth, default=chosen)
        if worth(better) <= best + 1e-12:
            return flat(chosen)
        chosen, best = better, worth(better)


def _most_like(alike: Floats, spare: Ints) -> list[int]:
    """The few of the spare ones that may stand for one, which alike (G,) is about."""
    order = np.argsort(-alike[spare], kind="stable")
    return [int(part) for part in spare[order[:_EXCHANGES]]]


def _program(
    matrix: Floats,
    found: SparseFormat,
    partner: Ints,
    weight: float,
    constraints: Constraints,
    seconds: float,
) -> tuple[tuple[int, ...], bool] | None:
    """The p-median program: y chosen, x which chosen one stands for a landmark, s both of a pair.

    None where the solver found nothing in time; and whether it proved its answer.
    """
    # Imported late: the window knows the budgets, and is not to wait for a solver.
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, vstack

    size = len(matrix)
    who, by = np.nonzero(matrix >= found.c_hat)
    pairs = np.array([(i, int(p)) for i, p in enumerate(partner) if i < p]).reshape(-1, 2)
    count_x, count_s = len(who), len(pairs)
    total = size + count_x + count_s
    lone = (partner == np.arange(size)).astype(np.float64)
    gain = np.concatenate([weight * lone, matrix[who, by] / size, np.full(count_s, 2 * weight)])
    x = size + np.arange(count_x)
    s = size + count_x + np.arange(count_s)
    parts: list[csr_matrix] = [
        _rows(who, x, np.ones(count_x), (size, total)),
        _rows(
            np.tile(np.arange(count_x), 2),
            np.concatenate([x, by]),
            np.repeat([1.0, -1.0], count_x),
            (count_x, total),
        ),
    ]
    low = [np.ones(size), np.full(count_x, -np.inf)]
    high = [np.ones(size), np.zeros(count_x)]
    for side in (0, 1):
        parts.append(
            _rows(
                np.tile(np.arange(count_s), 2),
                np.concatenate([s, pairs[:, side]]),
                np.repeat([1.0, -1.0], count_s),
                (count_s, total),
            )
        )
        low.append(np.full(count_s, -np.inf))
        high.append(np.zeros(count_s))
    extra: list[tuple[Floats, float, float]] = [(np.ones(size), 1.0, float(found.m))]
    for group in constraints.together:
        for other in set(group) - {group[0]}:
            same = np.zeros(size)
            same[group[0]], same[other] = 1.0, -1.0
            extra.append((same, 0.0, 0.0))
    if constraints.costs is not None and constraints.max_cost is not None:
        extra.append((np.array(constraints.costs), 0.0, constraints.max_cost + 1e-9))
    for row, least, most in extra:
        parts.append(csr_matrix(np.concatenate([row, np.zeros(count_x + count_s)])))
        low.append(np.array([least]))
        high.append(np.array([most]))
    floor, ceiling = np.zeros(total), np.ones(total)
    floor[list(constraints.include)] = 1.0
    ceiling[list(constraints.exclude)] = 0.0
    answer = milp(
        -gain,
        constraints=LinearConstraint(vstack(parts), np.concatenate(low), np.concatenate(high)),
        # Only the choice needs whole numbers; the rest then follows.
        integrality=np.concatenate([np.ones(size), np.zeros(count_x + count_s)]),
        bounds=Bounds(floor, ceiling),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": _GAP},
    )
    if answer.x is None:
        return None
    chosen = tuple(np.flatnonzero(answer.x[:size] > 0.5).tolist())
    if minimum_affinity(matrix, chosen) < found.c_hat:
        return None  # a tolerance of the solver; the exchanged format keeps c-hat for certain
    return chosen, answer.status == 0


def _rows(
    rows: npt.ArrayLike, columns: npt.ArrayLike, values: npt.ArrayLike, shape: tuple[int, int]
) -> "csr_matrix":
    from scipy.sparse import coo_matrix

    return coo_matrix((np.asarray(values), (np.asarray(rows), np.asarray(columns))), shape).tocsr()
