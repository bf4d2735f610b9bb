"""What the network should say of a view."""

import math
from collections.abc import Sequence

import numpy as np

from landmark_annotator.backends.finder.network import STRIDE
from landmark_annotator.backends.finder.parts import VIEW, View
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools
from landmark_annotator.projects.vocabulary.box import Box

CELLS = VIEW // STRIDE
IGNORED, OPEN, KNOWN = 0.0, 1.0, 2.0
"""Of a cell: nothing is learned there; nobody labelled an object there, which is not to say that
there is none; it is known whether one is there."""
_SPREAD = 0.11
"""Of the target around a centre, in shorter sides of the box."""
_LEAST_SPREAD = 0.7
"""In cells."""
_AROUND = 1.5
"""Sides of a labelled box within which it is known that nothing else is centred."""


def targets(view: View) -> AnyFloats:
    """(8, CELLS, CELLS) float32: how near an object's centre is, from 0 to 1; IGNORED, OPEN or
    KNOWN; of the object that is nearest its centre (x, y), width and height in pixels of the view,
    and cosine and sine of its angle."""
    out = np.zeros((8, CELLS, CELLS), np.float32)
    out[1] = OPEN
    out[4:6] = 1.0
    axis = (np.arange(CELLS) + 0.5) * STRIDE - 0.5
    x, y = np.meshgrid(axis, axis)
    for box in view.objects:
        out[1][_inside(box, x, y, _AROUND)] = KNOWN
    for box in view.absent:
        out[1][_inside(box, x, y)] = KNOWN
    for box in view.unsure:
        out[1][_inside(box, x, y)] = IGNORED
    for box in view.objects:
        spread = max(_SPREAD * min(box.width, box.height) / STRIDE, _LEAST_SPREAD) * STRIDE
        near = np.exp(-((x - box.centre_x) ** 2 + (y - box.centre_y) ** 2) / (2 * spread**2))
        nearest = near > out[0]
        out[0][nearest] = near[nearest]
        values = (
            box.centre_x,
            box.centre_y,
            box.width,
            box.height,
            math.cos(box.angle),
            math.sin(box.angle),
        )
        for channel, value in enumerate(values, start=2):
            out[channel][nearest] = value
        out[1][near > 0.05] = KNOWN
    out[0][out[0] < 0.02] = 0.0
    return out


def stacked(views: Sequence[View]) -> AnyFloats:
    return np.stack([targets(view) for view in views])


def _inside(box: Box, x: AnyFloats, y: AnyFloats, scale: float = 1.0) -> Bools:
    half = scale * box.side / 2
    return np.asarray((abs(x - box.centre_x) <= half) & (abs(y - box.centre_y) <= half))
