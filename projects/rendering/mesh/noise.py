"""Smooth random fields over space, for colours and bumps."""

import numpy as np
from scipy.ndimage import map_coordinates

from landmark_annotator.projects.vocabulary.arrays import Floats


def smooth_noise(points: Floats, grain: float, rng: np.random.Generator) -> Floats:
    """(n,) about -1..1 at points (n, d), changing over `grain` units."""
    size = 32
    lattice = rng.uniform(-1, 1, (size,) * points.shape[1])
    places = points / grain + rng.uniform(0, size, points.shape[1])
    found: Floats = map_coordinates(lattice, places.T, order=1, mode="grid-wrap")
    return found


def layered_noise(
    points: Floats, grain: float, rng: np.random.Generator, layers: int = 3
) -> Floats:
    """(n,) noise whose every further layer is half as coarse and half as strong."""
    total = np.zeros(len(points))
    for layer in range(layers):
        total += smooth_noise(points, grain / 2**layer, rng) / 2**layer
    return total
