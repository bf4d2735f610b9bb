"""The prior over shapes that the densities are evidence for: one Gaussian, or a mixture."""

from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.learning.kmeans import centres
from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry, fit_gaussian
from landmark_annotator.backends.shapes.fitting.label_noise import label_deviations
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.shape import Shape

_MOST_CLASSES = 64
_SHAPES_A_CLASS = 20
_ACCEPTED_DEVIATION = 0.02
"""Of a point that a model placed and a person let pass, in sides of the box. In a campaign on
faces, at 315 labels, 0.02 costs 4.4 clicks an image, 0.05 4.7, 0.1 5.0, calling such points missing
6.4, and classes of shapes with such points 6.5."""
_WHOLE_SHARE = 0.05
"""Of the covariance of all shapes in the residual of the classes, so that it has full rank."""


def shape_deviations(labels: Sequence[Shape]) -> Floats:
    """(N, L) of the errors of labels, nought where a person or an import placed the landmark:
    that is far below what shapes differ by."""
    deviations = np.stack([label_deviations(each, _ACCEPTED_DEVIATION) for each in labels])
    return np.where(deviations < _ACCEPTED_DEVIATION, 0.0, deviations)


def shape_priors(
    shapes: Floats,
    deviations: Floats,
    slack: Floats,
    symmetry: Symmetry | None,
    seed: int,
    groups: Sequence[str] | None = None,
) -> list[ShapeMixture]:
    """One Gaussian, and where there are shapes enough that people placed whole, a mixture of
    K-means classes. Shapes that models placed lie near what those believed, and their classes
    would repeat it.

    shapes: (N, L, 2) in the canonical frame, NaN where unknown; deviations: (N, L), see
    `shape_deviations`; slack: (2L, 2L) covariance by which fitted boxes differ from that frame;
    groups: (N,) which shapes are related.
    The classes are means of many shapes, none is a shape that somebody labelled.
    """
    mean, covariance = fit_gaussian(shapes, deviations, symmetry, groups)
    found = [ShapeMixture(np.zeros(1), mean[None], covariance + slack)]
    complete = shapes[(np.isfinite(shapes).all(axis=2) & (deviations == 0.0)).all(axis=1)]
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
