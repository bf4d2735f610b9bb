"""More shapes than there are: perturbed and re-posed copies, for runs at large K."""

import numpy as np
from scipy.spatial import cKDTree

from projects.vocabulary.arrays import Floats

_NEIGHBOURS = 20
_TURN = 0.05
_STRETCH = 0.03


def perturbed(shapes: Floats, count: int, seed: int) -> Floats:
    """(count, L, 2): first the shapes (N, L, 2) themselves, then mixtures of near neighbours,
    each turned by a normal of 0.05 rad and stretched along each axis by about 3 %.

    Neighbours are near in the frame of the shapes, so a mixture of two is a plausible third.
    """
    random = np.random.default_rng(seed)
    flat = shapes.reshape(len(shapes), -1)
    neighbours = min(_NEIGHBOURS, len(shapes))
    _, near = cKDTree(flat).query(flat, k=[*range(1, neighbours + 1)])
    extra = max(count - len(shapes), 0)
    first = random.integers(0, len(shapes), extra)
    second = near[first, random.integers(0, neighbours, extra)]
    share = random.uniform(-0.3, 0.7, (extra, 1, 1))
    mixed = shapes[first] * (1 - share) + shapes[second] * share
    turn = random.normal(0, _TURN, extra)
    stretch = np.exp(random.normal(0, _STRETCH, (extra, 2)))
    cos, sin = np.cos(turn), np.sin(turn)
    matrices = np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1)
    posed = mixed @ (matrices * stretch[:, None, :]).swapaxes(1, 2)
    return np.concatenate([shapes[:count], posed])
