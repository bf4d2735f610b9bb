"""The mixture of K Gaussians over shapes (equation 3 of the classifier paper)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from projects.vocabulary.arrays import AnyFloats, Floats, Ints

_LEADING_MASS = 0.999
"""Share of the weight that the leading classes hold; covariances and queries use only these."""


@dataclass(frozen=True)
class Shift:
    """The affine map y -> matrix @ y + offset that conditioning applies to every exemplar alike.

    matrix: (2L, 2L), offset: (2L,), on shapes flattened as (x0, y0, x1, y1, ...).
    """

    matrix: Floats
    offset: Floats


@dataclass(frozen=True, eq=False)
class ShapeMixture:
    """p(y) = sum_k w_k N(y; shift(exemplar_k), residual), in the box frame. Immutable.

    log_weights: (K,) float64; normalised on construction.
    exemplars: (K, L, 2) float32 or float64. A prior and all its posteriors share this one array:
        conditioning moves every mean by one affine map, so the map is kept instead of the copies.
    residual: (2L, 2L) covariance around every class, flattened as (x0, y0, x1, y1, ...).
    shift: what past conditioning did to the exemplars; None for a prior.
    """

    log_weights: Floats
    exemplars: AnyFloats
    residual: Floats
    shift: Shift | None = None

    def __post_init__(self) -> None:
        log_weights = np.asarray(self.log_weights, dtype=np.float64)
        if self.exemplars.ndim != 3 or self.exemplars.shape[2] != 2 or not len(self.exemplars):
            raise ValueError(f"exemplars must be (K, L, 2), not {self.exemplars.shape}")
        if log_weights.shape != (len(self.exemplars),):
            raise ValueError(f"log_weights must be (K,), not {log_weights.shape}")
        if self.residual.shape != (2 * self.size, 2 * self.size):
            raise ValueError(f"residual must be (2L, 2L), not {self.residual.shape}")
        highest = log_weights.max()
        if not np.isfinite(highest):
            raise ValueError("at least one class needs a finite log-weight")
        total = highest + np.log(np.exp(log_weights - highest).sum())
        object.__setattr__(self, "log_weights", log_weights - total)

    @property
    def classes(self) -> int:
        """K."""
        return len(self.exemplars)

    @property
    def size(self) -> int:
        """L."""
        return int(self.exemplars.shape[1])

    @cached_property
    def weights(self) -> Floats:
        """(K,) summing to one."""
        return np.exp(self.log_weights)

    @cached_property
    def leading(self) -> Ints:
        """The classes, heaviest first, that together hold 99.9 % of the weight."""
        # Classes below (1 - mass) / K cannot add up to more than is left out, so the sort that
        # follows sees few classes however large K is.
        candidates = np.flatnonzero(self.weights >= (1 - _LEADING_MASS) / self.classes)
        order = candidates[np.argsort(-self.weights[candidates], kind="stable")]
        count = int(np.searchsorted(np.cumsum(self.weights[order]), _LEADING_MASS)) + 1
        return order[:count]

    def means(self, classes: Ints | None = None) -> Floats:
        """(n, L, 2) means of the given classes, all K by default."""
        chosen = self.exemplars if classes is None else self.exemplars[classes]
        means = chosen.reshape(len(chosen), -1).astype(np.float64)
        if self.shift is not None:
            means = means @ self.shift.matrix.T + self.shift.offset
        return means.reshape(-1, self.size, 2)

    @cached_property
    def _leading_moments(self) -> tuple[Floats, Floats]:
        """Mean (2L,) and between-class covariance (2L, 2L) over the leading classes."""
        weights = self.weights[self.leading]
        weights = weights / weights.sum()
        means = self.means(self.leading).reshape(len(weights), -1)
        mean = weights @ means
        spread = (means - mean) * np.sqrt(weights)[:, None]
        return mean, spread.T @ spread

    @cached_property
    def mean(self) -> Floats:
        """(L, 2) expected shape."""
        return self._leading_moments[0].reshape(-1, 2)

    @cached_property
    def covariance(self) -> Floats:
        """(2L, 2L) total covariance: between the classes plus the residual."""
        return self._leading_moments[1] + self.residual

    @property
    def landmark_covariances(self) -> Floats:
        """(L, 2, 2) the marginal covariance of each landmark."""
        blocks = self.covariance.reshape(self.size, 2, self.size, 2)
        return np.asarray(np.einsum("iaib->iab", blocks))
