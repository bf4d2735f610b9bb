"""Marginals of a mixture: heat maps of a landmark."""

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats


def heat_map(mixture: ShapeMixture, landmark: int, positions: Floats) -> Floats:
    """The density of one landmark at (..., 2) positions in the box frame, integrating to one."""
    rows = slice(2 * landmark, 2 * landmark + 2)
    precision = np.linalg.inv(mixture.residual[rows, rows])
    weights = mixture.weights[mixture.leading]
    offsets = positions[..., None, :] - mixture.means(mixture.leading)[:, landmark]
    squared = np.einsum("...a,ab,...b->...", offsets, precision, offsets)
    scale = np.sqrt(np.linalg.det(precision)) / (2 * np.pi)
    return np.asarray(np.exp(-0.5 * squared) @ (weights / weights.sum()) * scale)
