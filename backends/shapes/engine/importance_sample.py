"""A sample of very many classes, drawn once, from which averages after evidence are taken.

Importance sampling: a class with less than a step of the weight is drawn with the probability
weight / step and stands for a step; heavier ones are all there. Evidence reweighs those alone, and
what they say is trusted only where it is backed by many.
"""

from dataclasses import dataclass, field

import numpy as np

from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.engine.kernels import kernels
from landmark_annotator.backends.shapes.engine.weight_order import First
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools, Ints

POOL = 8192
"""Classes that are drawn, at most about as many."""

POOLED_FROM = 4 * POOL
"""Classes from which on the detour is worth it."""

BACKING = 1024.0
"""Effective number of light classes behind an average, (sum of weights)^2 / sum of squares, from
which on it is trusted: its standard error is then at most a thirty-second of their spread."""

SAMPLED_OF_POOL = 1024
"""Of the pool, as `weighing.SAMPLED` of all classes: two samples, one after the other, leave a
standard error of at most sqrt(1 / BACKING + 1 / SAMPLED_OF_POOL), a twenty-second of the spread."""


@dataclass(frozen=True, eq=False)
class Pool:
    """drawn: the classes (n,), ascending, with what each stands for. light: (n,) which of them
    stand for others too. light_mass: what all light classes, drawn or not, hold together."""

    exemplars: Exemplars
    drawn: First
    light: Bools
    light_mass: float
    _columns: AnyFloats = field(repr=False)
    _read: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, exemplars: Exemplars, terms: AnyFloats, total: float) -> "Pool":
        """terms: (K,) weights of all classes, which sum to `total`."""
        step = total / POOL
        classes, held = kernels(exemplars.shapes).sample(terms, step)
        light = held <= step * (1 + 1e-6)
        heavy_mass = float(held[~light].sum()) / total
        drawn = First(np.log(held / total), classes=classes, among="pool")
        columns = np.empty((2 * exemplars.size, len(classes)), exemplars.shapes.dtype)
        return cls(exemplars, drawn, light, max(1 - heavy_mass, 0.0), columns)

    def columns(self, rows: Ints) -> AnyFloats:
        """(2L, n) coordinates of the classes, of which these rows (R,) are read."""
        assert self.drawn.classes is not None
        fast = kernels(self.exemplars.shapes)
        for row in rows.tolist():
            if row not in self._read:
                column = self.exemplars.columns[row]
                fast.gather(column, self.drawn.classes, self._columns[row])
                # Only now: another thread may be asking for the same one.
                self._read.add(row)
        return self._columns

    def backs(self, terms: AnyFloats, log_total: float, slack: float) -> bool:
        """Whether averages over the pool can be trusted after evidence, which has left the classes
        with these weights (n,), up to a factor, and the log of the sum of them, without one.

        Either many light classes speak; or all of them together, whose likelihood is one at most,
        hold no more than `slack`.
        """
        if self.light_mass <= slack * np.exp(log_total):
            return True
        # In double precision: squares of next to nothing are nothing in single precision.
        speaking = (terms * self.light).astype(np.float64)
        return float(speaking.sum()) ** 2 > BACKING * float(speaking @ speaking)
