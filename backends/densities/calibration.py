"""From what the network sees to a calibrated mixture: evidence for a shape prior.

Covariance of the evidence: D C D (see `deviations`). It meets the prior's, divided by
`prior_share`, and the product is widened by `widening` until the 95 % ellipses hold on images the
network was not trained on. A tempering of the evidence itself would be the same as these two.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landmark_annotator.backends.densities.observations import Observations
from landmark_annotator.backends.learning.deviations import (
    Deviations,
    fit_deviations,
    joint_covariance,
    whitened,
)
from landmark_annotator.backends.learning.tails import tails
from landmark_annotator.backends.shapes.conditioning import condition
from landmark_annotator.backends.shapes.fitting.gaussian_fit import (
    as_correlation,
    correlation_of_errors,
)
from landmark_annotator.backends.shapes.fusion import fuse, surprise
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.evidence import Evidence

_FOLDS = 10
"""At most; with fewer groups each is one."""
_FEWEST_GROUPS = 12
"""Held-out instances below which the prior's share is not chosen, but taken as it mostly is."""
_PRIOR_SHARES = (0.15, 0.3, 0.6, 1.0, 1.7, 3.0)
_CLICKS = 2
_OWN_ERROR = 0.7
"""Share of the variance in which a landmark mostly errs by itself."""
_USUAL_SHARE = 0.3
"""A prior that was fitted to few shapes is too sure of what it has not seen."""
_HELD_OUT_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Calibration:
    """correlation: (2L, 2L) of whitened errors; the others as the module says. degrees: of freedom
    of the landmarks' marginals, infinite where they are Gaussian; see `Posterior`.
    surprise_power: an image whose shape is far from the prior is one where the network errs more;
    its ellipses are widened by this power of its surprise."""

    deviations: Deviations
    correlation: Floats
    prior_share: float
    widening: float
    degrees: float
    surprise_power: float = 0.0

    def mixture(
        self, prior: ShapeMixture, points: Floats, spreads: Floats, scales: Floats
    ) -> ShapeMixture:
        """What is believed of one observation: points (L, 2), spreads (L, 2, 2), scales (L,)."""
        roots = self.deviations.roots(spreads, scales)
        covariance = joint_covariance(roots, self.correlation)
        wide = prior.with_residual(prior.residual / self.prior_share)
        fused = fuse(wide, points, covariance)
        unlikely = surprise(wide, points, covariance) ** self.surprise_power
        return fused.with_residual(fused.residual * self.widening * unlikely)


@dataclass(frozen=True, eq=False)
class Fold:
    """outside: (M,) numbers of the held-out observations of some groups. calibration: as if they
    were not there."""

    calibration: Calibration
    outside: Ints

    def but(self, **values: Any) -> "Fold":
        """With another calibration."""
        return replace(self, calibration=replace(self.calibration, **values))

    def sees(self, seen: Observations, prior: ShapeMixture) -> Iterator[ShapeMixture]:
        """What is believed of the observations outside, among all that were held out."""
        return _believed(self.calibration, seen.of(self.outside), prior)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """folds: each held-out observation is outside one of them. What they believe of it is what is
    believed of instances that nobody has labelled; `calibration`, for these, was fitted to it."""

    calibration: Calibration
    prior: ShapeMixture
    folds: Sequence[Fold]

    def believed(self, seen: Observations) -> Floats:
        """(N, L, 2) the mean shapes of what is believed of each held-out observation."""
        found = np.empty_like(seen.truths)
        for fold in self.folds:
            found[fold.outside] = [each.mean for each in fold.sees(seen, self.prior)]
        return found

    def of_each(self, boxes: int) -> list[Calibration]:
        """Of each held-out instance, seen in so many boxes, the one that was fitted without it."""
        found = np.empty(sum(len(fold.outside) for fold in self.folds), dtype=object)
        for fold in self.folds:
            found[fold.outside] = fold.calibration
        return list(found[::boxes])

    def errors_after_clicks(self, seen: Observations) -> Floats:
        """(N,) of each held-out observation the mean error after 0, 1 and 2 clicks at the worst
        landmark, added up: which is what a calibration is for."""
        return _errors_after_clicks(self.folds, seen, self.prior)


def calibrate(
    held_out: Observations,
    training: Observations,
    priors: Sequence[ShapeMixture],
    placed: float = 1.0,
) -> Calibrated:
    """The prior, and its share, with which held-out images need the fewest corrections, by
    cross-validation over groups, and the widening under which their 95 % ellipses hold.

    training: of training images. Their errors are too small, but there are many of them, so
    correlations come from both and deviations from the held-out ones alone. placed: of the
    landmarks, the share that people placed. The others are where an earlier model had them: what
    its errors have in common with those of this one is seen nowhere, so they do not count.
    """
    before_any = usual_correlation(priors[0].mean)
    usual = fit_deviations(training.spreads, training.scales, training.errors)
    common, own = _correlation(training, usual), placed * len(training.points)

    def fitted(seen: Observations) -> Calibration:
        deviations = fit_deviations(seen.spreads, seen.scales, seen.errors)
        groups = placed * len(np.unique(seen.groups))
        correlation = _mixed(common, _correlation(seen, deviations), own, groups, before_any)
        return Calibration(deviations, correlation, _USUAL_SHARE, 1.0, np.inf)

    chosen, prior = fitted(held_out), priors[0]
    folds = _folds(held_out, fitted)
    groups = len(np.unique(held_out.groups))
    if groups >= _FEWEST_GROUPS:
        tried = [(share, prior) for prior in priors for share in _PRIOR_SHARES]
        share, prior = min(tried, key=lambda pair: _error(folds, held_out, *pair))
        power = _surprise_power([fold.but(prior_share=share) for fold in folds], held_out, prior)
        chosen = replace(chosen, prior_share=share, surprise_power=power)
        folds = [fold.but(prior_share=share, surprise_power=power) for fold in folds]
    widening, degrees = tails(_squared(folds, held_out, prior), held_out.groups)
    chosen = replace(chosen, widening=widening, degrees=degrees)
    folds = [fold.but(widening=widening, degrees=degrees) for fold in folds]
    return Calibrated(chosen, prior, folds)


