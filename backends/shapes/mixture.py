"""The mixture of K Gaussians over shapes (equation 3 of the classifier paper)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.backends.shapes.engine.class_weights import (
    GivenWeights,
    Likelihood,
    ReweighedWeights,
)
from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.engine.likelihood_cache import Steps
from landmark_annotator.backends.shapes.engine.moments import Moments
from landmark_annotator.projects.vocabulary.arguments import WrongValue
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints


@dataclass(frozen=True, eq=False)
class Shift:
    """What conditioning does to every exemplar alike: y -> y - gain @ y[rows] + offset.

    Shapes are flattened as (x0, y0, x1, y1, ...). rows: (R,) distinct coordinates that have been
    observed, gain: (2L, R), offset: (2L,).
    """

    rows: Ints
    gain: Floats
    offset: Floats

    @classmethod
    def none(cls, size: int) -> "Shift":
        """That of a prior over L = size landmarks."""
        return cls.constant(np.zeros(2 * size))

    @classmethod
    def constant(cls, offset: Floats) -> "Shift":
        """(2L,) added to every exemplar, before any observation."""
        return cls(np.empty(0, dtype=np.int64), np.empty((len(offset), 0)), offset)


class ShapeMixture:
    """p(y) = sum_k w_k N(y; shift(exemplar_k), residual), in the box frame. Immutable.

    log_weights: (K,); normalised on construction.
    exemplars: (K, L, 2) float32 or float64, or Exemplars. A prior and all its posteriors share
        them: conditioning moves every mean by one affine map, so the map is kept instead of
        copies. Where K is large, make the Exemplars once a model and give them to every mixture.
    residual: (2L, 2L) covariance around every class, flattened as (x0, y0, x1, y1, ...).
    shift: what past conditioning did to the exemplars.
    """

    def __init__(
        self,
        log_weights: AnyFloats,
        exemplars: Exemplars | AnyFloats,
        residual: Floats,
        shift: Shift | None = None,
    ) -> None:
        self.exemplars = Exemplars.of(exemplars)
        self._residual = residual
        self._explained = np.empty((0, len(residual)))
        self.shift = shift or Shift.none(self.size)
        if np.shape(log_weights) != (self.classes,):
            raise WrongValue(
                f"ShapeMixture takes as log_weights an array (K,) for its exemplars, here "
                f"({self.classes},), not {np.shape(log_weights)}."
            )
        if residual.shape != (2 * self.size, 2 * self.size):
            raise WrongValue(
                f"ShapeMixture takes as residual an array (2L, 2L) for {self.size} landmarks, not "
                f"{residual.shape}."
            )
        self._weighing: GivenWeights | ReweighedWeights = GivenWeights(self.exemplars, log_weights)

    def reweighed(self, likelihood: Likelihood, explained: Floats, shift: Shift) -> "ShapeMixture":
        """The same classes, each with its weight times its likelihood. The weights are computed
        when they are asked for: of all classes, or of those alone that may lead; and the residual
        then too. explained: (2E, 2L), the residual falls by explainedᵀ explained."""
        posterior = object.__new__(ShapeMixture)
        posterior.exemplars = self.exemplars
        posterior._residual = self.residual
        posterior._explained = explained
        posterior.shift = shift
        posterior._weighing = ReweighedWeights(self.exemplars, self._weighing, likelihood)
        return posterior

    def with_residual(self, residual: Floats) -> "ShapeMixture":
        """The same classes and weights, each class with this covariance (2L, 2L) around it."""
        return ShapeMixture(self.log_weights, self.exemplars, residual, self.shift)

    @cached_property
    def residual(self) -> Floats:
        """(2L, 2L)."""
        if not len(self._explained):
            return self._residual
        left = self._explained.T @ self._explained
        return np.subtract(self._residual, left, out=left)

    @property
    def log_weights(self) -> Floats:
        """(K,) float64, their exponentials sum to one."""
        return self._weighing.log_weights

    @property
    def steps(self) -> Steps:
        """What the last evidence has cost the classes, for the next."""
        return self._weighing.steps

    @property
    def classes(self) -> int:
        """K."""
        return len(self.exemplars)

    @property
    def size(self) -> int:
        """L."""
        return self.exemplars.size

    @cached_property
    def weights(self) -> Floats:
        """(K,) summing to one."""
        return np.exp(self.log_weights)

    @cached_property
    def leading(self) -> Ints:
        """The classes, heaviest first, that together hold 99.9 % of the weight."""
        classes, weights = self._weighing.leading
        return classes[np.argsort(-weights, kind="stable")]

    def means(self, classes: Ints | None = None) -> Floats:
        """(n, L, 2) means of the given classes, all K by default."""
        rows = self.exemplars.rows if classes is None else self.exemplars.rows[classes]
        means = rows.astype(np.float64)
        means += self.shift.offset - means[:, self.shift.rows] @ self.shift.gain.T
        return means.reshape(-1, self.size, 2)

    @property
    def representative(self) -> tuple[Ints, Floats]:
        """Classes (n,), ascending, and weights that sum to one: what means, covariances and queries
        are computed from. The leading classes, or of very many a sample (`weighing.SAMPLED`)."""
        return self._weighing.representative

    @cached_property
    def _moments(self) -> Moments:
        """Of the means of the representative classes."""
        classes, weights = self.representative
        shift = self.shift
        return Moments(self.exemplars, classes, weights, shift.rows, shift.gain, shift.offset)

    @property
    def mean(self) -> Floats:
        """(L, 2) expected shape."""
        return self._moments.mean.reshape(-1, 2)

    @cached_property
    def covariance(self) -> Floats:
        """(2L, 2L) total covariance: between the classes plus the residual."""
        return self._moments.covariance + self.residual

    @cached_property
    def landmark_covariances(self) -> Floats:
        """(L, 2, 2) the marginal covariance of each landmark: the blocks of `covariance`, without
        the work for all the others."""
        blocks = self._residual.reshape(self.size, 2, self.size, 2)
        own = np.einsum("iaib->iab", blocks)
        x, y = self._explained[:, ::2], self._explained[:, 1::2]
        found = self._moments.landmark_covariances + own
        found[:, 0, 0] -= (x * x).sum(axis=0)
        found[:, 1, 1] -= (y * y).sum(axis=0)
        both = (x * y).sum(axis=0)
        found[:, 0, 1] -= both
        found[:, 1, 0] -= both
        return np.asarray(found)
