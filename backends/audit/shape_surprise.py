"""How surprising each landmark of a labelled shape is, given all its other landmarks.

One Gaussian over shapes, or over what a model's predictions are off by, fitted robustly to the
shapes of the other folds. The surprise of a landmark is its squared Mahalanobis distance under the
Gaussian conditioned on the others, the leave-one-out residual of Gaussian conditioning (Rasmussen
and Williams, "Gaussian Processes for Machine Learning", section 5.4.2): by so much the surprise of
the whole shape falls where that one landmark is left out, so one bad landmark is named and not its
neighbours.
"""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import nan_mean
from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry, fit_gaussian
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_ROUNDS = 2
_TRUSTED = 0.9
"""Share of the shapes that the Gaussian is fitted to again: the most surprising ones teach it
nothing."""


@dataclass(frozen=True, eq=False)
class LandmarkSurprise:
    """Of N shapes. landmarks: (N, L), NaN where unknown. offsets: (N, L, 2) from where the others
    say that a landmark is to where it is, in the frame; spreads: (N, L, 2, 2) its covariance.
    wholes: (N,) of the whole shape, a known coordinate.
    """

    landmarks: Floats
    offsets: Floats
    spreads: Floats
    wholes: Floats

    def moved(self, moves: Floats) -> Floats:
        """(N, L) what each landmark's surprise were, had it alone been moved by (N, L, 2)."""
        return _squared(self.offsets + moves, self.spreads)


@dataclass(frozen=True, eq=False)
class ShapeModel:
    """A Gaussian over shapes (L, 2) in one frame, with the error that labels have at least."""

    mean: Floats
    covariance: Floats

    @classmethod
    def of(cls, shapes: Floats, symmetry: Symmetry | None) -> "ShapeModel":
        """Fitted to (N, L, 2), in which each landmark is known somewhere, without the shapes that
        surprise it most."""
        found = cls._fitted(shapes, symmetry)
        for _ in range(_ROUNDS):
            seen = found.surprise(shapes)
            worst = np.nanmax(seen.landmarks, axis=1)
            order = np.maximum(worst / np.median(worst), seen.wholes / np.median(seen.wholes))
            trusted = shapes[order <= np.quantile(order, _TRUSTED)]
            if not np.isfinite(trusted[..., 0]).any(axis=0).all():
                break
            found = cls._fitted(trusted, symmetry)
        return found

    @classmethod
    def _fitted(cls, shapes: Floats, symmetry: Symmetry | None) -> "ShapeModel":
        mean, covariance = fit_gaussian(shapes, None, symmetry)
        return cls(mean, covariance + CLICK_DEVIATION**2 * np.eye(len(covariance)))

    def surprise(self, shapes: Floats) -> LandmarkSurprise:
        """Of (N, L, 2), each with one known landmark or more."""
        count, size = shapes.shape[:2]
        offsets = np.full((count, size, 2), np.nan)
        spreads = np.full((count, size, 2, 2), np.nan)
        wholes = np.full(count, np.nan)
        patterns, members = np.unique(np.isfinite(shapes[..., 0]), axis=0, return_inverse=True)
        for index, pattern in enumerate(patterns):
            known, rows = np.flatnonzero(pattern), np.flatnonzero(members.ravel() == index)
            if not len(known):
                continue
            at = (2 * known[:, None] + [0, 1]).ravel()
            precision = np.linalg.inv(self.covariance[np.ix_(at, at)])
            apart = (shapes[rows][:, known] - self.mean[known]).reshape(len(rows), -1)
            weighed = apart @ precision
            wholes[rows] = (weighed * apart).sum(axis=1) / len(at)
            blocks = precision.reshape(len(known), 2, len(known), 2)
            own = np.linalg.inv(np.einsum("iaib->iab", blocks))
            offsets[np.ix_(rows, known)] = np.einsum(
                "iab,nib->nia", own, weighed.reshape(len(rows), -1, 2)
            )
            spreads[np.ix_(rows, known)] = own
        return LandmarkSurprise(_squared(offsets, spreads), offsets, spreads, wholes)

    def swap_gains(self, shapes: Floats, pairs: Ints) -> Floats:
        """(N, P) by how much the squared Mahalanobis distance of shapes (N, L, 2) falls where the
        two landmarks of each of pairs (P, 2) are exchanged; NaN where one is unknown."""
        gains = np.full((len(shapes), len(pairs)), np.nan)
        patterns, members = np.unique(np.isfinite(shapes[..., 0]), axis=0, return_inverse=True)
        for index, pattern in enumerate(patterns):
            known, rows = np.flatnonzero(pattern), np.flatnonzero(members.ravel() == index)
            place = np.full(len(pattern), -1)
            place[known] = np.arange(len(known))
            at = (2 * known[:, None] + [0, 1]).ravel()
            precision = np.linalg.inv(self.covariance[np.ix_(at, at)])
            apart = (shapes[rows][:, known] - self.mean[known]).reshape(len(rows), -1)
            weighed = apart @ precision
            for number in np.flatnonzero(pattern[pairs].all(axis=1)).tolist():
                one, other = pairs[number]
                both = (2 * place[pairs[number]][:, None] + [0, 1]).ravel()
                moved = shapes[rows, other] - shapes[rows, one]
                change = np.concatenate([moved, -moved], axis=1)
                cross = (change * weighed[:, both]).sum(axis=1)
                own = (change @ precision[np.ix_(both, both)] * change).sum(axis=1)
                gains[rows, number] = -(2 * cross + own)
        return gains

    def every_swap(self, shape: Floats) -> Floats:
        """(L, L) as `swap_gains`, of all pairs of one shape's (L, 2) landmarks."""
        known = np.flatnonzero(np.isfinite(shape[:, 0]))
        gains = np.full((len(shape), len(shape)), np.nan)
        at = (2 * known[:, None] + [0, 1]).ravel()
        precision = np.linalg.inv(self.covariance[np.ix_(at, at)])
        apart = (shape[known] - self.mean[known]).ravel()
        weighed = (precision @ apart).reshape(-1, 2)
        blocks = precision.reshape(len(known), 2, len(known), 2).transpose(0, 2, 1, 3)
        own = np.einsum("iiab->iab", blocks)
        moved = shape[known][None] - shape[known][:, None]  # of the first one of each pair
        cross = np.einsum("ija,ija->ij", moved, weighed[:, None] - weighed[None])
        both = own[:, None] + own[None] - blocks - blocks.transpose(0, 1, 3, 2)
        change = np.einsum("ija,ijab,ijb->ij", moved, both, moved)
        gains[np.ix_(known, known)] = -(2 * cross + change)
        return gains


