"""Where in an image the object roughly lies: the pose at which all filters together answer best.

In a box drawn a little off every landmark may be out of its filter's reach, and each then finds
something else; all of them at once agree on one place, turn and size. Each landmark may be a cell
off, as parts on springs (Felzenszwalb and Huttenlocher, "Pictorial Structures for Object
Recognition", IJCV 2005).
"""

import numpy as np

from landmark_annotator.backends.learning.local_features import describe, gradient_maps
from landmark_annotator.backends.registration.drawn_boxes import Surroundings
from landmark_annotator.backends.registration.filters import Level
from landmark_annotator.backends.registration.templates import FINE, MARGIN, look
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_CELLS = 32
"""Of either side of what is looked at: the places at which filters are asked."""
_TURNS = (-0.25, 0.0, 0.25)
"""From the box, beside which objects that lie anyhow are turned by `Search` itself."""
_SCALES = np.array([0.8, 0.9, 1.0, 1.12, 1.25])
_SIZES_NEARBY = np.array([0.96, 1.0, 1.04])


def _pairs(steps: Floats) -> Floats:
    """(P, 2) of each two steps, across and down; those across change first."""
    return np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)


_SHIFTS = _pairs(np.linspace(-0.2, 0.2, 11))
"""In sides of the box."""
_NEARBY = _pairs(np.array([-0.04, 0.0, 0.04]))


def posed(
    pixels: Pixels,
    box: Box,
    shapes: Floats,
    level: Level,
    filters: Floats,
    around: Surroundings,
) -> Floats:
    """(L, 2) in image pixels: where the filters (L, F) of a level answer best to one of the shapes
    (S, L, 2) in the frame of the box, turned, scaled and shifted in it, where the object may be.
    Turn, scale and shift are found with the first shape alone."""
    first = _cells(_placed(shapes[:1], _SCALES, _SHIFTS))
    found: list[tuple[float, int, Box, AnyFloats]] = []
    for turn in _TURNS:
        turned = box.moved(turn=turn)
        answers = _answers(gradient_maps(look(pixels, turned, FINE)), level, filters)
        found.append(
            (*_best(first, answers, _left_out(shapes[0], turned, around)), turned, answers)
        )
    _, best, turned, answers = max(found, key=lambda each: each[0])
    scale, shift = divmod(best, len(_SHIFTS))
    nearby = _placed(shapes, _SCALES[scale] * _SIZES_NEARBY, _SHIFTS[shift] + _NEARBY)
    return turned.to_image(nearby[_best(_cells(nearby), answers)[1]])


def _left_out(shape: Floats, box: Box, around: Surroundings) -> Floats:
    """(C,) of the shape (L, 2) in the frame of the box, in every scale and, within, with each
    shift: nought where the object may be there, else less than anything."""
    scaled = box.to_image(_SCALES[:, None, None] * shape)
    shifts = box.to_image(_SHIFTS) - box.to_image(np.zeros(2))
    return np.where(around.hold(scaled, shifts).ravel(), 0.0, -np.inf)


def _placed(shapes: Floats, scales: Floats, shifts: Floats) -> Floats:
    """(C, L, 2) every shape (S, L, 2) in every scale (K,) and, within, shifted by each (P, 2)."""
    scaled = scales[:, None, None, None] * shapes
    return np.asarray((scaled[:, :, None] + shifts[:, None]).reshape(-1, *shapes.shape[1:]))


def _answers(maps: AnyFloats, level: Level, filters: Floats) -> AnyFloats:
    """(_CELLS, _CELLS, L) the most that a landmark's filter answers in a cell and beside it."""
    middles = (np.arange(_CELLS) + 0.5) / _CELLS - 0.5
    grid = MARGIN * _pairs(middles)[None]
    seen = (describe(maps, grid, level.cell, MARGIN)[0] @ filters.T).astype(np.float32)
    most = seen.reshape(_CELLS, _CELLS, -1)
    for axis in (0, 1):
        lines = np.moveaxis(most, axis, 0)
        most = lines.copy()
        np.maximum(most[1:], lines[:-1], out=most[1:])
        np.maximum(most[:-1], lines[1:], out=most[:-1])
        most = np.moveaxis(most, 0, axis)
    return np.asarray(most)


def _cells(candidates: Floats) -> Ints:
    """(C, L) the cells in which the landmarks of the (C, L, 2) lie, counted by rows."""
    cells = np.clip(((candidates / MARGIN + 0.5) * _CELLS).astype(int), 0, _CELLS - 1)
    return np.asarray(cells[..., 1] * _CELLS + cells[..., 0])


def _best(cells: Ints, answers: AnyFloats, before: AnyFloats | float = 0.0) -> tuple[float, int]:
    """The best mean answer to landmarks in one of the (C, L) cells, and which. before: (C,) by how
    much more they are expected there."""
    count = answers.shape[2]
    means = answers.ravel().take(cells * count + np.arange(count)).mean(axis=1) + before
    best = int(means.argmax())
    return float(means[best]), best
