"""Ridge regression whose strength is chosen by predictions for instances it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Ints

_STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 100.0)
"""In units of the features' mean square."""
_FILLING_ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Folds:
    """rows: for each fold the samples in it; all samples of an instance are in one fold."""

    rows: tuple[Ints, ...]

    @classmethod
    def dealt(cls, instances: Ints, count: int, random: np.random.Generator) -> "Folds":
        """instances: (S,) the instance 0..N-1 of each sample."""
        names = np.unique(instances)
        fold = np.empty(int(names.max()) + 1, dtype=np.int64)
        fold[names] = random.permutation(len(names)) % count
        return cls(tuple(np.flatnonzero(fold[instances] == k) for k in range(count)))


@dataclass(frozen=True, eq=False)
class Ridge:
    """weights: (F, d) from all samples. unseen: (S, d) each sample's prediction by weights from
    the other folds. strength: the chosen one."""

    weights: AnyFloats
    unseen: AnyFloats
    strength: float

    @classmethod
    def cross_fitted(
        cls,
        features: AnyFloats,
        targets: AnyFloats,
        folds: Folds,
        strengths: Sequence[float] = _STRENGTHS,
    ) -> "Ridge":
        """features: (S, F) float32, targets: (S, d), NaN where unknown, which is left out."""
        parts = [features[rows] for rows in folds.rows]
        grams = [part.T @ part for part in parts]
        whole = np.sum(grams, axis=0)
        unit = max(float(np.trace(whole)) / len(whole), 1e-6)
        best: tuple[float, float, AnyFloats] | None = None
        for strength in strengths:
            unseen = np.empty_like(targets)
            for rows, part, gram in zip(folds.rows, parts, grams, strict=True):
                others = np.setdiff1d(np.arange(len(targets)), rows)
                solved = _solve(whole - gram, features[others], targets[others], strength * unit)
                unseen[rows] = part @ solved
            # Absolute, not squared: a few hopeless images must not decide for all others.
            error = float(np.nansum(np.abs(unseen - targets), dtype=np.float64))
            if best is None or error < best[0]:
                best = error, strength, unseen
            elif error > 1.05 * best[0]:
                break  # errors are convex enough in the logarithm of the strength
        assert best is not None
        weights = _solve(whole, features, targets, best[1] * unit)
        return cls(weights, best[2], best[1])


def _solve(gram: AnyFloats, features: AnyFloats, targets: AnyFloats, ridge: float) -> AnyFloats:
    """(F, d) weights.

    An unknown target is filled by the prediction itself, until that settles: a fixed point is the
    regression that leaves it out, without a matrix of its own for every target.
    """
    factor = cho_factor(gram.astype(np.float64) + ridge * np.eye(len(gram)), check_finite=False)
    unknown = ~np.isfinite(targets)
    filled = np.where(unknown, 0.0, targets) if unknown.any() else targets
    solved = cho_solve(factor, features.T @ filled).astype(np.float32)
    if unknown.any():
        for _ in range(_FILLING_ROUNDS):
            filled[unknown] = (features @ solved)[unknown]
            solved = cho_solve(factor, features.T @ filled).astype(np.float32)
    return np.asarray(solved)
