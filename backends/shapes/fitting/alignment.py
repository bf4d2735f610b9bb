"""Similarity alignment of shapes: the canonical frame in which shapes are compared.

Generalised Procrustes analysis (Gower, 1975). A canonical frame is a `Box` with an angle, so that
`box.to_frame(points)` is the aligned shape.
"""

import cmath
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.box import Box

_Complex = npt.NDArray[np.complex128]
_ROUNDS = 10
_FRAME_POINTS = 3
"""Known landmarks from which on they show where an instance lies better than its box."""


def similarity_box(reference: Floats, points: Floats, like: Box | None = None) -> Box:
    """The box in whose frame `points` lie nearest to `reference` (least squares).

    reference: (L, 2) in its frame, points: (L, 2) in image pixels; NaN rows are left out. With
    fewer than two common landmarks, or all of them in one place, nothing shows the object's size:
    it is that of `like`, moved to where they lie in its frame; without one the box is the square
    around the points.
    """
    origins, turns = _similarities(reference, _complex(points)[None])
    if turns[0] == 0:  # all points in one place
        known = np.isfinite(reference).all(axis=1) & np.isfinite(points).all(axis=1)
        return _moved(like, reference[known], points[known]) or Box.square_around(points)
    return _box(complex(origins[0]), complex(turns[0]))


def similarity_boxes(reference: Floats, shapes: Floats) -> list[Box]:
    """As `similarity_box`, of N shapes (N, L, 2) at once, without one that says their size."""
    return _boxes(reference, _complex(shapes))


def _boxes(reference: Floats, targets: _Complex) -> list[Box]:
    found = _somewhere(targets, *_similarities(reference, targets))
    return [_box(*each) for each in zip(*(n.tolist() for n in found), strict=True)]


def _moved(like: Box | None, reference: Floats, points: Floats) -> Box | None:
    if like is None or not len(points):
        return like
    x, y = (points - like.to_image(reference)).mean(axis=0).tolist()
    return replace(like, centre_x=like.centre_x + x, centre_y=like.centre_y + y)


def align(shapes: Sequence[Floats]) -> tuple[Floats, list[Box]]:
    """The mean shape (L, 2) in the canonical frame, and each shape's canonical box.

    shapes: N of (L, 2), in upright frames or pixels. The mean is centred, its longer side is one
    and it keeps the orientation that the shapes have on average.
    """
    first = max(shapes, key=lambda points: int(np.isfinite(points[:, 0]).sum()))
    reference = _normalised(first)
    targets = _complex(np.stack(shapes))
    for _ in range(_ROUNDS):
        origins, turns = _somewhere(targets, *_similarities(reference, targets))
        along = (targets - origins[:, None]) / turns[:, None]
        fresh = _normalised(nan_mean(np.stack([along.real, along.imag], axis=-1)))
        # The average orientation of the boxes is taken out, so that upright objects stay upright.
        heading = complex((turns / np.abs(turns)).sum())
        if abs(heading) > 0.5 * len(turns):
            fresh = Box(0, 0, 1, 1, -cmath.phase(heading)).to_frame(fresh)
        settled = np.nanmax(np.abs(fresh - reference)) < 1e-7
        reference = fresh
        if settled:
            break
    return reference, _boxes(reference, targets)


def _box(origin: complex, turn: complex) -> Box:
    return Box(origin.real, origin.imag, abs(turn), abs(turn), cmath.phase(turn))


