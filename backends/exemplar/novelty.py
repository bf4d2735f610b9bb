"""How little an image shows of what the classifier has learned to see: how far apart the shapes are
that it takes to be possible. On images of another kind no class stands out."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats

_USUAL = 0.98
"""Held-out images that are to be familiar."""
_FAINT = 16.0
"""Classes whose weight is so many e-folds below the largest are left out."""


def class_spread(scores: Floats, temperature: float, exemplars: AnyFloats) -> float:
    """The variance of the shape between classes, summed over landmarks, in the frame: of one
    image's scores (K,) of classes with these exemplars (K, L, 2)."""
    scaled = (scores - scores.max()) / temperature
    possible = np.flatnonzero(scaled > -_FAINT)
    weights = np.exp(scaled[possible])
    weights /= weights.sum()
    shapes = exemplars[possible].reshape(len(possible), -1).astype(np.float64)
    return float(weights @ ((shapes - weights @ shapes) ** 2).sum(axis=1))


def usual_spread(scores: Floats, temperature: float, exemplars: AnyFloats) -> float:
    """What all but a few held-out images stay below; scores: (N, K) of those."""
    spreads = [class_spread(each, temperature, exemplars) for each in scores]
    return float(np.quantile(spreads, _USUAL))