def cross_fitted(
    shapes: Floats, folds: Ints, symmetry: Symmetry | None = None
) -> tuple[LandmarkSurprise, dict[int, ShapeModel]]:
    """Of each of (N, L, 2) to the model from the other folds; and that model, by the fold."""
    mean = np.nan_to_num(nan_mean(shapes))
    parts: dict[int, LandmarkSurprise] = {}
    models: dict[int, ShapeModel] = {}
    for fold in np.unique(folds).tolist():
        others = shapes[folds != fold]
        if not np.isfinite(others[..., 0]).any(axis=0).all():
            # What none of them shows is where it is on average, and surprises nobody.
            others = np.concatenate([others, mean[None]])
        models[fold] = ShapeModel.of(others, symmetry)
        parts[fold] = models[fold].surprise(shapes[folds == fold])
    count, size = shapes.shape[:2]
    whole = LandmarkSurprise(
        np.empty((count, size)),
        np.empty((count, size, 2)),
        np.empty((count, size, 2, 2)),
        np.empty(count),
    )
    for fold, part in parts.items():
        rows = folds == fold
        whole.landmarks[rows], whole.offsets[rows] = part.landmarks, part.offsets
        whole.spreads[rows], whole.wholes[rows] = part.spreads, part.wholes
    return whole, models


def _squared(offsets: Floats, spreads: Floats) -> Floats:
    """(N, L) squared Mahalanobis distances of (N, L, 2) under (N, L, 2, 2); NaN where unknown."""
    found = np.full(offsets.shape[:2], np.nan)
    known = np.isfinite(offsets[..., 0])
    away = offsets[known]
    found[known] = (away * np.linalg.solve(spreads[known], away[..., None])[..., 0]).sum(axis=1)
    return found
