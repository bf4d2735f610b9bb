"""The boxes of begun labels from a file that lack landmarks: around all of the object.

A file that brings no boxes gives a label the square around its landmarks. Where some of these have
no position it is around part of the object: of a mouse whose tail nobody labelled around its head.
A network that learned from such boxes would meet objects of two sizes, and errors in percent of
such a box would be no errors of the object.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

_ASKED = 300
"""Whole shapes that are laid over the part, evenly spread among all."""
_NEAREST = 5
"""Those that lie best on it say, by their median, where the rest is."""


def with_whole_boxes(
    parts: Sequence[LabelledInstance], whole: Sequence[LabelledInstance]
) -> list[LabelledInstance]:
    """parts: as they are stored; those whose box is the square around their known landmarks, which
    nobody has drawn, get the square around all that they would have by the shapes of `whole`.
    Where nothing says where the rest is they stay as they are."""
    complete = [each.shape.points for each in whole if each.shape.complete]
    if not complete:
        return list(parts)
    shapes = np.stack(complete[:: -(-len(complete) // _ASKED)])
    return [_whole(each, shapes) for each in parts]


def _whole(part: LabelledInstance, shapes: Floats) -> LabelledInstance:
    shape = part.shape
    rest = ~shape.known & ~shape.absent
    if shape.known.sum() < 2 or not rest.any() or part.box != Box.square_around(shape.points):
        return part
    points = np.where(rest[:, None], _laid_over(shape, shapes), shape.points)
    return replace(part, box=Box.square_around(points))


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
