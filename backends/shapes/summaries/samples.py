"""Whole shapes drawn from a mixture, for summaries that no formula gives."""

import numpy as np

from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats


def drawn_shapes(mixture: ShapeMixture, count: int, seed: int = 0) -> Floats:
    """(count, L, 2) shapes of the mixture in its frame, residual and all.

    The same seed draws the same quantiles of every mixture, so what is shown of two beliefs
    differs by the beliefs alone.
    """
    random = np.random.default_rng(seed)
    leading = mixture.leading
    mass = np.cumsum(mixture.weights[leading])
    places = np.searchsorted(mass, random.uniform(0.0, mass[-1], count))
    values, vectors = np.linalg.eigh(mixture.residual)
    noise = random.normal(size=(count, len(values))) * np.sqrt(np.maximum(values, 0.0))
    centres = mixture.means(leading[np.minimum(places, len(leading) - 1)])
    return np.asarray(centres + (noise @ vectors.T).reshape(count, -1, 2), dtype=np.float64)
