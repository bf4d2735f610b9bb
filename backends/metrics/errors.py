"""Localisation errors, in percent of a normalising length."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats


def landmark_errors(points: Floats, truth: Floats, normaliser_length: float) -> Floats:
    """(..., L) distances of points (..., L, 2) to the truth (L, 2), in percent of the length.

    NaN where either is unknown.
    """
    distances = np.linalg.norm(points - truth, axis=-1)
    return np.asarray(100.0 * distances / normaliser_length)


def nme(points: Floats, truth: Floats, normaliser_length: float) -> float:
    """Normalised mean error of one instance in percent, over the landmarks known in both."""
    return float(np.nanmean(landmark_errors(points, truth, normaliser_length)))


def failure_rate(errors: Floats, limit: float) -> float:
    """Percent of the errors (any shape, NaN left out) that exceed `limit`: FR@limit."""
    known = errors[np.isfinite(errors)]
    return 100.0 * float((known > limit).mean())


def area_under_curve(errors: Floats, limit: float) -> float:
    """AUC@limit: the area under the cumulative error curve up to `limit`, in 0..1."""
    return float(np.maximum(1.0 - errors / limit, 0.0).mean())


def cumulative_curve(errors: Floats, limits: Floats) -> Floats:
    """Share of instances whose error is at most each limit: the cumulative error curve."""
    return np.asarray((errors[None, :] <= limits[:, None]).mean(axis=1))
