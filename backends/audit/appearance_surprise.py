"""How surprising the image around each labelled landmark is, to what the other labels show there.

Cells of gradient orientations around the landmark, in their principal components, and what those
leave: probabilistic principal components (Tipping and Bishop, 1999). It sees what no model of
shapes can: a good shape that is another object's.
"""

import numpy as np

from landmark_annotator.backends.learning.local_features import (
    DIMENSIONS,
    describe,
    gradient_maps,
    grey_crop,
)
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_SIZE = 192
_MARGIN = 1.6
"""Landmarks that somebody has moved may lie outside of the box."""
_CELLS = (2, 5)
"""Sides of the cells in pixels of the crop: patches of 7 and of 17 % of the box."""
_COMPONENTS = 10
_TRUSTED = 0.9
"""Share of the patches that the components are found in again."""
DESCRIBED = DIMENSIONS * len(_CELLS)
"""Numbers a landmark."""


def described(pixels: Pixels, box: Box, shapes: Floats) -> AnyFloats:
    """(P, L, DESCRIBED) float32 of the surroundings of P shapes (P, L, 2) in the box's frame."""
    maps = gradient_maps(grey_crop(pixels, box, size=_SIZE, margin=_MARGIN))
    at = np.nan_to_num(shapes).astype(np.float32)
    return np.concatenate([describe(maps, at, cell, _MARGIN) for cell in _CELLS], axis=-1)


def cross_fitted(found: AnyFloats, moved: AnyFloats, folds: Ints) -> tuple[Floats, Floats]:
    """(N, L) surprise of what is described (N, L, D), and of the same landmarks where they have
    been moved, each to the components from the other folds; NaN where nothing is described."""
    count, size = found.shape[:2]
    own, elsewhere = np.full((count, size), np.nan), np.full((count, size), np.nan)
    for fold in np.unique(folds).tolist():
        rows = np.flatnonzero(folds == fold)
        for landmark in range(size):
            there = found[folds != fold, landmark]
            there = there[np.isfinite(there[:, 0])]
            if len(there) < 3:
                continue
            parts = _Components.of(there)
            parts = _Components.of(there[_below(parts.surprise(there))])
            own[rows, landmark] = parts.surprise(found[rows, landmark])
            elsewhere[rows, landmark] = parts.surprise(moved[rows, landmark])
    return own, elsewhere


def _below(surprises: Floats) -> Ints:
    return np.flatnonzero(surprises <= np.quantile(surprises, _TRUSTED))


class _Components:
    def __init__(self, mean: AnyFloats, axes: AnyFloats, variances: AnyFloats, rest: float) -> None:
        self._mean, self._axes, self._variances, self._rest = mean, axes, variances, rest

    @classmethod
    def of(cls, rows: AnyFloats) -> "_Components":
        mean = rows.mean(axis=0)
        _, spread, axes = np.linalg.svd(rows - mean, full_matrices=False)
        kept = min(_COMPONENTS, len(rows) - 1)
        variances = spread**2 / len(rows)
        rest = float(variances[kept:].sum()) / max(rows.shape[1] - kept, 1) + 1e-6
        return cls(mean, axes[:kept], variances[:kept] + rest, rest)

    def surprise(self, rows: AnyFloats) -> Floats:
        """(N,) squared Mahalanobis distance a dimension kept, as many of them for the rest."""
        apart = rows - self._mean
        along = apart @ self._axes.T
        left = (apart**2).sum(axis=1) - (along**2).sum(axis=1)
        inside = (along**2 / self._variances).sum(axis=1)
        return np.asarray(inside + left / self._rest / len(self._axes), dtype=np.float64)
