"""The coarse shape that the first stage learns: equations 6.1 to 6.3 of the thesis."""

import cv2
import numpy as np

from landmark_annotator.backends.segmentation.hints import Labels
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools

_REACH, _EROSION, _SIDE = 25.0, 10.0, 256
"""d_max and e_max, in pixels of a crop of this side."""


def distance_map(labels: Labels) -> AnyFloats:
    """(S, S) from -1, far outside of the region of label 1, to 1, deep inside; on both sides of its
    border in between. labels: (S, S), nought where it is not."""
    scale = _SIDE / len(labels)
    near = _REACH - np.minimum(scale * _distance(labels == 1), _REACH)
    eroded = _EROSION - np.minimum(scale * _distance(labels == 0), _EROSION)
    return np.asarray(2 * (near - eroded + _EROSION) / (_REACH + _EROSION) - 1, np.float32)


def _distance(there: Bools) -> AnyFloats:
    """(S, S) pixels to the nearest one that is there, endless where none is."""
    if not there.any():
        return np.full(there.shape, np.inf)
    away = (~there).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(away, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
