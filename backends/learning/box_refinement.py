"""Boxes corrected towards the canonical box (the paper's detection refinement, section 3.4).

A correction is four numbers in the frame of the box that was cropped: the canonical box's centre
(x, y), and its scale and turn as the complex number scale * exp(i turn) less one. Linear in the
similarity, so a linear layer can predict it.
"""

import cmath
import math

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box


def correction(box: Box, canonical: Box) -> Floats:
    """(4,) what leads from `box` to `canonical`."""
    centre = box.to_frame(canonical.centre)
    turn = cmath.rect(canonical.side / box.side, canonical.angle - box.angle)
    return np.array([centre[0], centre[1], turn.real - 1.0, turn.imag])


def corrected(box: Box, move: Floats) -> Box:
    """The inverse: the box that a (4,) correction leads to, as a square."""
    x, y, real, imaginary = (float(value) for value in move)
    turn = complex(real + 1.0, imaginary)
    # A wild prediction may not turn the box into nothing or into everything.
    scale = min(max(abs(turn), 0.3), 3.0)
    centre = box.to_image(np.clip(np.array([x, y]), -1.0, 1.0))
    angle = math.remainder(box.angle + cmath.phase(turn), 2 * math.pi)
    side = box.side * scale
    return Box(float(centre[0]), float(centre[1]), side, side, angle)


def mirrored(move: Floats) -> Floats:
    """The same correction as seen in the mirrored crop."""
    return np.asarray(move * np.array([-1.0, 1.0, 1.0, -1.0]))
