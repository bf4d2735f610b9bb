"""How much each landmark varies by itself, beside what a covariance from few shapes knows.

A covariance from N shapes holds hardly any variance in the directions that those did not happen to
vary in, and a Gaussian with it is far too sure there: on outlines of 189 landmarks it expected a
twentieth of the squared distances that new shapes had, and conditioned on clicks it moved what was
right. As in factor analysis (Rubin and Thayer, "EM algorithms for ML factor analysis", 1982) every
landmark therefore has a specific variance; which share of its own variance that is, is chosen by
the likelihood of shapes that were left out.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from landmark_annotator.backends.shapes.fitting.alike import alike
from landmark_annotator.backends.shapes.triangular import over
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_SHARES = (0.0, 0.003, 0.01, 0.03, 0.1, 0.3)
_FIRST = 3
"""The place among them that is tried first."""
_FOLDS = 4
_FEWEST = 3
"""Groups below which nothing can be left out."""
_USUAL_SHARE = 0.05
_MOST_TRIED = 24
"""Shapes that are left out in a fold and tried; of more, evenly drawn ones."""


class Moments(NamedTuple):
    """Of some shapes: the mean (2L,) and the covariance (2L, 2L)."""

    mean: Floats
    covariance: Floats


def specific_share(
    flat: Floats,
    variances: Floats,
    own: Floats,
    fitted: Callable[[Ints], Moments],
    groups: Sequence[str] | None = None,
) -> float:
    """The share of `own` (2L,), the variance of each entry, that makes left-out shapes likeliest.

    flat: (N, 2L) shapes; variances: (N, 2L) of the errors of their entries, infinite where these
    are missing; one that is more uncertain than the shapes vary says nothing and is left out.
    fitted: the moments of the shapes with these numbers. groups: (N,) related shapes are left out
    together; each is alone without, and where all are related.
    """
    folds = _folds(np.where(np.isfinite(variances), flat, np.nan), groups)
    if len(folds) < _FEWEST:
        return _USUAL_SHARE
    parts = [part for fold in folds for part in _left_out(flat, variances, own, fitted, fold)]

    @cache
    def likelihood(index: int) -> float:
        return sum(part.log_likelihood(_SHARES[index]) for part in parts)

    best = _FIRST
    while True:  # It has one maximum, and most shares need not be tried.
        beside = [i for i in (best - 1, best + 1) if 0 <= i < len(_SHARES)]
        better = max(beside, key=likelihood)
        if likelihood(better) <= likelihood(best):
            return _SHARES[best]
        best = better


class _Part(NamedTuple):
    """Left-out shapes of which the same entries are known as well: (n, d) offsets from the mean of
    the others, the covariance (d, d) of the others with the entries' own errors, and (d,) what
    each varies by."""

    offsets: Floats
    covariance: Floats
    own: Floats

    def log_likelihood(self, share: float) -> float:
        """Without the constant."""
        root = np.linalg.cholesky(self.covariance + np.diag(share * self.own))
        whitened = over(root, self.offsets.T)
        return float(-0.5 * (whitened**2).sum() - len(self.offsets) * np.log(np.diag(root)).sum())


def _left_out(
    flat: Floats, variances: Floats, own: Floats, fitted: Callable[[Ints], Moments], fold: Ints
) -> list[_Part]:
    rest = fitted(np.setdiff1d(np.arange(len(flat)), fold))
    tried = fold[:: -(-len(fold) // _MOST_TRIED)]
    errors = np.where(variances[tried] < own, variances[tried], np.inf)
    found = []
    for rows in alike(errors):
        pattern, same = errors[rows[0]], tried[rows]
        there = np.flatnonzero(np.isfinite(pattern))
        found.append(
            _Part(
                flat[np.ix_(same, there)] - rest.mean[there],
                rest.covariance[np.ix_(there, there)] + np.diag(pattern[there]),
                own[there],
            )
        )
    return found


def _folds(flat: Floats, groups: Sequence[str] | None) -> list[Ints]:
    """Numbers of shapes; which are together does not depend on the order of the shapes."""
    if groups is None or len(set(groups)) < _FEWEST:
        order = np.lexsort(np.nan_to_num(flat).T)
        rank = np.empty(len(flat), dtype=np.int64)
        rank[order] = np.arange(len(flat))
    else:
        rank = np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    count = min(_FOLDS, int(rank.max()) + 1)
    return [np.flatnonzero(rank % count == fold) for fold in range(count)]
