"""The prior over shapes that the densities are evidence for: one Gaussian, or a mixture."""

import numpy as np

from backends.exemplar.classes import centres
from backends.shapes.gaussian_fit import fit_gaussian
from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats

_MOST_CLASSES = 64
_SHAPES_A_CLASS = 20
_WHOLE_SHARE = 0.05
"""Of the covariance of all shapes in the residual of the classes, so that it has full rank."""


def shape_priors(shapes: Floats, slack: Floats, seed: int) -> list[ShapeMixture]:
    """One Gaussian, and where there are shapes enough a mixture of K-means classes.

    shapes: (N, L, 2) in the canonical frame, NaN where unknown; slack: (2L, 2L) covariance by
    which fitted boxes differ from it. The classes are means of many shapes, none is a shape that
    somebody labelled.
    """
    mean, covariance = fit_gaussian(shapes)
    found = [ShapeMixture(np.zeros(1), mean[None], covariance + slack)]
    complete = shapes[np.isfinite(shapes).all(axis=(1, 2))]
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
