"""What is seen close to each landmark: patches of a photograph in a few levels of resolution."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

PATCH = 32
"""Side of a patch in pixels of its level."""
LEVELS = 3
"""Each shows twice as much as the one before, at half its resolution."""
_FINEST = 4.0
"""Pixels at most for one of the first stage's crop: the coarsest level sees what that crop saw."""
_LEAST_GAIN = 1.5
"""So many times finer a photograph must be than that crop for a second look to see more."""
CLOSE_MARGIN = 1.35


def resolution_of(sides: Sequence[float], size: int) -> float | None:
    """Pixels of the finest level in a side of the box, for boxes with these sides in pixels of
    their photographs; None where those show hardly more than the first stage's crop of `size`."""
    first = size / MARGIN
    gain = min(float(np.median(sides)) / first, _FINEST)
    return gain * first if gain >= _LEAST_GAIN else None


@dataclass(frozen=True, eq=False)
class CloseUp:
    """The surroundings of an object along its box, in `levels`, each half as large as the one
    before. resolution: pixels of the finest one in a side of the box."""

    levels: tuple[Pixels, ...]
    resolution: float

    @classmethod
    def of(cls, pixels: Pixels, box: Box, resolution: float) -> "CloseUp":
        # Whole cells of the coarsest level, so that all levels cover the same.
        step = 2 ** (LEVELS - 1)
        size = math.ceil(CLOSE_MARGIN * resolution / step) * step
        levels = [crop(pixels, box, size, size / resolution)]
        for _ in range(LEVELS - 1):
            half = len(levels[-1]) // 2
            smaller = cv2.resize(levels[-1], (half, half), interpolation=cv2.INTER_AREA)
            levels.append(np.asarray(smaller, dtype=np.uint8))
        return cls(tuple(levels), resolution)

    def patches(
        self, centres: Floats, turn: float = 0.0, scale: float = 1.0, flip: bool = False
    ) -> Pixels:
        """(n, LEVELS, PATCH, PATCH, 3) around centres (n, 2) in the box frame, finest first.

        turn, scale: of what a patch shows against the box; flip: mirrored about its centre.
        """
        found = np.empty((len(centres), LEVELS, PATCH, PATCH, 3), np.uint8)
        cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
        axes = np.array([[cos, -sin], [sin, cos]]) * ([-1.0, 1.0] if flip else [1.0, 1.0])
        middle = np.full(2, (PATCH - 1) / 2)
        for level, pixels in enumerate(self.levels):
            per_side = self.resolution / 2**level
            # Far outside of the crop every place looks like its border.
            at = np.clip(centres * per_side, -len(pixels), len(pixels)) + (len(pixels) - 1) / 2
            for index, place in enumerate(at):
                matrix = np.column_stack([axes, place - axes @ middle])
                found[index, level] = cv2.warpAffine(
                    pixels,
                    matrix,
                    (PATCH, PATCH),
                    flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                    borderMode=cv2.BORDER_REPLICATE,
                )
        return found
