"""Mean and covariance of the leading classes' means."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backends.shapes.exemplars import Exemplars
from backends.shapes.kernels import Kernels, kernels
from projects.vocabulary.arrays import AnyFloats, Floats, Ints


@dataclass(frozen=True, eq=False)
class Moments:
    """Weighted moments of shapes (n, 2L) about a point near their mean.

    deviations: (n, 2L) from that point, times the root of the weight. sums, squares: (2L,) the
    weighted sums of the deviations and of their squares; products: (L,) of x y of each landmark.
    """

    centre: Floats
    deviations: AnyFloats
    sums: Floats
    squares: Floats
    products: Floats
    kernels: Kernels

    @classmethod
    def of(
        cls,
        exemplars: Exemplars,
        classes: Ints,
        weights: Floats,
        rows: Ints,
        gain: Floats,
        offset: Floats,
    ) -> "Moments":
        """Of the exemplars x of some classes after the shift x - gain x[rows] + offset. The
        weights sum to one. In the exemplars' precision, with sums in float64."""
        # About the heaviest class, so that float32 has digits left for the deviations.
        heaviest = exemplars.rows[classes[np.argmax(weights)]]
        fast = kernels(exemplars.shapes)
        parts = fast.deviations(exemplars.rows, classes, weights, heaviest, rows, gain)
        point = heaviest.astype(np.float64)
        return cls(point - gain @ point[rows] + offset, *parts, fast)

    @property
    def mean(self) -> Floats:
        """(2L,)."""
        return self.centre + self.sums

    @cached_property
    def covariance(self) -> Floats:
        """(2L, 2L)."""
        return self.kernels.scatter(self.deviations) - np.outer(self.sums, self.sums)

    @property
    def landmark_covariances(self) -> Floats:
        """(L, 2, 2) the blocks of the covariance on its diagonal."""
        x, y = self.sums[::2], self.sums[1::2]
        across = self.products - x * y
        blocks = np.empty((len(x), 2, 2))
        blocks[:, 0, 0] = self.squares[::2] - x * x
        blocks[:, 1, 1] = self.squares[1::2] - y * y
        blocks[:, 0, 1] = blocks[:, 1, 0] = across
        return blocks