def usual_correlation(shape: Floats) -> Floats:
    """(2L, 2L) of errors as far as nobody has seen any: networks slide along contours and misjudge
    whole parts, so near landmarks err together, and each of them by itself too.

    shape: (L, 2) mean in the canonical frame.
    """
    return np.asarray(np.kron(correlation_of_errors(shape, _OWN_ERROR), np.eye(2)))


def _folds(seen: Observations, fitted: Callable[[Observations], Calibration]) -> list[Fold]:
    """Related observations are on one side; where all are of one group, that cannot be."""
    groups = np.unique(seen.groups)
    if len(groups) < 2:
        return [Fold(fitted(seen), np.arange(len(seen.points)))]
    count = min(_FOLDS, len(groups))
    found = []
    for first in range(count):
        outside = np.isin(seen.groups, groups[first::count])
        rest = seen.of(np.flatnonzero(~outside))
        found.append(Fold(fitted(rest), np.flatnonzero(outside)))
    return found


def _correlation(seen: Observations, deviations: Deviations) -> Floats:
    """(2L, 2L) of the errors, each in units of its own deviation."""
    errors = whitened(seen.errors, deviations.roots(seen.spreads, seen.scales))
    scatter = errors.T @ errors / len(errors)
    return as_correlation(scatter)


def _mixed(training: Floats, held_out: Floats, own: float, groups: float, usual: Floats) -> Floats:
    """From `own` training images and `groups` held-out ones: more of the held-out one the more
    they are. What is usual counts as many observations as there are coordinates: estimated from
    fewer than that, a correlation rules out most errors, and clicks then mend what was right."""
    share = _HELD_OUT_SHARE * groups / (groups + len(training) / 4)
    mixed = share * held_out + (1 - share) * training
    before = len(mixed) / (len(mixed) + own + groups)
    return np.asarray((1 - before) * mixed + before * usual)


def _believed(c: Calibration, seen: Observations, prior: ShapeMixture) -> Iterator[ShapeMixture]:
    for points, spreads, scales in zip(seen.points, seen.spreads, seen.scales, strict=True):
        yield c.mixture(prior, points, spreads, scales)


def _error(folds: Sequence[Fold], seen: Observations, share: float, prior: ShapeMixture) -> float:
    tried = [fold.but(prior_share=share) for fold in folds]
    return float(_errors_after_clicks(tried, seen, prior).sum())


def _errors_after_clicks(folds: Sequence[Fold], seen: Observations, prior: ShapeMixture) -> Floats:
    """See `Calibrated`."""
    found = np.empty(len(seen.points))
    for fold in folds:
        for number, belief in zip(fold.outside, fold.sees(seen, prior), strict=True):
            truth, clicks = seen.truths[number], list[Evidence]()
            total = 0.0
            for _ in range(_CLICKS + 1):
                errors = np.linalg.norm(condition(belief, clicks).mean - truth, axis=1)
                errors[[click.landmark for click in clicks]] = 0.0
                total += float(np.nanmean(errors))
                worst = int(np.nanargmax(errors))
                clicks.append(Evidence.click(worst, truth[worst], CLICK_DEVIATION))
            found[number] = total
    return found


def _squared_distances(belief: ShapeMixture, truth: Floats) -> Floats:
    """Of the known landmarks from their means, in units of their ellipses."""
    offset = truth - belief.mean
    solved = np.linalg.solve(belief.landmark_covariances, offset[..., None])[..., 0]
    squared = (offset * solved).sum(axis=1)
    return np.asarray(squared[np.isfinite(squared)])


def _squared(folds: Sequence[Fold], seen: Observations, prior: ShapeMixture) -> list[Floats]:
    """Of the known landmarks of each observation."""
    found = [np.empty(0)] * len(seen.points)
    for fold in folds:
        for number, belief in zip(fold.outside, fold.sees(seen, prior), strict=True):
            found[number] = _squared_distances(belief, seen.truths[number])
    return found


def _surprise_power(folds: Sequence[Fold], seen: Observations, prior: ShapeMixture) -> float:
    """The slope of the log of an image's mean squared error, in units of its ellipses, on the log
    of its surprise."""
    surprises, means = list[float](), list[float]()
    for fold in folds:
        c, own = fold.calibration, seen.of(fold.outside)
        wide = prior.with_residual(prior.residual / c.prior_share)
        roots = c.deviations.roots(own.spreads, own.scales)
        surprises += [
            surprise(wide, points, joint_covariance(root, c.correlation))
            for points, root in zip(own.points, roots, strict=True)
        ]
        means += [
            float(_squared_distances(belief, truth).mean())
            for belief, truth in zip(fold.sees(seen, prior), own.truths, strict=True)
        ]
    across, up = np.log(surprises), np.log(means)
    slope = float(np.cov(across, up)[0, 1] / max(float(np.var(across)), 1e-9))
    return min(max(slope, 0.0), 1.0)
