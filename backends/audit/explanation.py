"""What mistake explains a surprising shape best: whichever, taken back, leaves the least."""

from enum import StrEnum

import numpy as np

from landmark_annotator.backends.audit.shape_surprise import ShapeModel
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_NEIGHBOURS = 2
"""The nearest landmarks that one is taken for, beside those that an edge leads to."""


class Kind(StrEnum):
    MOVED = "moved"
    """One landmark is not where the others and the image say."""
    SWAPPED = "swapped"
    """Two neighbours have changed places."""
    MIRRORED = "mirrored"
    """Left and right are exchanged."""
    ANOTHER = "another"
    """A shape, but not of what the image shows there."""


def explained(
    shape: Floats, model: ShapeModel, scheme: Scheme, worst: int, as_a_whole: bool
) -> tuple[Kind, tuple[int, ...]]:
    """The kind of mistake, and the landmarks that it is about.

    shape: (L, 2) in the model's frame, NaN where unknown. model: from other shapes. worst: the
    landmark that looks most out of place. as_a_whole: whether the shape as a whole is odder still.
    """
    known = int(np.isfinite(shape[:, 0]).sum())
    seen = model.surprise(shape[None])
    total = float(seen.wholes[0]) * 2 * known
    without = total - float(np.nanmax(seen.landmarks))
    mirrored = _mirrored(shape, scheme)
    again = similarity_box(model.mean, mirrored).to_frame(mirrored)
    exchanged = float(model.surprise(again[None]).wholes[0]) * 2 * known
    pair, gained = _best_swap(shape, model, scheme)
    swapped = total - gained
    # A better explanation takes back most of what is odd; half of it by chance is none.
    if exchanged < 0.5 * total and exchanged < min(without, swapped):
        return Kind.MIRRORED, ()
    if pair is not None and swapped < without and swapped < total - 0.5 * (total - without):
        return Kind.SWAPPED, pair
    return (Kind.ANOTHER, ()) if as_a_whole else (Kind.MOVED, (worst,))


def distance_off(shape: Floats, model: ShapeModel, landmark: int) -> float:
    """From where the others say that the landmark is to where it is, in the units of the shape
    (L, 2), which lies in any frame: it has no say in how the shape is laid over the others."""
    others = shape.copy()
    others[landmark] = np.nan
    frame = similarity_box(model.mean, others)
    offset = model.surprise(frame.to_frame(shape)[None]).offsets[0, landmark]
    return float(np.linalg.norm(offset)) * frame.side


def _mirrored(shape: Floats, scheme: Scheme) -> Floats:
    """With left and right exchanged; without partners the mirror image."""
    if scheme.partners:
        return shape[list(scheme.mirror)]
    return shape * [-1.0, 1.0]


def _best_swap(
    shape: Floats, model: ShapeModel, scheme: Scheme
) -> tuple[tuple[int, int] | None, float]:
    """The two landmarks that are best exchanged, and by how much less surprise is left then. Of
    neighbours it is nothing new; of all others there are so many that the best ones gain something
    by chance. Whichever landmark looks most out of place need be neither of them."""
    size = len(shape)
    if size < 2:
        return None, -np.inf
    apart = np.linalg.norm(model.mean[:, None] - model.mean[None], axis=2)
    beside = np.zeros((size, size), dtype=bool)
    near = np.argsort(apart, axis=1, kind="stable")[:, 1 : 1 + _NEIGHBOURS]
    np.put_along_axis(beside, near, True, axis=1)
    beside[tuple(np.array(scheme.edges, dtype=np.int64).reshape(-1, 2).T)] = True
    beside |= beside.T
    gains = model.every_swap(shape) - np.where(beside, 0.0, 2 * np.log(size * (size - 1) / 2))
    gains[np.tril_indices(size)] = -np.inf
    one, other = np.unravel_index(int(np.argmax(np.nan_to_num(gains, nan=-np.inf))), gains.shape)
    if not np.isfinite(gains[one, other]):
        return None, -np.inf
    return (int(one), int(other)), float(gains[one, other])
