"""A Gaussian over shapes from few shapes, some with missing or uncertain landmarks.

Expectation maximisation for a Gaussian with missing and noisy entries (Ghahramani and Jordan,
"Supervised Learning from Incomplete Data via an EM Approach", 1994), maximum a posteriori, and
what each landmark varies by itself beside it (`specific_variance`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import nan_mean
from landmark_annotator.backends.shapes.fitting.alike import alike
from landmark_annotator.backends.shapes.fitting.specific_variance import Moments, specific_share
from landmark_annotator.backends.shapes.triangular import over
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Ints
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.wording import counted

_EM_ROUNDS = 12
_PSEUDO_SHAPES = 4.0
"""How many shapes the smoothness assumption counts as, beside the labelled ones."""
_SMOOTHNESS = (0.08, 0.3)
"""Distances in box frame units over which landmarks move together: a part's, and the whole's."""
_ROUGHNESS = 1e-2
"""Share of the variance in which a landmark moves by itself."""
_FIRST_DEVIATION = 0.06
"""Box frame units a landmark varies by before there are shapes enough to tell."""
_ENOUGH = 5
"""Shapes that tell what landmarks vary by; there is more to see in them than nothing at all."""
_LEAST_DEVIATION = 1e-4
_SHAPES_ELSEWHERE = 40.0
"""How many shapes it counts as what is known of the same landmarks from elsewhere."""
_ALIKE = 8.0
"""How many shapes it counts as that all landmarks vary alike."""


@dataclass(frozen=True, eq=False)
class Symmetry:
    """A shape y (L, 2) in the frame is as likely as y[order] * signs, its mirror image.

    order: (L,) the partner of each landmark; signs: (2,), -1 on the axis that is mirrored.
    """

    order: Ints
    signs: Floats

    def of_mean(self, mean: Floats) -> Floats:
        """(2L,) mirrored."""
        return np.asarray((mean.reshape(-1, 2)[self.order] * self.signs).ravel())

    def of_covariance(self, covariance: Floats) -> Floats:
        """(2L, 2L) mirrored."""
        rows = (2 * self.order[:, None] + [0, 1]).ravel()
        signs = np.tile(self.signs, len(self.order))
        return np.asarray(covariance[np.ix_(rows, rows)] * signs * signs[:, None])


def smooth_covariance(mean: Floats, deviations: Floats) -> Floats:
    """(2L, 2L) of a smooth deformation field on the mean shape (a Gaussian process), by which each
    landmark varies as much as `deviations` (L,) say."""
    own = correlation_of(mean) + _ROUGHNESS * np.eye(len(mean))
    return np.asarray(np.kron(own * np.outer(deviations, deviations), np.eye(2)))


def correlation_of(mean: Floats) -> Floats:
    """(L, L) of a smooth field at the landmarks of a mean shape (L, 2), along each axis."""
    squared = ((mean[:, None] - mean[None]) ** 2).sum(axis=2)
    return np.asarray(np.mean([np.exp(-0.5 * squared / reach**2) for reach in _SMOOTHNESS], axis=0))


def as_correlation(covariance: Floats) -> Floats:
    """(n, n) of a covariance, in units of the deviation of each entry."""
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-9))
    return np.asarray(covariance / np.outer(scale, scale))


def correlation_of_errors(mean: Floats, own: float) -> Floats:
    """(L, L) of errors that near landmarks have in common along each axis, but for a share `own` of
    the variance in which each of them errs by itself."""
    return (1 - own) * correlation_of(mean) + own * np.eye(len(mean))


def fit_gaussian(
    shapes: Floats,
    deviations: Floats | None = None,
    symmetry: Symmetry | None = None,
    groups: Sequence[str] | None = None,
    elsewhere: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Mean (L, 2) and covariance (2L, 2L) of shapes (N, L, 2) in one frame, NaN where missing.

    deviations: (N, L) standard deviation of the error of each landmark along each axis, in units
    of the frame: nought by default, infinite is the same as missing. symmetry: every shape counts
    half as itself and half as its mirror image. groups: (N,) which shapes are related. elsewhere:
    (2L, 2L) how the coordinates of these landmarks are correlated in other shapes.

    Maximum a posteriori under an inverse Wishart prior whose centre is a smooth deformation, or
    mostly what is known from elsewhere, by EM over the missing and noisy entries: one shape is
    enough to start from, and with many shapes the assumption fades. Beside that each landmark has a
    specific variance. Raises TooFewLabels where a landmark is known in no shape.
    """
    count = len(shapes)
    variances: Floats = np.zeros(shapes.shape)
    if deviations is not None:
        variances += deviations[..., None] ** 2
    variances[~np.isfinite(shapes)] = np.inf
    mean = nan_mean(np.where(np.isfinite(variances), shapes, np.nan))
    unseen = np.flatnonzero(~np.isfinite(mean[:, 0]))
    if len(unseen):
        be = "is" if len(unseen) == 1 else "are"
        raise TooFewLabels(
            f"{len(unseen)} of {counted(len(mean), 'landmark')} {be} labelled in none of "
            f"{counted(len(shapes), 'shape')}.",
            remedy="Label one instance completely by hand; from the second on the tool helps.",
        )
    own = _own_variances(shapes - mean, np.isfinite(variances[..., 0]))
    if symmetry is not None:
        own = (own + own[symmetry.order]) / 2
    flat, variances = shapes.reshape(count, -1), variances.reshape(count, -1)
    before = _before(mean, own, elsewhere)
    found = Moments(mean.ravel(), before.covariance)
    parts = _equally_known(variances)
    for _ in range(_EM_ROUNDS if variances.any() else 1):
        filled, doubt = _expected(flat, parts, *found)
        found = _maximised(filled, doubt, before, symmetry)

    def of_these(numbers: Ints) -> Moments:
        part = filled[numbers]
        return _maximised(part, doubt * (len(part) / count), before, symmetry)

    each = np.repeat(own, 2)
    share = specific_share(flat, variances, each, of_these, groups)
    return found.mean.reshape(-1, 2), found.covariance + np.diag(share * each)


