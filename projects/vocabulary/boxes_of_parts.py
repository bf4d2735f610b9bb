"""The boxes of begun labels from a file that lack landmarks: around all of the object.

A file that brings no boxes gives a label the square around its landmarks. Where some of these have
no position it is around part of the object: of a mouse whose tail nobody labelled around its head.
What is proposed in such a box is far off; a network that learned from such boxes would meet objects
of two sizes, and errors in percent of such a box would be no errors of the object.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.shape import Shape

ASKED = 300
"""Whole shapes that are laid over the part."""
_NEAREST = 5
"""Those that lie best on it say, by their median, where the rest is."""
_MOST = 10.0
"""Sides of the part that the whole may have: a smaller part says too little of how large it is."""


def with_whole_boxes(
    parts: Sequence[LabelledInstance], whole: Sequence[LabelledInstance]
) -> list[LabelledInstance]:
    """parts: as they are stored; those whose box is the square around their known landmarks, which
    nobody has drawn, get the square around all that they would have by the shapes of `whole`.
    Where nothing says where the rest is they stay as they are."""
    complete = [each.shape.points for each in whole if each.shape.complete]
    shapes = complete[:: -(-len(complete) // ASKED) or 1]  # evenly spread
    return [_whole(each, shapes) for each in parts]


def _whole(part: LabelledInstance, shapes: Sequence[Floats]) -> LabelledInstance:
    if not lacks_landmarks(part.shape) or not part.shape.known.any():
        return part
    if part.box != Box.square_around(part.shape.points):
        return part
    box = box_around_all(part.shape, shapes)
    return part if box is None else replace(part, box=box)


def lacks_landmarks(shape: Shape) -> bool:
    """Whether a landmark has no position of which nobody has said that it is not in the image."""
    return not bool((shape.known | shape.absent).all())


def box_around_all(part: Shape, shapes: Sequence[Floats]) -> Box | None:
    """The square around the known landmarks of an object and where its others would be by whole
    ones. shapes: (L, 2) of each of these, in pixels of whatever image. None where that is not to be
    told."""
    rest = ~part.known & ~part.absent
    if part.known.sum() < 2 or not rest.any() or not shapes:
        return None
    laid = _laid_over(part, np.stack(shapes))
    points = np.where(rest[:, None], laid, part.points)
    if not np.isfinite(points[rest]).all():
        return None
    box, own = Box.square_around(points), Box.square_around(part.points)
    return box if box.side <= _MOST * own.side else None


def _laid_over(shape: Shape, shapes: Floats) -> Floats:
    """(L, 2) of the shapes (N, L, 2) that lie best on the known landmarks of this one, each moved,
    turned and scaled."""
    known = shape.known
    found, there = _complex(shapes), _complex(shape.points[known])
    middles = found[:, known].mean(axis=1, keepdims=True)
    centred, aim = found[:, known] - middles, there - there.mean()
    sizes = (np.abs(centred) ** 2).sum(axis=1, keepdims=True)
    turns = (centred.conj() * aim).sum(axis=1, keepdims=True) / np.maximum(sizes, 1e-9)
    off = (np.abs(centred * turns - aim) ** 2).sum(axis=1)
    best = np.argsort(off, kind="stable")[:_NEAREST]
    laid = (found[best] - middles[best]) * turns[best] + there.mean()
    return np.stack([np.median(laid.real, axis=0), np.median(laid.imag, axis=0)], axis=-1)


def _complex(points: Floats) -> npt.NDArray[np.complex128]:
    return np.asarray(points[..., 0] + 1j * points[..., 1], dtype=np.complex128)
