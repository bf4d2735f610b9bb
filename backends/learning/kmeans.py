"""Shapes in groups: K-means centres, and how far every shape is from each of them."""

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints

_ROUNDS = 30
_CHUNK = 512


def centres(
    shapes: Floats, count: int, seed: int, instances: Ints | None = None, fewest: int = 1
) -> Floats:
    """(at most count, L, 2) K-means centres of shapes (N, L, 2), by OpenCV.

    instances: (N,) of which one each shape is, by default each of its own. fewest: instances that
    a centre stands for; the shapes of smaller groups join the nearest other group.
    """
    cv2.setRNGSeed(seed)
    flat = shapes.reshape(len(shapes), -1).astype(np.float32)
    stop = (cv2.TERM_CRITERIA_MAX_ITER + cv2.TERM_CRITERIA_EPS, _ROUNDS, 1e-5)
    # The arrays have the types that OpenCV asks for; its stubs do not know None for best labels.
    _, labels, found = cv2.kmeans(flat, count, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    if fewest > 1:
        instances = np.arange(len(shapes)) if instances is None else instances
        groups, _ = np.unique(np.stack([labels.ravel(), instances]), axis=1)
        large = np.bincount(groups, minlength=count) >= fewest
        # All shapes are one group where no group is large enough.
        kept = found[large] if large.any() else flat.mean(axis=0, keepdims=True)
        nearest = class_distances(shapes, kept.reshape(len(kept), *shapes.shape[1:])).argmin(axis=1)
        found = np.stack([flat[nearest == k].mean(axis=0) for k in range(len(kept))])
    return np.asarray(found, dtype=np.float64).reshape(len(found), *shapes.shape[1:])


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
