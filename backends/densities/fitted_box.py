"""The box that fits what the network saw, as far as it saw anything."""

import cmath

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box

WIDE = 0.09
"""Deviation of a density, in sides of the box, from which on its landmark soon ceases to count."""
SHOWN = 0.029
"""How precisely landmarks that are all seen show the box, in sides. However many they are:
neighbours are wrong together."""
MOVE = 0.3
"""How far boxes are drawn from where they fit: shift in sides, log scale and turn in radians."""
STEPS = 256
"""In a side of the box, in its size and in a radian: what is looked along is a whole number of
steps away from the box before. Wherever the model runs it then sees the very same pixels, though
the last digits of what it computes differ: a pixel that is rounded the other way is one to a
network, however near the boxes are."""


def fitting_box(reference: Floats, points: Floats, spreads: Floats, box: Box) -> Box:
    """The likeliest similarity of the reference (L, 2), given the means (L, 2) and covariances
    (L, 2, 2) of the densities in the frame of the box that was looked along.

    Least squares as in `similarity_box`, but a landmark counts the less the wider its density is,
    and leading away from the box costs something: the mean of a density that says nothing lies in
    the middle of the crop, so an even fit shrinks the box around what it does not see.
    Reference landmarks that are NaN do not count.
    """
    known = np.isfinite(reference).all(axis=1)
    source = reference[known] @ np.array([1.0, 1j])
    target = points[known] @ np.array([1.0, 1j])
    variances = np.trace(spreads[known], axis1=1, axis2=2) / 2
    weights = 1 / (1 + (variances / WIDE**2) ** 2) / len(source) / SHOWN**2
    # target = turn * source + shift, where a box that fits has a turn of one and no shift.
    across = (weights * source).sum()
    squares = np.array(
        [
            [(weights * np.abs(source) ** 2).sum() + MOVE**-2, across.conjugate()],
            [across, weights.sum() + MOVE**-2],
        ]
    )
    sums = [(weights * source.conj() * target).sum() + MOVE**-2, (weights * target).sum()]
    turn, shift = (complex(value) for value in np.linalg.solve(squares, np.array(sums)))
    centre = box.to_image(np.array([shift.real, shift.imag]))
    side = box.side * abs(turn)
    return Box(float(centre[0]), float(centre[1]), side, side, box.angle + cmath.phase(turn))


def stepped(box: Box, fitting: Box) -> Box:
    """The fitted box, to whole `STEPS` from the box that was looked along."""
    away = np.round(box.to_frame(fitting.centre) * STEPS) / STEPS
    centre = box.to_image(away)
    side = box.side * (round(fitting.side / box.side * STEPS) / STEPS)
    turn = round((fitting.angle - box.angle) * STEPS) / STEPS
    return Box(float(centre[0]), float(centre[1]), side, side, box.angle + turn)
