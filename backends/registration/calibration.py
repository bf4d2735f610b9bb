"""How far to trust what is seen, learned from the labelled images against each other.

Each is looked at as if it had no label, in a box as a hand draws it, by what the others teach. An
image in which that fails says little of the others, so each has a factor of its own. Where there
is but one label, wide assumptions stand in, in units of what shapes vary by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.learning.deviations import (
    Deviations,
    fit_deviations,
    joint_covariance,
    whitened,
)
from landmark_annotator.backends.registration.coverage import (
    Residuals,
    ellipse_scale,
    fit_coverage,
    shortfall,
)
from landmark_annotator.backends.registration.odd_landmarks import OddLandmarks
from landmark_annotator.backends.registration.reliability import Reliability, fit_reliability, signs
from landmark_annotator.backends.registration.search import Observation
from landmark_annotator.backends.shapes.conditioning import condition
from landmark_annotator.backends.shapes.fitting.gaussian_fit import as_correlation, correlation_of
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION, Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence

_SHARES = (0.03, 0.1, 0.3, 1.0)
"""Of the variance of what is seen, with which it meets the prior: nearly none leaves the prior no
say in most images."""
_FOLDS = 4
CLICKS = 2
_TOGETHER = 0.5
_TRIED_TOGETHER = (0.0, 0.2, 0.4, 0.6, 0.8, 0.95)


@dataclass(frozen=True, eq=False)
class Look:
    """At a labelled image by the others.

    truth: (L, 2) in the frame of the box of what was observed, NaN where unknown. doubt: (L,)
    variance along each axis of what a model has placed. prior: of the others, in that frame.
    rival: what that prior alone proposes. gain: as of `Observation`. astray: how far landmarks are
    from there, on average and in sides of that box, where it seems to lie another way; no further
    than by that prior: either costs one click.
    """

    observation: Observation
    truth: Floats
    doubt: Floats
    prior: ShapeMixture
    rival: Proposal
    gain: float | None = None
    astray: float = 0.0

    def by(self, prior: ShapeMixture) -> "Look":
        """The same with another prior."""
        return replace(self, prior=prior)

    @property
    def errors(self) -> Floats:
        """(L, 2) as long as they are expected to be, where the label is in doubt itself."""
        error = self.truth - self.observation.points
        squared = (error**2).sum(axis=1)
        longer = np.sqrt(1 + 2 * self.doubt / np.maximum(squared, 1e-12))
        return np.asarray(error * longer[:, None])


@dataclass(frozen=True, eq=False)
class Trust:
    """The covariance of what is seen is D C D (`landmark_annotator.backends.learning.deviations`),
    times a factor of the image. The mean is where that, times `share`, and the prior leave it. What
    is believed to be left is the error of that mean, were the covariance `width` times as large;
    its marginals have so many `degrees` of freedom, and are as `wide` as it takes."""

    deviations: Deviations
    correlation: Floats
    reliability: Reliability | None
    share: float
    width: float
    degrees: float
    wide: float = 1.0
    odd: OddLandmarks | None = None

    def mixture(self, prior: ShapeMixture, observation: Observation) -> ShapeMixture:
        """What is believed after one observation, in the frame of its box. One class."""
        return self.believed(
            _meeting(prior, observation, self.seen(prior, observation), self.share)
        )

    def alone(self, prior: ShapeMixture, observation: Observation) -> ShapeMixture:
        """What is seen; the prior says but how far to trust it."""
        covariance = self.width * self.seen(prior, observation).covariance
        residual = self.wide * ellipse_scale(self.degrees) * covariance
        return ShapeMixture(np.zeros(1), observation.points[None], residual)

    def believed(self, meeting: "Meeting") -> ShapeMixture:
        covariance = self.width * meeting.seen + meeting.prior
        residual = self.wide * ellipse_scale(self.degrees) * covariance
        return ShapeMixture(np.zeros(1), meeting.mean[None], residual)

    def seen(self, prior: ShapeMixture, observation: Observation) -> "Seen":
        """How far to trust what is seen in this image."""
        usual = self.usual(observation)
        if self.reliability is None:
            return Seen(usual, 1.0)
        factor = self.reliability.factor(signs(prior, observation, usual))
        return Seen(factor * usual, max(factor, 1.0))

    def usual(self, observation: Observation) -> Floats:
        """(2L, 2L) in most images."""
        return joint_covariance(self.roots(observation), self.correlation)

    def roots(self, observation: Observation) -> Floats:
        """(L, 2, 2) of each landmark's own covariance in most images."""
        roots = self.deviations.roots(observation.spreads, observation.scales)
        if self.odd is None:
            return roots
        return np.asarray(roots * np.sqrt(self.odd.factors(observation))[:, None, None])


