"""More shapes than there are: perturbed and re-posed copies, for runs at large K."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

_Float = TypeVar("_Float", bound=np.floating[Any])

_NEIGHBOURS = 20
_TURN = 0.05
_STRETCH = 0.03
_CHUNK = 16384


def perturbed(shapes: npt.NDArray[_Float], count: int, seed: int) -> npt.NDArray[_Float]:
    """(count, L, 2): first the shapes (N, L, 2) themselves, then mixtures of near neighbours,
    each turned by a normal of 0.05 rad and stretched along each axis by about 3 %.

    Neighbours are near in the frame of the shapes, so a mixture of two is a plausible third. The
    result has the type of the shapes, and little more memory than its own is used.
    """
    random = np.random.default_rng(seed)
    flat = shapes.reshape(len(shapes), -1)
    neighbours = min(_NEIGHBOURS, len(shapes))
    from scipy.spatial import cKDTree  # here: nobody who only proposes is to wait for it

    _, near = cKDTree(flat).query(flat, k=[*range(1, neighbours + 1)])
    extra = max(count - len(shapes), 0)
    first = random.integers(0, len(shapes), extra)
    second = near[first, random.integers(0, neighbours, extra)]
    share = random.uniform(-0.3, 0.7, (extra, 1, 1)).astype(shapes.dtype)
    turn = random.normal(0, _TURN, extra)
    stretch = np.exp(random.normal(0, _STRETCH, (extra, 2)))
    cos, sin = np.cos(turn), np.sin(turn)
    turned = np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1)
    matrices = (turned * stretch[:, None, :]).swapaxes(1, 2).astype(shapes.dtype)
    made = np.empty((count, *shapes.shape[1:]), dtype=shapes.dtype)
    made[: len(shapes)] = shapes[:count]
    for start in range(0, extra, _CHUNK):
        some = slice(start, min(start + _CHUNK, extra))
        mixed = shapes[first[some]] * (1 - share[some]) + shapes[second[some]] * share[some]
        made[len(shapes) + some.start : len(shapes) + some.stop] = mixed @ matrices[some]
    return made
