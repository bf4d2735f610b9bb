"""What accepted shapes say of the proposals that were made for them, before any click.

A landmark that a person placed says exactly how far the proposal was off. One that she let pass
says only that it was near enough to pass: its truth is taken to lie where the posterior of her
clicks has it, spread as that posterior says, and on average no farther off than labels are that
people let pass. Taken for the truth itself, labels would draw every ellipse together, for most of a
label is the proposal; counted by the clicks alone, they would blow it up, for people click what is
wrong. So a shape that was accepted without a click says that little was off, and nothing else.

Widening and tails are those quantiles of the standardised errors at which 68 and 95 % lie, as in
`landmark_annotator.backends.learning.tails`, of the shapes mixed with `_BEFORE` shapes that are
just as the proposal says: shrinkage towards no change. All shapes of one group count as one.

Where it errs: a shape that has a click has it on its worst landmark, and what that one drags along
is taken for error of its neighbours. Where a hundred others have no click, nothing pulls back but
the shapes as proposed, and ellipses that held become too wide (189 points: 81 % inside the 68 %
ellipse, 71 before). To believe of unclicked landmarks no more than that they were nearer than the
worst that was put right mends that and spoils what holds now (faces of another source: 77 %).
"""

import math
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.metrics.calibration import t_quantile
from landmark_annotator.backends.shapes.recalibration import NO_CHANGE, Recalibration
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

FEWEST_GROUPS = 5
"""Below so many nothing is changed."""
_BEFORE = 4.0
"""Shapes as proposed, before any is seen."""
_STANDARD_ERRORS = 2.0
"""By how many of its own standard errors a shift has to help the shapes that it is not from."""
_POINTS = 64
_ROUNDS = 15
_SETTLED = 0.01
_LEVELS = (np.arange(200) + 0.5) / 200
_TRIED_DEGREES = np.geomspace(2.5, 200, 60)


@dataclass(frozen=True, eq=False)
class Judged:
    """N proposals as their model made them, and the shapes that people then accepted.

    points, labels: (N, L, 2) image pixels, labels NaN where nobody vouches for them. covariances:
    (N, L, 2, 2) squared pixels. doubts: (N, L, 2, 2) covariances of the labels, zero where a person
    placed the landmark. let_pass: (N,) pixels by which landmarks that people let pass are off on
    average. axes: (N, 2, 2) the axes of the box in pixels, as columns: frame to image. groups:
    (N,) ints. degrees: of the proposals.
    """

    points: Floats
    covariances: Floats
    labels: Floats
    doubts: Floats
    let_pass: Floats
    axes: Floats
    groups: Ints
    degrees: float = math.inf


def fit_recalibration(judged: Judged) -> Recalibration:
    """`NO_CHANGE` from fewer than FEWEST_GROUPS."""
    _, groups, sizes = np.unique(judged.groups, return_inverse=True, return_counts=True)
    if len(sizes) < FEWEST_GROUPS:
        return NO_CHANGE
    weights = 1.0 / sizes[groups]
    errors = judged.labels - judged.points
    framed = np.einsum("nab,nlb->nla", np.linalg.inv(judged.axes), errors)
    shift, without = _shift(framed, groups, weights)
    if shift is not None:
        # Each shape is judged by what the others say of the shift.
        errors = errors - np.einsum("nab,nlb->nla", judged.axes, without)
    widening, degrees = _tails(judged, errors, weights)
    return Recalibration(widening, degrees, shift, len(judged.points), len(sizes))


def _shift(framed: Floats, groups: Ints, weights: Floats) -> tuple[Floats | None, Floats]:
    """(L, 2) by which landmarks are to be moved, None where that does not clearly help; and for
    each of the N shapes the same from all groups but its own. framed: (N, L, 2)."""
    known = np.isfinite(framed[..., :1])
    clean = np.where(known, framed, 0.0)
    # What went wrong as a whole says nothing of a habit: it counts no more than the usual error.
    sizes = np.sqrt((clean**2).sum(axis=(1, 2)) / np.maximum(known.sum(axis=(1, 2)), 1))
    usual = float(np.median(sizes))
    weights = weights * np.where(sizes > usual, usual / np.maximum(sizes, 1e-12), 1.0)
    count = int(groups.max()) + 1
    sums = np.zeros((count, *framed.shape[1:]))
    seen = np.zeros((count, framed.shape[1], 1))
    np.add.at(sums, groups, clean * weights[:, None, None])
    np.add.at(seen, groups, known * weights[:, None, None])
    all_sum, all_seen = sums.sum(axis=0), seen.sum(axis=0)
    others = (all_sum - sums) / np.maximum(all_seen - seen, 1e-9)
    agreeing = (sums * others).sum(axis=(1, 2))
    strength = (others**2 * (seen > 0)).sum(axis=(1, 2))
    spread = math.sqrt(count) * float(agreeing.std(ddof=1))
    if agreeing.sum() <= _STANDARD_ERRORS * spread or strength.sum() <= 0:
        return None, np.zeros_like(framed)
    share = min(float(agreeing.sum() / strength.sum()), 1.0) * count / (count + _BEFORE)
    return share * all_sum / np.maximum(all_seen, 1e-9), share * others[groups]


