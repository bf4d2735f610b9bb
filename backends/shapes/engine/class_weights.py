"""Weights of many classes: given, or reweighed by evidence, and the few that hold nearly all."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.backends.shapes.engine.exemplars import Exemplars
from landmark_annotator.backends.shapes.engine.importance_sample import (
    POOLED_FROM,
    SAMPLED_OF_POOL,
    Pool,
)
from landmark_annotator.backends.shapes.engine.kernels import Kernels, kernels
from landmark_annotator.backends.shapes.engine.likelihood_cache import Piece, Steps
from landmark_annotator.backends.shapes.engine.weight_order import (
    PROBE,
    RANKED_FROM,
    SLACK,
    First,
    Ranking,
)
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

LEADING_MASS = 0.999
"""Share of the weight that the leading classes hold. Using only these moves a landmark's mean by
up to a thousandth of the spread of the classes left out, and lowers the covariance between the
classes by at most as large a share."""

SAMPLED = 2048
"""Of RANKED_FROM classes or more, means, covariances and queries see at most about so many: those
with more than 1 / SAMPLED of the weight, and of the others each with a probability proportional
to its weight, standing for 1 / SAMPLED. An average over the classes so has the right expectation,
and a standard error of at most sqrt(m / SAMPLED) of their spread, m being the weight of the others:
a forty-fifth where all are light, nothing where few classes hold all."""

_STEPPED_FROM = 2 * PROBE
"""Classes from which on it is worth it to keep what a click has cost them."""


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Of evidence, for the exemplar x of a class, up to a factor that all classes share:
    exp(-|target + whitening @ (reference - x[rows])|^2 / 2).

    rows: (R,), reference: (R,), whitening: (2E, R), target: (2E,). pieces: the E pieces of
    evidence; what belongs to the first n of them does not depend on the others.
    """

    rows: Ints
    reference: Floats
    whitening: Floats
    target: Floats
    pieces: tuple[Piece, ...]

    def times(self, log_weights: Floats, columns: AnyFloats, places: Ints, fast: Kernels) -> Floats:
        """(n,) log of weight times likelihood, of classes with these columns (c, n), in which the
        rows are at these places (R,)."""
        return fast.reweigh(
            columns, places, self.reference, self.whitening, self.target, log_weights
        )[0]

    def times_by_steps(
        self, first: First, columns: AnyFloats, places: Ints, fast: Kernels, steps: Steps
    ) -> Floats:
        """The same of the first classes, from what the evidence before has left in the steps.

        Without the last piece it is kept too: that is the one that may be dragged on, or undone.
        """
        count = len(self.pieces)
        done, squares = steps.longest(self.pieces, first)
        if squares is not None and done == count:
            return np.asarray(first.log_weights - 0.5 * squares)
        found = [] if squares is None or done < count - 1 else [(self.pieces[:done], squares)]
        for until in (count - 1, count):
            if until > done:
                own = slice(2 * done, 2 * until)
                log_weights, squares = fast.reweigh(
                    columns,
                    places,
                    self.reference,
                    self.whitening[own],
                    self.target[own],
                    first.log_weights,
                    squares,
                )
                found.append((self.pieces[:until], squares))
                done = until
        steps.keep(found, first)
        return log_weights


