"""Marginals of a mixture: heat maps of a landmark, histograms of a global variable."""

from collections.abc import Callable

import numpy as np

from backends.shapes.mixture import ShapeMixture
from projects.vocabulary.arrays import Floats


def heat_map(mixture: ShapeMixture, landmark: int, positions: Floats) -> Floats:
    """The density of one landmark at (..., 2) positions in the box frame, integrating to one."""
    rows = slice(2 * landmark, 2 * landmark + 2)
    precision = np.linalg.inv(mixture.residual[rows, rows])
    weights = mixture.weights[mixture.leading]
    offsets = positions[..., None, :] - mixture.means(mixture.leading)[:, landmark]
    squared = np.einsum("...a,ab,...b->...", offsets, precision, offsets)
    scale = np.sqrt(np.linalg.det(precision)) / (2 * np.pi)
    return np.asarray(np.exp(-0.5 * squared) @ (weights / weights.sum()) * scale)


def histogram(mixture: ShapeMixture, variable: Callable[[Floats], Floats], edges: Floats) -> Floats:
    """The weight in each bin of a variable of the whole shape, such as yaw or mouth opening.

    variable: maps (n, L, 2) shapes in the box frame to (n,) values. Values outside the edges
    count in the outermost bins, so the result sums to one.
    """
    weights = mixture.weights[mixture.leading]
    values = np.clip(variable(mixture.means(mixture.leading)), edges[0], edges[-1])
    counts, _ = np.histogram(values, bins=edges, weights=weights / weights.sum())
    return np.asarray(counts, dtype=np.float64)