def _tails(judged: Judged, errors: Floats, weights: Floats) -> tuple[float, float]:
    """Widening of the covariances, and degrees of freedom. errors: (N, L, 2) of labels."""
    known = np.isfinite(errors[..., 0]) & np.isfinite(judged.doubts[..., 0, 0])
    shapes = np.nonzero(known)[0]
    errors, inverse = errors[known], np.linalg.inv(judged.covariances[known])
    roots = _roots(judged.doubts[known])
    offsets = np.einsum("mij,msj->msi", roots, _believed_points(len(errors), judged.degrees))
    far = np.linalg.norm(offsets, axis=2)
    usual = far.mean(axis=1)
    passed = usual > 0
    sums = np.bincount(shapes, usual, len(weights))
    left = sums / np.maximum(np.bincount(shapes, passed, len(weights)), 1)
    # Of each shape: what people let pass, in what its posterior says of its errors.
    most = judged.let_pass / np.maximum(left, 1e-12)
    per_shape = np.bincount(shapes, minlength=len(weights))
    share = (weights[shapes] / per_shape[shapes])[:, None]
    before = _believed(_LEVELS, judged.degrees)
    before_share = np.full(len(before), _BEFORE / len(before))
    own = np.broadcast_to(share / _POINTS, far.shape)
    widening, values, parts = 1.0, before, np.concatenate([own.ravel(), before_share])
    for _ in range(_ROUNDS):
        # What the clicks leave open is as wide as the proposal is.
        scale = np.minimum(math.sqrt(widening), most)[shapes][:, None, None]
        off = errors[:, None] + scale * offsets
        squared = np.einsum("msi,mij,msj->ms", off, inverse, off)
        values = np.concatenate([squared.ravel(), before])
        wider = _quantile(values, parts, 0.95) / t_quantile(0.95, math.inf)
        done = abs(math.log(wider / widening)) < _SETTLED
        widening = wider
        if done:
            break
    ratio = _quantile(values, parts, 0.95) / _quantile(values, parts, 0.68)
    return widening, _degrees(ratio)


def _roots(covariances: Floats) -> Floats:
    """(..., 2, 2) whose squares are these, which may be zero."""
    values, vectors = np.linalg.eigh(covariances)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0))[..., None, :])


def _believed_points(count: int, degrees: float) -> Floats:
    """(count, S, 2) that stand for what a proposal believes, in roots of its covariance, the middle
    one first: spirals of points of equal mass, out into the tails. Each spiral lies between the
    others, or their quantiles would be those of S points."""
    number = np.arange(_POINTS)
    golden = (math.sqrt(5) - 1) / 2
    inside = np.arange(count)[:, None] * golden % 1.0
    radii = np.sqrt(_believed((number + inside) / _POINTS, degrees))
    angles = number * 2 * np.pi * golden
    return np.asarray(radii[..., None] * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def _believed(levels: Floats, degrees: float) -> Floats:
    """Squared distances within which a proposal believes such shares to lie, in units of its
    covariance."""
    scale = t_quantile(0.95, math.inf) / t_quantile(0.95, degrees)
    return np.asarray(scale * t_quantile(levels, degrees))


def _quantile(values: Floats, weights: Floats, level: float) -> float:
    """Each value stands in the middle of its own weight, so that points of equal mass have the
    quantiles of the distribution that they are for."""
    order = np.argsort(values, kind="stable")
    sorted_weights = weights[order]
    middles = np.cumsum(sorted_weights) - sorted_weights / 2
    return float(np.interp(level * sorted_weights.sum(), middles, values[order]))


def _degrees(ratio: float) -> float:
    """Of the t distribution whose squared 95 and 68 % distances have this ratio."""
    if ratio <= t_quantile(0.95, math.inf) / t_quantile(0.68, math.inf):
        return math.inf
    found = [t_quantile(0.95, nu) / t_quantile(0.68, nu) for nu in _TRIED_DEGREES.tolist()]
    return float(_TRIED_DEGREES[int(np.argmin(np.abs(np.array(found) - ratio)))])
