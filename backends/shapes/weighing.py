"""Weights of many classes: given, or reweighed by evidence, and the few that hold nearly all."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backends.shapes.exemplars import Exemplars
from backends.shapes.kernels import Kernels, kernels
from backends.shapes.tiers import SLACK, Tier, tiers_of
from projects.vocabulary.arrays import AnyFloats, Floats, Ints

LEADING_MASS = 0.999
"""Share of the weight that the leading classes hold; means, covariances and queries use only
these. At K = 140,428 that moves a landmark's mean by up to a thousandth of the spread of the
classes left out, and lowers the covariance between the classes by at most as large a share."""

_SAMPLE = 16


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Of evidence, for the exemplar x of a class, up to a factor that all classes share:
    exp(-|target + whitening @ (reference - x[rows])|^2 / 2).

    rows: (R,), reference: (R,), whitening: (2E, R), target: (2E,).
    """

    rows: Ints
    reference: Floats
    whitening: Floats
    target: Floats

    def times(self, log_weights: Floats, columns: AnyFloats, places: Ints, fast: Kernels) -> Floats:
        """(n,) log of weight times likelihood, of classes with these columns (c, n), in which the
        rows are at these places (R,)."""
        return fast.reweigh(
            columns, places, self.reference, self.whitening, self.target, log_weights
        )


class GivenWeights:
    """Log-weights (K,) as they are given, normalised.

    Raises ValueError where no class has a finite log-weight, or one is NaN.
    """

    def __init__(self, exemplars: Exemplars, log_weights: AnyFloats) -> None:
        given = np.ascontiguousarray(log_weights, dtype=np.float64)
        summed = _Sum.of(given, LEADING_MASS, kernels(exemplars.shapes))
        self.log_weights = summed.normalised(given)
        self._exemplars = exemplars
        self._summed = summed

    @cached_property
    def leading(self) -> tuple[Ints, Floats]:
        """The fewest classes that hold 99.9 % of the weight, and their weights, which are rescaled
        to sum to one."""
        fast = kernels(self._exemplars.shapes)
        return fast.leading(self._summed.classes, self._summed.shares, LEADING_MASS)

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        return tiers_of(self._exemplars, self.log_weights)


class ReweighedWeights:
    """Weights after evidence. What is asked for is computed then, and only that."""

    def __init__(
        self,
        exemplars: Exemplars,
        before: "GivenWeights | ReweighedWeights",
        likelihood: Likelihood,
    ) -> None:
        self._exemplars = exemplars
        self._before = before
        self._likelihood = likelihood

    @cached_property
    def log_weights(self) -> Floats:
        """(K,) normalised, of every class however little weight it has."""
        fast = kernels(self._exemplars.shapes)
        columns, likelihood = self._exemplars.columns, self._likelihood
        found = likelihood.times(self._before.log_weights, columns, likelihood.rows, fast)
        return _Sum.of(found, LEADING_MASS, fast).normalised(found)

    @cached_property
    def leading(self) -> tuple[Ints, Floats]:
        """Classes that hold at least 99.9 % of the weight, and their weights, which are rescaled
        to sum to one.

        They are the fewest but for classes that were not looked at: those hold at most SLACK of
        the weight, and what is left out makes up for it.
        """
        fast = kernels(self._exemplars.shapes)
        enough = np.inf
        for tier in self._before.tiers:
            if tier.beyond > enough:
                continue
            columns, places = tier.columns(self._likelihood.rows)
            found = self._likelihood.times(tier.log_weights, columns, places, fast)
            summed = _Sum.of(found, LEADING_MASS * (1 + SLACK), fast)
            enough = summed.log_total + math.log(SLACK)
            if tier.beyond <= enough:
                break
        unseen = math.exp(tier.beyond - summed.log_total)
        chosen, weights = fast.leading(summed.classes, summed.shares, LEADING_MASS * (1 + unseen))
        return chosen if tier.classes is None else tier.classes[chosen], weights

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        return tiers_of(self._exemplars, self.log_weights)


@dataclass(frozen=True, eq=False)
class _Sum:
    """highest, total: the sum of exp(log_weights) is exp(highest) * total. classes: (n,) the
    places, ascending, among which are those that hold `mass`, with their shares (n,) of the sum."""

    highest: float
    total: float
    classes: Ints
    shares: Floats

    @classmethod
    def of(cls, log_weights: Floats, mass: float, fast: Kernels) -> "_Sum":
        highest = float(log_weights.max())
        if not np.isfinite(highest):
            raise ValueError("at least one class needs a finite log-weight")
        # Classes below (1 - mass) / K of the total cannot add up to what is left out, so only
        # those above are looked at again. The total is at least the sum of a sample of its terms,
        # and at least one, the term of the heaviest class.
        sample = float(np.exp(log_weights[::_SAMPLE] - highest).sum())
        least = (1 - mass) / len(log_weights) * max(sample, 1.0)
        total, classes, terms = fast.candidates(log_weights, highest, least)
        terms /= total
        return cls(highest, total, classes, terms)

    @property
    def log_total(self) -> float:
        return self.highest + float(np.log(self.total))

    def normalised(self, log_weights: Floats) -> Floats:
        """The log-weights (K,) whose sum this is, less its logarithm."""
        # In two steps: far from every class the highest is so large that log(total) would be lost.
        normal = log_weights - self.highest
        normal -= np.log(self.total)
        return normal