@dataclass(frozen=True, eq=False)
class Seen:
    """covariance: (2L, 2L) of what is seen in an image. strange: how much larger than in most, if
    it is; so much less is the prior trusted there too, in what is told and not in where both meet.
    What looks like no labelled image mostly shows a pose that none of these has, and the prior of
    labelled ones that are alike, as frames that follow each other, is sure of theirs."""

    covariance: Floats
    strange: float


@dataclass(frozen=True, eq=False)
class Meeting:
    """Where what is seen and the prior meet: the mean (L, 2), and the covariances (2L, 2L) of its
    errors by either. For a gain K they are K V K' and (1 - K) S (1 - K)', as in Joseph's form of
    the Kalman filter, which holds for any gain."""

    mean: Floats
    seen: Floats
    prior: Floats


def _meeting(prior: ShapeMixture, observation: Observation, by: Seen, share: float) -> Meeting:
    spread, seen = prior.residual, by.covariance
    gain = np.linalg.solve(spread + share * seen, spread).T
    start = prior.mean.ravel()
    mean = start + gain @ (observation.points.ravel() - start)
    # This gain is the best one for `share` times what is seen, of which V K' is what both leave.
    both = seen @ gain.T
    own = gain @ both
    left = np.asarray(by.strange * share * (both - own))
    return Meeting(mean.reshape(-1, 2), np.asarray(own), left)


def calibrate(looks: Sequence[Look], prior: ShapeMixture) -> tuple[Trust, Floats]:
    """From at least one look. Also the costs (N,) of the looks by what the others teach, see
    `cost`."""
    correlations = Correlations.of(prior)
    odd = OddLandmarks.of([look.observation for look in looks])
    lengths = np.array([np.nanmean(look.errors**2) for look in looks])
    even = _fitted(looks, lengths / np.median(lengths), correlations, odd)
    odd = _learned(even, looks)
    even = replace(even, odd=odd)
    seen = [signs(look.prior, look.observation, even.usual(look.observation)) for look in looks]
    reliability, factors = fit_reliability(seen, _sizes(even, looks))
    trust = replace(_fitted(looks, factors, correlations, odd), reliability=reliability)
    by_others = [trust] * len(looks)
    folds = min(_FOLDS, len(looks))
    for fold in range(folds if folds > 1 else 0):
        rest = [i for i in range(len(looks)) if i % folds != fold]
        other = _fitted([looks[i] for i in rest], factors[rest], correlations, odd)
        for i in range(fold, len(looks), folds):
            by_others[i] = replace(other, reliability=reliability)
    trusted = [
        each.seen(look.prior, look.observation) for each, look in zip(by_others, looks, strict=True)
    ]
    tried = []
    for share in _SHARES:
        meetings = [
            _meeting(look.prior, look.observation, by, share)
            for look, by in zip(looks, trusted, strict=True)
        ]
        residuals = [_residuals(each, look) for each, look in zip(meetings, looks, strict=True)]
        width, degrees = fit_coverage(residuals)
        wide = shortfall(residuals, width, degrees)
        shared = replace(trust, share=share, width=width, degrees=degrees, wide=wide)
        costs = np.array(
            [cost(shared.believed(m), look) for m, look in zip(meetings, looks, strict=True)]
        )
        tried.append((costs, shared))
    costs, best = min(tried, key=lambda each: float(each[0].mean()))
    return best, costs


def cost(belief: ShapeMixture, look: Look) -> float:
    """The mean error after 0, 1 and 2 clicks on the worst landmark: what it is for."""
    clicks: list[Evidence] = []
    total = look.astray / (CLICKS + 1)  # the first one settles how it lies
    for _ in range(CLICKS + 1):
        errors = np.linalg.norm(condition(belief, clicks).mean - look.truth, axis=1)
        errors[[click.landmark for click in clicks]] = 0.0
        total += float(np.nanmean(errors)) / (CLICKS + 1)
        worst = int(np.nanargmax(errors))
        clicks.append(Evidence.click(worst, look.truth[worst], CLICK_DEVIATION))
    return total


