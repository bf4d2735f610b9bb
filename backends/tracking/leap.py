"""Where what a box shows has gone in another frame, as a whole: farther than flow can follow."""

import numpy as np

from landmark_annotator.backends.tracking.flow import looked_at
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_CELLS = 32
"""Cells along the box's side in which both frames are compared."""


def leap_of(earlier: Pixels, later: Pixels, box: Box) -> Floats:
    """(2,) pixels, at most one side of the box along each axis: by which the upright square around
    the box correlates most with the later frame. To a cell; an object that turns much has none.

    earlier, later: (height, width, 3) RGB or (height, width).
    """
    import cv2  # It takes a while to load, and a window is to be seen before.

    side = box.side
    corner = box.centre - side / 2
    before = looked_at(earlier, corner, side, _CELLS)
    after = looked_at(later, corner - side, 3 * side, 3 * _CELLS)
    alike = cv2.matchTemplate(after, before, cv2.TM_CCOEFF_NORMED)
    row, column = np.unravel_index(int(np.argmax(alike)), alike.shape)
    return np.array([float(column) - _CELLS, float(row) - _CELLS]) * side / _CELLS
