"""The prior over shapes that the densities are evidence for: one Gaussian, or a mixture."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.learning.kmeans import centres
from landmark_annotator.backends.shapes.fitting.alignment import likeness, nan_mean
from landmark_annotator.backends.shapes.fitting.gaussian_fit import (
    Symmetry,
    as_correlation,
    fit_gaussian,
)
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.provenance import MODELLED, Provenance
from landmark_annotator.projects.vocabulary.shape import Shape

_MOST_CLASSES = 64
_SHAPES_A_CLASS = 20
_FILLED_DEVIATION = 0.02
"""Of a point that a model placed and nobody looked at, in sides of the box."""
_UNSEEN = (Provenance.FILLED, Provenance.RULED)
_WHOLE_SHARE = 0.05
"""Of the covariance of all shapes in the residual of the classes, so that it has full rank."""
_SAME_FRAME = 0.95
"""Correlation of two mean shapes that are turned alike; of faces from anywhere it is 0.99."""


def shape_priors(
    shapes: Floats,
    labels: Sequence[Shape],
    slack: Floats,
    symmetry: Symmetry | None,
    seed: int,
    groups: Sequence[str] | None = None,
    elsewhere: ShapeMixture | None = None,
) -> list[ShapeMixture]:
    """One Gaussian, and where there are shapes enough that people placed whole, a mixture of
    K-means classes. Shapes that models placed lie near what those believed, and their classes
    would repeat it.

    shapes: (N, L, 2) of the labels in the canonical frame, NaN where unknown; slack: (2L, 2L)
    covariance by which fitted boxes differ from that frame; groups: (N,) which shapes are related.
    elsewhere: the prior of a model that has learned the same landmarks from other shapes. The
    classes are means of many shapes, none is a shape that somebody labelled.
    """
    deviations = np.stack([_deviations(each) for each in labels])
    correlation = None if elsewhere is None else _correlation(elsewhere, nan_mean(shapes))
    mean, covariance = fit_gaussian(shapes, deviations, symmetry, groups, correlation)
    found = [ShapeMixture(np.zeros(1), mean[None], covariance + slack)]
    complete = shapes[np.array([_placed_whole(each) for each in labels])]
    classes = min(len(complete) // _SHAPES_A_CLASS, _MOST_CLASSES)
    if classes < 2:
        return found
    middles = centres(complete, classes, seed)
    rows = complete.reshape(len(complete), -1)
    flat = middles.reshape(classes, -1)
    squared = (flat**2).sum(axis=1) - 2 * rows @ flat.T
    nearest = squared.argmin(axis=1)
    members = np.bincount(nearest, minlength=classes)
    offsets = rows - flat[nearest]
    within = offsets.T @ offsets / max(len(rows) - classes, 1)
    whole = covariance * (float(np.trace(within)) / float(np.trace(covariance)))
    residual = (1 - _WHOLE_SHARE) * within + _WHOLE_SHARE * whole
    weights = np.log((members + 0.5) / (members + 0.5).sum())
    return [*found, ShapeMixture(weights, middles, residual + slack)]


def _correlation(elsewhere: ShapeMixture, mean: Floats) -> Floats | None:
    """(2L, 2L) of the coordinates; None where the shapes there lie otherwise in their frames."""
    if likeness(elsewhere.mean, mean) < _SAME_FRAME:
        return None
    return as_correlation(elsewhere.covariance)


def _deviations(label: Shape) -> Floats:
    """(L,) of its errors, infinite where it is unknown. What a person placed is off by far less
    than shapes differ by. What a person let pass beside it lies where an earlier model expected it
    for what was placed: nearer to the mean than it is, and doubted it would be drawn further."""
    unseen = np.array([mark in _UNSEEN for mark in label.provenance])
    return np.where(label.known, np.where(unseen, _FILLED_DEVIATION, 0.0), np.inf)


def _placed_whole(label: Shape) -> bool:
    return bool(label.known.all()) and not MODELLED.intersection(label.provenance)
