"""Which classes count as right for a training shape (equation 6 of the paper)."""

import numpy as np

from projects.vocabulary.arrays import AnyFloats, Floats

_CHUNK = 512


def class_distances(shapes: Floats, exemplars: AnyFloats) -> Floats:
    """(N, K) float32 root mean square landmark distance of each shape (N, L, 2) to each exemplar.

    Missing landmarks of a shape are left out of its mean.
    """
    known = np.isfinite(shapes)
    flat = np.where(known, shapes, 0.0).reshape(len(shapes), -1).astype(np.float32)
    mask = known.reshape(len(shapes), -1).astype(np.float32)
    classes = exemplars.reshape(len(exemplars), -1).astype(np.float32, copy=False)
    squares = classes**2
    norms = squares.sum(axis=1)
    complete = bool(known.all())
    distances = np.empty((len(shapes), len(exemplars)), dtype=np.float32)
    for start in range(0, len(shapes), _CHUNK):
        part = slice(start, start + _CHUNK)
        squared = distances[part]  # in place: at K = 140,000 temporaries cost more than the work
        np.matmul(-2 * flat[part], classes.T, out=squared)
        squared += (flat[part] ** 2).sum(axis=1, keepdims=True)
        squared += norms if complete else mask[part] @ squares.T
        squared /= np.maximum(mask[part].sum(axis=1, keepdims=True) / 2, 1)
        np.maximum(squared, 0.0, out=squared)
        np.sqrt(squared, out=squared)
    return np.asarray(distances)


def membership_radius(distances: Floats, share: float) -> float:
    """tau for which a typical shape is a member of `share` of the classes, at least of three.

    distances: (N, K). The median over the shapes, so frontal faces get more classes and extreme
    poses fewer, as in figure 4 of the paper.
    """
    count = min(max(round(share * distances.shape[1]), 3), distances.shape[1])
    return float(np.median(np.partition(distances, count - 1, axis=1)[:, count - 1]))