def _similarities(reference: Floats, targets: _Complex) -> tuple[_Complex, _Complex]:
    """The boxes in whose frames N shapes lie nearest to the reference: the N places of their
    centres, and the N numbers whose sizes are their sides and whose angles are theirs; nought where
    all known points lie in one place. targets: (N, L)."""
    source = _complex(reference)
    known = np.isfinite(targets) & np.isfinite(source)
    counts = np.maximum(known.sum(axis=1), 1)
    ours = np.where(known, source, 0)
    theirs = np.where(known, targets, 0)
    middles, places = ours.sum(axis=1) / counts, theirs.sum(axis=1) / counts
    centred = np.where(known, ours - middles[:, None], 0)
    scatter = (np.abs(centred) ** 2).sum(axis=1)
    product = (centred.conj() * (theirs - places[:, None])).sum(axis=1)
    turns = np.divide(product, scatter, out=np.zeros_like(product), where=scatter > 0)
    # By the places themselves: less their mean, which is rounded, they seem to lie apart.
    for each in (source[None], targets):
        turns[_in_one_place(each, known)] = 0
    return places - turns * middles, turns


def _in_one_place(places: _Complex, known: Bools) -> Bools:
    """(N,) whether all that are known (N, L) of places (N or 1, L) are the same."""
    places = np.broadcast_to(places, known.shape)
    first = np.take_along_axis(places, known.argmax(axis=1)[:, None], axis=1)
    return np.asarray(((places == first) | ~known).all(axis=1))


def _somewhere(targets: _Complex, origins: _Complex, turns: _Complex) -> tuple[_Complex, _Complex]:
    """With the square around the points where these show no size."""
    for row in np.flatnonzero(turns == 0):
        box = Box.square_around(np.stack([targets[row].real, targets[row].imag], axis=1))
        origins[row], turns[row] = complex(box.centre_x, box.centre_y), box.side
    return origins, turns


def _complex(points: Floats) -> _Complex:
    """(..., 2) to (...), x + iy."""
    return np.asarray(points[..., 0] + 1j * points[..., 1])


def squared_distances(reference: Floats, shapes: Sequence[Floats]) -> Floats:
    """(N,) mean squared distance along an axis of each of the shapes (L, 2) from the reference
    (L, 2), where both lie alike; NaN rows are left out."""
    targets = _complex(np.stack(shapes))
    origins, turns = _somewhere(targets, *_similarities(reference, targets))
    apart = (targets - origins[:, None]) / turns[:, None] - _complex(reference)
    return np.asarray(np.nanmean(np.abs(apart) ** 2, axis=1) / 2)


def aligned(shapes: Sequence[Floats]) -> Floats:
    """(N, L, 2) each of the shapes in its canonical box."""
    _, boxes = align(shapes)
    return np.stack([b.to_frame(p) for b, p in zip(boxes, shapes, strict=True)])


def spread(shapes: Floats) -> float:
    """Mean squared distance along an axis from the mean shape of (N, L, 2)."""
    return float(np.nanmean((shapes - nan_mean(shapes)) ** 2))


def nan_mean(shapes: Floats) -> Floats:
    """(N, L, 2) to (L, 2), over the shapes in which a landmark is known; NaN where it never is."""
    known = np.isfinite(shapes)
    counts = known.sum(axis=0)
    total = np.where(known, shapes, 0.0).sum(axis=0)
    return np.where(counts > 0, total / np.maximum(counts, 1), np.nan)


def _normalised(points: Floats) -> Floats:
    return Box.square_around(points * 1e3).to_frame(points * 1e3)


def shown_box(reference: Floats, points: Floats, box: Box) -> Box:
    """Where an instance lies: as its known landmarks show, from three of them on, else its box.

    reference, points: (L, 2), points in image pixels, NaN where unknown. The only landmark of a
    scheme is where the reference has it, in a box as large.
    """
    if len(points) == 1:
        return similarity_box(reference, points, box)
    if np.isfinite(points[:, 0]).sum() < _FRAME_POINTS:
        return box
    return similarity_box(reference, points)


def likeness(shape: Floats, other: Floats) -> float:
    """Correlation of two shapes (L, 2), each about its middle; one where there is but a point."""
    known = np.isfinite(shape[:, 0]) & np.isfinite(other[:, 0])
    ours, theirs = (each[known] - nan_mean(each[known]) for each in (shape, other))
    lengths = float(np.linalg.norm(ours) * np.linalg.norm(theirs))
    return float((ours * theirs).sum()) / lengths if lengths > 0 else 1.0
