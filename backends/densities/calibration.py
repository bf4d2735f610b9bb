"""From what the network sees to a calibrated mixture: evidence for a shape prior.

Covariance of the evidence: D C D (see `deviations`). It meets the prior's, divided by
`prior_share`, and the product is widened by `widening` until the 95 % ellipses hold on images the
network was not trained on. A tempering of the evidence itself would be the same as these two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
from landmark_annotator.backends.shapes.fusion import fuse, surprise
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.evidence import Evidence

_FOLDS = 4
_FEWEST_GROUPS = 12
"""Held-out instances below which the prior's share is not chosen, but taken as it mostly is."""
_PRIOR_SHARES = (0.15, 0.3, 0.6, 1.0, 1.7, 3.0)
_CLICKS = 2
_USUAL_SHARE = 1.0
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
        wide = ShapeMixture(prior.log_weights, prior.exemplars, prior.residual / self.prior_share)
        fused = fuse(wide, points, covariance)
        unlikely = surprise(wide, points, covariance) ** self.surprise_power
        return ShapeMixture(
            fused.log_weights, fused.exemplars, fused.residual * self.widening * unlikely
        )


def calibrate(
    held_out: Observations,
    training: Observations,
    priors: Sequence[ShapeMixture],
    known: Floats | None = None,
) -> tuple[Calibration, ShapeMixture]:
    """The prior, and its share, with which held-out images need the fewest corrections, by
    cross-validation, and the widening under which their 95 % ellipses hold.

    training: of training images. Their errors are too small, but there are many of them, so
    correlations come from both and deviations from the held-out ones alone. known: (2L, 2L) the
    correlation of another model of the same landmarks, which few observations are to refine; None
    takes errors to be independent as far as few observations cannot tell.
    """
    known = np.eye(2 * held_out.points.shape[1]) if known is None else known
    deviations = fit_deviations(held_out.spreads, held_out.scales, held_out.errors)
    common = _correlation(training)
    groups = np.unique(held_out.groups)
    own = len(training.points)
    correlation = _mixed(common, _correlation(held_out), own, len(groups), known)
    usual = Calibration(deviations, correlation, _USUAL_SHARE, 1.0, np.inf)
    if len(groups) < _FEWEST_GROUPS:
        widening, degrees = tails(_squared(usual, held_out, priors[0]), len(groups))
        return replace(usual, widening=widening, degrees=degrees), priors[0]

    folds = list(_folds(held_out, groups))
    parts = [_mixed(common, _correlation(rest), own, len(groups), known) for rest, _ in folds]

    def error(share: float, prior: ShapeMixture) -> float:
        tried = [replace(usual, correlation=part, prior_share=share) for part in parts]
        return sum(
            float(errors_after_clicks(each, outside, prior).sum())
            for each, (_, outside) in zip(tried, folds, strict=True)
        )

    tried = [(share, prior) for prior in priors for share in _PRIOR_SHARES]
    share, prior = min(tried, key=lambda pair: error(*pair))
    chosen = replace(usual, prior_share=share)
    chosen = replace(chosen, surprise_power=_surprise_power(chosen, held_out, prior))
    squared = [
        _squared(replace(chosen, correlation=part), outside, prior)
        for part, (_, outside) in zip(parts, folds, strict=True)
    ]
    widening, degrees = tails(np.concatenate(squared), len(groups))
    return replace(chosen, widening=widening, degrees=degrees), prior


def believed_of(calibration: Calibration, prior: ShapeMixture, seen: Observations) -> Floats:
    """(N, L, 2) the mean shapes of what is believed of each observation."""
    return np.stack([each.mean for each in _believed(calibration, seen, prior)])


def _folds(seen: Observations, groups: Ints) -> Iterator[tuple[Observations, Observations]]:
    """Pairs of (all the others, one fold), split by instance."""
    for fold in range(_FOLDS):
        outside = np.isin(seen.groups, groups[fold::_FOLDS])
        yield seen.of(np.flatnonzero(~outside)), seen.of(np.flatnonzero(outside))


def _correlation(seen: Observations) -> Floats:
    """(2L, 2L) of the errors, each in units of its own deviation."""
    own = fit_deviations(seen.spreads, seen.scales, seen.errors)
    errors = whitened(seen.errors, own.roots(seen.spreads, seen.scales))
    scatter = errors.T @ errors / len(errors)
    scale = np.sqrt(np.maximum(np.diag(scatter), 1e-9))
    return np.asarray(scatter / np.outer(scale, scale))


def _mixed(training: Floats, held_out: Floats, own: int, groups: int, known: Floats) -> Floats:
    """From `own` training images and `groups` held-out ones: more of the held-out one the more
    they are. What was known counts as many observations as there are coordinates: estimated from
    fewer than that, a correlation rules out most errors, and clicks then mend what was right."""
    share = _HELD_OUT_SHARE * groups / (groups + len(training) / 4)
    mixed = share * held_out + (1 - share) * training
    before = len(mixed) / (len(mixed) + own + groups)
    return np.asarray((1 - before) * mixed + before * known)


def _believed(c: Calibration, seen: Observations, prior: ShapeMixture) -> Iterator[ShapeMixture]:
    for points, spreads, scales in zip(seen.points, seen.spreads, seen.scales, strict=True):
        yield c.mixture(prior, points, spreads, scales)


def errors_after_clicks(
    calibration: Calibration, seen: Observations, prior: ShapeMixture
) -> Floats:
    """(N,) of each observation the mean error after 0, 1 and 2 clicks at the worst landmark, added
    up: which is what a calibration is for."""
    found = []
    for belief, truth in zip(_believed(calibration, seen, prior), seen.truths, strict=True):
        total, clicks = 0.0, list[Evidence]()
        for _ in range(_CLICKS + 1):
            errors = np.linalg.norm(condition(belief, clicks).mean - truth, axis=1)
            errors[[click.landmark for click in clicks]] = 0.0
            total += float(np.nanmean(errors))
            worst = int(np.nanargmax(errors))
            clicks.append(Evidence.click(worst, truth[worst], CLICK_DEVIATION))
        found.append(total)
    return np.array(found)


def _squared(calibration: Calibration, seen: Observations, prior: ShapeMixture) -> Floats:
    """Squared distances of all known landmarks from their means, in units of their ellipses."""
    found = []
    for belief, truth in zip(_believed(calibration, seen, prior), seen.truths, strict=True):
        offset = truth - belief.mean
        solved = np.linalg.solve(belief.landmark_covariances, offset[..., None])[..., 0]
        found.append((offset * solved).sum(axis=1))
    squared = np.concatenate(found)
    return np.asarray(squared[np.isfinite(squared)])


def _surprise_power(calibration: Calibration, seen: Observations, prior: ShapeMixture) -> float:
    """The slope of the log of an image's mean squared error, in units of its ellipses, on the log
    of its surprise."""
    wide = ShapeMixture(
        prior.log_weights, prior.exemplars, prior.residual / calibration.prior_share
    )
    roots = calibration.deviations.roots(seen.spreads, seen.scales)
    surprises = [
        surprise(wide, points, joint_covariance(root, calibration.correlation))
        for points, root in zip(seen.points, roots, strict=True)
    ]
    means = [
        float(_squared(calibration, seen.of(np.array([i])), prior).mean())
        for i in range(len(seen.points))
    ]
    across, up = np.log(surprises), np.log(means)
    slope = float(np.cov(across, up)[0, 1] / max(float(np.var(across)), 1e-9))
    return min(max(slope, 0.0), 1.0)
