"""Mean and covariance of the leading classes' means."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.engine.kernels import kernels
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints


@dataclass(frozen=True, eq=False)
class Moments:
    """Of the exemplars x of some classes after the shift x - gain x[rows] + offset.

    The shift is affine, so the moments of the exemplars themselves are taken, in their precision
    with sums in float64, and then shifted. weights: (n,) of the classes (n,), sum to one.
    """

    exemplars: Exemplars
    classes: Ints
    weights: Floats
    rows: Ints
    gain: Floats
    offset: Floats

    @cached_property
    def mean(self) -> Floats:
        """(2L,)."""
        sums = self._parts[0]
        point = self._centre.astype(np.float64) + sums
        return np.asarray(point - self.gain @ point[self.rows] + self.offset)

    @cached_property
    def covariance(self) -> Floats:
        """(2L, 2L)."""
        fast, sums = kernels(self.exemplars.shapes), self._parts[0]
        scatter = fast.scatter(self.exemplars.rows, self.classes, self.weights, self._centre)
        moved = self.gain @ self._half_moved
        return np.asarray(scatter - np.outer(sums, sums) - moved - moved.T)

    @cached_property
    def landmark_covariances(self) -> Floats:
        """(L, 2, 2) the blocks of the covariance on its diagonal."""
        sums, squares, products, _ = self._parts
        x, y = sums[::2], sums[1::2]
        blocks = np.empty((len(x), 2, 2))
        blocks[:, 0, 0] = squares[::2] - x * x
        blocks[:, 1, 1] = squares[1::2] - y * y
        blocks[:, 0, 1] = blocks[:, 1, 0] = products - x * y
        if len(self.rows):
            gain = self.gain.reshape(len(x), 2, -1)
            moved = gain @ self._half_moved.T.reshape(len(x), 2, -1).swapaxes(1, 2)
            blocks -= moved + moved.swapaxes(1, 2)
        return blocks

    @cached_property
    def _centre(self) -> AnyFloats:
        """About the heaviest class, so that float32 has digits left for the deviations."""
        return np.asarray(self.exemplars.rows[self.classes[np.argmax(self.weights)]])

    @cached_property
    def _parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        fast = kernels(self.exemplars.shapes)
        return fast.moments(
            self.exemplars.rows, self.classes, self.weights, self._centre, self.rows
        )

    @cached_property
    def _half_moved(self) -> Floats:
        """H (R, 2L), so that the covariance C becomes C - gain H - (gain H)ᵀ."""
        sums, _, _, cross = self._parts
        across = cross - np.outer(sums[self.rows], sums)
        return np.asarray(across - 0.5 * across[:, self.rows] @ self.gain.T)
