"""How far to trust what is seen, learned from the labelled images against each other.

Each is looked at as if it had no label, in a box as a hand draws it, by what the others teach.
Where there is but one, or few, wide assumptions stand in, in units of what shapes vary by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from backends.learning.deviations import (
    Deviations,
    fit_deviations,
    joint_covariance,
    whitened,
)
from backends.learning.tails import tails
from backends.registration.search import Observation
from backends.shapes.conditioning import condition
from backends.shapes.fitting.gaussian_fit import correlation_of
from backends.shapes.fusion import fuse
from backends.shapes.mixture import ShapeMixture
from backends.shapes.proposal import CLICK_DEVIATION, Proposal
from projects.vocabulary.arrays import Floats
from projects.vocabulary.evidence import Evidence

_SHARES = (0.3, 1.0, 3.0)
_FEWEST_LOOKS = 6
"""Below that nothing can be chosen by cross-validation."""
_CLICKS = 2
_TOGETHER = 0.5
_TRIED_TOGETHER = (0.0, 0.2, 0.4, 0.6, 0.8, 0.95)
_UNTRIED = 0.5
"""With one label: what is seen is off by this share of what shapes vary by."""
_UNTRIED_WIDENING, _UNTRIED_DEGREES = 1.5, 4.0


@dataclass(frozen=True, eq=False)
class Look:
    """At a labelled image by the others.

    truth: (L, 2) in the frame of the box of what was observed, NaN where unknown. doubt: (L,)
    variance along each axis of what a model has placed. prior: of the others, in that frame.
    rival: what that prior alone proposes.
    """

    observation: Observation
    truth: Floats
    doubt: Floats
    prior: ShapeMixture
    rival: Proposal

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
    """The covariance of what is seen is D C D (`backends.learning.deviations`). It meets the
    prior's over `prior_share`; the product is widened by `widening`, and its marginals have so many
    `degrees` of freedom."""

    deviations: Deviations
    correlation: Floats
    prior_share: float
    widening: float
    degrees: float

    def mixture(self, prior: ShapeMixture, observation: Observation) -> ShapeMixture:
        """What is believed after one observation, in the frame of its box."""
        covariance = self._covariance(observation)
        wide = ShapeMixture(prior.log_weights, prior.exemplars, prior.residual / self.prior_share)
        fused = fuse(wide, observation.points, covariance)
        return ShapeMixture(fused.log_weights, fused.exemplars, fused.residual * self.widening)

    def alone(self, observation: Observation) -> ShapeMixture:
        """What is seen, without the prior."""
        return ShapeMixture(np.zeros(1), observation.points[None], self._covariance(observation))

    def _covariance(self, observation: Observation) -> Floats:
        """(2L, 2L)."""
        roots = self.deviations.roots(observation.spreads, observation.scales)
        return joint_covariance(roots, self.correlation)


def untried(prior: ShapeMixture) -> Trust:
    """With one label there is nothing to try it on."""
    variances = np.trace(prior.landmark_covariances, axis1=1, axis2=2) / 2
    floor = _UNTRIED * float(np.sqrt(variances.mean()))
    deviations = Deviations(np.ones(3), np.ones(prior.size), floor)
    return Trust(deviations, _assumed(prior, _TOGETHER), 1.0, _UNTRIED_WIDENING, _UNTRIED_DEGREES)


def calibrate(looks: Sequence[Look], prior: ShapeMixture) -> Trust:
    """From at least one look."""
    spreads = np.stack([look.observation.spreads for look in looks])
    scales = np.stack([look.observation.scales for look in looks])
    errors = np.stack([look.errors for look in looks])
    deviations = fit_deviations(spreads, scales, errors)
    alone = whitened(errors, deviations.roots(spreads, scales))
    usual = Trust(deviations, _correlation(alone, prior), 1.0, 1.0, np.inf)
    if len(looks) >= _FEWEST_LOOKS:
        usual = min(
            (replace(usual, prior_share=share) for share in _SHARES),
            key=lambda trust: sum(_cost(trust, look) for look in looks),
        )
    widening, degrees = tails(np.concatenate([_squared(usual, look) for look in looks]), len(looks))
    return replace(usual, widening=widening, degrees=degrees)


def _assumed(prior: ShapeMixture, together: float) -> Floats:
    """(2L, 2L) neighbours are wrong together, in this share of their errors' variance."""
    kernel = correlation_of(prior.mean)
    return np.asarray(np.kron(together * kernel + (1 - together) * np.eye(prior.size), np.eye(2)))


def _correlation(errors: Floats, prior: ShapeMixture) -> Floats:
    """Of whitened errors (N, 2L): how much neighbours are wrong together is learned from few, the
    rest the more of it the more looks there are to the number of coordinates."""
    count, size = errors.shape
    together = max(_TRIED_TOGETHER, key=lambda share: _likelihood(errors, _assumed(prior, share)))
    assumed = _assumed(prior, (count * together + _TOGETHER) / (count + 1))
    scatter = errors.T @ errors / count
    scale = np.sqrt(np.maximum(np.diag(scatter), 1e-9))
    own = count / (count + size)
    return np.asarray(own * scatter / np.outer(scale, scale) + (1 - own) * assumed)


def _likelihood(errors: Floats, correlation: Floats) -> float:
    values, vectors = np.linalg.eigh(correlation)
    values = np.maximum(values, 1e-6)
    along = (errors @ vectors) ** 2 / values
    return -float(along.sum() + len(errors) * np.log(values).sum())


def _cost(trust: Trust, look: Look) -> float:
    """The mean error after 0, 1 and 2 clicks on the worst landmark: what it is for."""
    belief = trust.mixture(look.prior, look.observation)
    clicks: list[Evidence] = []
    total = 0.0
    for _ in range(_CLICKS + 1):
        errors = np.linalg.norm(condition(belief, clicks).mean - look.truth, axis=1)
        errors[[click.landmark for click in clicks]] = 0.0
        total += float(np.nanmean(errors))
        worst = int(np.nanargmax(errors))
        clicks.append(Evidence.click(worst, look.truth[worst], CLICK_DEVIATION))
    return total


def _squared(trust: Trust, look: Look) -> Floats:
    """Squared distances of the known landmarks in units of their ellipses."""
    belief = trust.mixture(look.prior, look.observation)
    offset = look.truth - belief.mean
    covariances = belief.landmark_covariances
    solved = np.linalg.solve(covariances, offset[..., None])[..., 0]
    doubt = look.doubt * np.trace(np.linalg.inv(covariances), axis1=1, axis2=2)
    squared = (offset * solved).sum(axis=1) + doubt
    return np.asarray(squared[np.isfinite(squared)])
