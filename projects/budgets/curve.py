"""What each number of points reaches: the curve c-hat(m), its jumps and its spread.

Figure 5.16 of the thesis "Deep face analysis".
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.budgets.affinity import Affinity, affinity
from landmark_annotator.projects.budgets.constraints import Constraints
from landmark_annotator.projects.budgets.solvers.covering import Solver
from landmark_annotator.projects.budgets.sparse_format import ANY, SparseFormat, sparse_formats
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.numbering import numbered

_JUMP = 2.0
"""A jump is a step that is so many times the mean of the steps beside it ..."""
_LEAST_JUMP = 0.02
"""... and at least so much c-hat."""


@dataclass(frozen=True, eq=False)
class Curve:
    """formats: the best one of each m, from the smallest that fits up to L."""

    affinity: Affinity
    formats: tuple[SparseFormat, ...]

    @property
    def sizes(self) -> list[int]:
        return [found.m for found in self.formats]

    @property
    def c_hat(self) -> list[float]:
        return [found.c_hat for found in self.formats]

    @property
    def seconds(self) -> float:
        return sum(found.seconds for found in self.formats)

    @property
    def proven(self) -> bool:
        return all(found.proven for found in self.formats)

    def at(self, m: int) -> SparseFormat:
        return next(found for found in self.formats if found.m == m)

    @property
    def jumps(self) -> list[int]:
        """Every m whose last point brings much more than the points before and after it."""
        return [self.sizes[i] for i in jumps(self.c_hat)]


def curve(
    shapes: Affinity,
    *,
    constraints: Constraints = ANY,
    solver: Solver | None = None,
    seconds: float = 60.0,
) -> Curve:
    """For every m that the constraints allow; see `sparse_formats`."""
    found = sparse_formats(shapes.matrix, constraints=constraints, solver=solver, seconds=seconds)
    return Curve(shapes, tuple(found))


def jumps(c_hat: list[float]) -> list[int]:
    """The places in a curve whose step up stands out from the steps beside it."""
    steps = np.diff(np.asarray(c_hat))
    found = []
    for i in range(1, len(steps) - 1):
        beside = (steps[i - 1] + steps[i + 1]) / 2
        if steps[i] >= _LEAST_JUMP and steps[i] >= _JUMP * beside:
            found.append(i + 1)
    return found


@dataclass(frozen=True, eq=False)
class Spread:
    """Of c-hat by m over samples of the labelled shapes: mean and standard deviation, (M,).

    samples: how many; shapes: how many each holds, on average where whole groups are drawn.
    """

    mean: Floats
    deviation: Floats
    samples: int
    shapes: int


def spread(
    shapes: Floats,
    *,
    samples: int = 10,
    share: float = 0.5,
    seed: int = 0,
    constraints: Constraints = ANY,
    frame: str = "box",
    solver: Solver | None = None,
    seconds: float = 60.0,
    groups: Sequence[Hashable] | None = None,
) -> Spread:
    """How much the curve depends on which images happen to be labelled.

    shapes: (N, L, 2) in pixels. Each sample draws this share of them without replacement: halves
    vary about as much as fresh sets of N would. groups: of each shape; related ones are drawn
    together, since a half without regard to them has a part of nearly every group. None where each
    is on its own. Raises TooFewLabels where a sample is too small.
    """
    group = np.arange(len(shapes)) if groups is None else numbered(groups)
    count = max(round(len(set(group.tolist())) * share), 1)
    random = np.random.default_rng(seed)
    curves, sizes = [], []
    for _ in range(samples):
        chosen = random.permutation(int(group.max(initial=-1)) + 1)[:count]
        drawn = np.flatnonzero(np.isin(group, chosen))
        sizes.append(len(drawn))
        found = curve(
            affinity(shapes[drawn], frame=frame),
            constraints=constraints,
            solver=solver,
            seconds=seconds / samples,
        )
        curves.append(found.c_hat)
    if not curves:
        raise TooFewLabels("A spread needs at least one sample.")
    stacked = np.array(curves)
    held = round(float(np.mean(sizes)))
    return Spread(stacked.mean(axis=0), stacked.std(axis=0), samples, held)