@dataclass(frozen=True, eq=False)
class Correlations:
    """Between the errors of neighbours. values (L,) and vectors (L, L) of their nearness."""

    values: Floats
    vectors: Floats

    @classmethod
    def of(cls, prior: ShapeMixture) -> "Correlations":
        return cls(*np.linalg.eigh(correlation_of(prior.mean)))

    def assumed(self, together: float) -> Floats:
        """(2L, 2L) neighbours are wrong together, in this share of their errors' variance."""
        values = together * self.values + 1 - together
        return np.asarray(np.kron((self.vectors * values) @ self.vectors.T, np.eye(2)))

    def fitted(self, errors: Floats) -> Floats:
        """(2L, 2L) of whitened errors (N, 2L): how much neighbours are wrong together is learned
        from few, the rest the more of it the more looks there are to the number of coordinates."""
        count, size = errors.shape
        squared = ((errors.reshape(count, -1, 2).swapaxes(1, 2) @ self.vectors) ** 2).sum((0, 1))

        def unlikely(share: float) -> float:
            values = np.maximum(share * self.values + 1 - share, 1e-6)
            return float((squared / values + 2 * count * np.log(values)).sum())

        together = min(_TRIED_TOGETHER, key=unlikely)
        assumed = self.assumed((count * together + _TOGETHER) / (count + 1))
        scatter = errors.T @ errors / count
        own = count / (count + size)
        return np.asarray(own * as_correlation(scatter) + (1 - own) * assumed)


def _fitted(
    looks: Sequence[Look], factors: Floats, correlations: Correlations, odd: OddLandmarks
) -> Trust:
    """The usual errors, where squared ones of each image are its factor (N,) times as large, and
    those of odd landmarks as much more."""
    spreads = np.stack([look.observation.spreads for look in looks])
    scales = np.stack([look.observation.scales for look in looks])
    larger = factors[:, None] * np.stack([odd.factors(look.observation) for look in looks])
    errors = np.stack([look.errors for look in looks]) / np.sqrt(larger)[..., None]
    deviations = fit_deviations(spreads, scales, errors)
    alone = whitened(errors, deviations.roots(spreads, scales))
    return Trust(deviations, correlations.fitted(alone), None, 1.0, 1.0, np.inf, odd=odd)


def _learned(even: Trust, looks: Sequence[Look]) -> OddLandmarks:
    """See `OddLandmarks`. even: as by the usual slope."""
    assert even.odd is not None
    squared = _squared(replace(even, odd=None), looks)
    squared /= np.nanmedian(squared, axis=1, keepdims=True)
    return even.odd.learned(np.stack([even.odd.signs(look.observation) for look in looks]), squared)


def _squared(trust: Trust, looks: Sequence[Look]) -> Floats:
    """(N, L) squares of the errors in units of what is usual, on average over both axes; NaN where
    the truth is unknown."""
    found = []
    for look in looks:
        errors = look.errors
        own = whitened(errors[None], trust.roots(look.observation)).reshape(-1, 2)
        found.append(np.where(np.isfinite(errors[:, 0]), (own**2).mean(axis=1), np.nan))
    return np.stack(found)


def _sizes(trust: Trust, looks: Sequence[Look]) -> Floats:
    """(N,) mean squares of the errors in units of what is usual."""
    return np.asarray(np.nanmean(_squared(trust, looks), axis=1))


def _residuals(meeting: Meeting, look: Look) -> Residuals:
    errors = look.truth - meeting.mean
    known = np.isfinite(errors[:, 0])
    doubt = look.doubt[:, None, None] * np.eye(2)
    return Residuals(errors[known], _own(meeting.seen)[known], (_own(meeting.prior) + doubt)[known])


def _own(covariance: Floats) -> Floats:
    """(L, 2, 2) of each landmark, from (2L, 2L)."""
    size = len(covariance) // 2
    return np.asarray(np.einsum("iaib->iab", covariance.reshape(size, 2, size, 2)))