class _Before(NamedTuple):
    """What is assumed of the covariance (2L, 2L), and as how many shapes that counts."""

    covariance: Floats
    shapes: float


def _before(mean: Floats, own: Floats, elsewhere: Floats | None) -> _Before:
    """Of landmarks that vary by `own` (L,) along each axis."""
    deviations = np.sqrt(own)
    smooth = smooth_covariance(mean, deviations)
    if elsewhere is None:
        return _Before(smooth, _PSEUDO_SHAPES)
    each = np.repeat(deviations, 2)
    known, count = elsewhere * np.outer(each, each), _PSEUDO_SHAPES + _SHAPES_ELSEWHERE
    return _Before((_PSEUDO_SHAPES * smooth + _SHAPES_ELSEWHERE * known) / count, count)


def _own_variances(offsets: Floats, known: Bools) -> Floats:
    """(L,) of each landmark along an axis. offsets: (N, L, 2) from the mean; known: (N, L)."""
    squares = (np.where(known[..., None], offsets, 0.0) ** 2).sum(axis=(0, 2)) / 2
    counts = known.sum(axis=0)
    usual = _FIRST_DEVIATION**2
    if len(offsets) >= _ENOUGH:
        usual = max(float(squares.sum() / counts.sum()), _LEAST_DEVIATION**2)
    return np.asarray((squares + _ALIKE * usual) / (counts + _ALIKE))


def _maximised(
    filled: Floats, doubt: Floats, before: _Before, symmetry: Symmetry | None
) -> Moments:
    """The M step: of the expected shapes (N, 2L), and the sum of their covariances."""
    count = len(filled)
    centre: Floats = filled.mean(axis=0)
    scatter = (filled - centre).T @ (filled - centre) + doubt
    if symmetry is not None:
        apart = (centre - symmetry.of_mean(centre)) / 2
        centre = centre - apart
        scatter += count * np.outer(apart, apart)
        scatter = (scatter + symmetry.of_covariance(scatter)) / 2
    assumed = before.shapes * before.covariance
    return Moments(centre, (scatter + assumed) / (count + before.shapes))


class _Part(NamedTuple):
    """Shapes of which the same entries are known.

    rows: (n,) which shapes; there: (o,) which entries; loosest: the variance of the most uncertain
    of these. sharper: of the shapes that are known equally well, which shapes, which entries they
    know better than that, and the variances that say so beside the loosest.
    """

    rows: Ints
    there: Ints
    loosest: float
    sharper: Sequence[tuple[Ints, Ints, Floats]]


def _equally_known(variances: Floats) -> list[_Part]:
    """Of the errors (N, 2L) of shapes, infinite where missing; without shapes that are known whole
    and without error."""
    parts = []
    known = np.isfinite(variances)
    for rows in alike(known):
        there = np.flatnonzero(known[rows[0]])
        loosest = float(variances[np.ix_(rows, there)].max(initial=0.0))
        if loosest == 0.0 and len(there) == variances.shape[1]:
            continue
        limited = np.minimum(variances[rows], loosest)
        sharper = []
        for same in alike(limited):
            row = limited[same[0]]
            better = np.flatnonzero(row < loosest)
            rest = row[better] / (1.0 - row[better] / loosest)
            sharper.append((rows[same], better, rest))
        parts.append(_Part(rows, there, loosest, sharper))
    return parts


def _expected(
    flat: Floats, parts: Sequence[_Part], centre: Floats, covariance: Floats
) -> tuple[Floats, Floats]:
    """The E step: the expected shapes (N, 2L), and the sum of their covariances."""
    filled = flat.copy()
    doubt = np.zeros_like(covariance)
    for rows, there, loosest, sharper in parts:
        # First all that is there as if it were as uncertain as the most uncertain of it: one gain
        # for all these shapes. What is better known is few landmarks of each.
        root, reached = _whitened(covariance, there, np.full(len(there), loosest))
        filled[rows] = centre + over(root, (flat[rows][:, there] - centre[there]).T).T @ reached
        left = covariance - reached.T @ reached
        reductions = []
        for same, better, rest in sharper:
            root, reached = _whitened(left, better, rest)
            surprise = flat[np.ix_(same, better)] - filled[np.ix_(same, better)]
            filled[same] += over(root, surprise.T).T @ reached
            reductions.append(reached * np.sqrt(len(same)))
        reduced = np.concatenate(reductions)
        doubt += len(rows) * left - reduced.T @ reduced
    return filled, doubt


def _whitened(covariance: Floats, observed: Ints, noise: Floats) -> tuple[Floats, Floats]:
    """(o, o) a root of what observing entries with this noise varies by, and (o, 2L) the covariance
    with everything over it. The gain is the product of what is observed over it and the latter."""
    reached = covariance[observed]
    root = np.linalg.cholesky(reached[:, observed] + np.diag(noise))
    return np.asarray(root), over(root, reached)