class GivenWeights:
    """Log-weights (K,) as they are given, normalised.

    Raises ValueError where no class has a finite log-weight, or one is NaN.
    """

    def __init__(self, exemplars: Exemplars, log_weights: AnyFloats) -> None:
        given = np.ascontiguousarray(log_weights, dtype=np.float64)
        self._summed = _Sum.of(given, kernels(exemplars.shapes))
        self.log_weights = self._summed.normalised(given)
        self._exemplars = exemplars
        self.steps = Steps()

    @cached_property
    def leading(self) -> tuple[Ints, Floats]:
        """The fewest classes that hold 99.9 % of the weight, and their weights, which are rescaled
        to sum to one."""
        return self._summed.leading(LEADING_MASS, kernels(self._exemplars.shapes))

    @cached_property
    def representative(self) -> tuple[Ints, Floats]:
        """Classes and weights, which sum to one, that averages over all classes are taken of: the
        leading ones, or of many classes a sample (see SAMPLED)."""
        if len(self._exemplars) < RANKED_FROM:
            return self.leading
        return self._summed.sampled(kernels(self._exemplars.shapes))

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(self._exemplars, self.log_weights)

    @cached_property
    def pool(self) -> Pool | None:
        """Of very many classes a sample for averages after evidence."""
        if len(self._exemplars) < POOLED_FROM:
            return None
        return Pool.of(self._exemplars, self._summed.terms, self._summed.total)


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
        self.steps = Steps()

    @cached_property
    def log_weights(self) -> Floats:
        """(K,) normalised, of every class however little weight it has."""
        fast = kernels(self._exemplars.shapes)
        columns, likelihood = self._exemplars.columns, self._likelihood
        found = likelihood.times(self._before.log_weights, columns, likelihood.rows, fast)
        return _Sum.of(found, fast).normalised(found)

    @cached_property
    def leading(self) -> tuple[Ints, Floats]:
        """Classes that hold at least 99.9 % of the weight, and their weights, which are rescaled
        to sum to one.

        They are the fewest but for classes that were not looked at: those hold at most SLACK of
        the weight, and what is left out makes up for it.
        """
        first, summed = self._looked_at
        unseen = math.exp(first.beyond - summed.log_total)
        fast = kernels(self._exemplars.shapes)
        chosen, weights = summed.leading(LEADING_MASS * (1 + unseen), fast)
        return first.names(chosen), weights

    @cached_property
    def representative(self) -> tuple[Ints, Floats]:
        """As of `GivenWeights`, of a pool of the classes where many of that speak, and else of
        those that were looked at: all but SLACK of the weight."""
        if len(self._exemplars) < RANKED_FROM:
            return self.leading
        return self._pooled or self._of_those_looked_at

    @property
    def _of_those_looked_at(self) -> tuple[Ints, Floats]:
        first, summed = self._looked_at
        chosen, weights = summed.sampled(kernels(self._exemplars.shapes))
        return first.names(chosen), weights

    @property
    def _pooled(self) -> tuple[Ints, Floats] | None:
        """None where the pool may not tell."""
        pool, likelihood = self._before.pool, self._likelihood
        if pool is None:
            return None
        fast = kernels(self._exemplars.shapes)
        columns = pool.columns(likelihood.rows)
        found = likelihood.times_by_steps(
            pool.drawn, columns, likelihood.rows, fast, self._before.steps
        )
        summed = _Sum.of(found, fast)
        if not pool.backs(summed.terms, summed.log_total, SLACK):
            return None
        chosen, weights = summed.sampled(fast, SAMPLED_OF_POOL)
        return pool.drawn.names(chosen), weights

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(self._exemplars, self.log_weights)

    @property
    def pool(self) -> Pool | None:
        """None: a posterior is computed from the prior with all evidence, not from a posterior."""
        return None

    @cached_property
    def _looked_at(self) -> "tuple[First, _Sum]":
        """The classes that all but SLACK of the weight at most is among, and their sum."""
        ranking = self._before.ranking
        first = ranking.probe()
        summed = self._sum_of(first)
        enough = summed.log_total + math.log(SLACK)
        if first.beyond > enough:
            first = ranking.until(enough)
            summed = self._sum_of(first)
        return first, summed

    def _sum_of(self, first: First) -> "_Sum":
        fast, likelihood = kernels(self._exemplars.shapes), self._likelihood
        columns, places = self._before.ranking.columns(first, likelihood.rows)
        if len(first.log_weights) < _STEPPED_FROM:
            found = likelihood.times(first.log_weights, columns, places, fast)
        else:
            found = likelihood.times_by_steps(first, columns, places, fast, self._before.steps)
        return _Sum.of(found, fast)


@dataclass(frozen=True, eq=False)
class _Sum:
    """terms: (n,) of classes, exp(log-weight - highest), and their total."""

    highest: float
    total: float
    terms: AnyFloats

    @classmethod
    def of(cls, log_weights: Floats, fast: Kernels) -> "_Sum":
        highest = float(log_weights.max())
        if not np.isfinite(highest):
            raise ValueError("at least one class needs a finite log-weight")
        terms, total = fast.terms(log_weights, highest)
        return cls(highest, total, terms)

    @property
    def log_total(self) -> float:
        return self.highest + math.log(self.total)

    def leading(self, mass: float, fast: Kernels) -> tuple[Ints, Floats]:
        """The fewest classes that hold this share of the total, ascending, with their weights."""
        # Classes below (1 - mass) / n of the total cannot add up to what is left out.
        classes = np.flatnonzero(self.terms >= (1 - mass) / len(self.terms) * self.total)
        return fast.leading(classes, self.terms[classes].astype(np.float64) / self.total, mass)

    def sampled(self, fast: Kernels, most: int = SAMPLED) -> tuple[Ints, Floats]:
        """About `most` classes at most, ascending, with their weights."""
        classes, weights = fast.sample(self.terms, self.total / most)
        return classes, weights / weights.sum()

    def normalised(self, log_weights: Floats) -> Floats:
        """The log-weights (K,) whose sum this is, less its logarithm."""
        # In two steps: far from every class the highest is so large that log(total) would be lost.
        normal = log_weights - self.highest
        normal -= math.log(self.total)
        return normal
