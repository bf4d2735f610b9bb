"""From how likely each cell of a box belongs to each region to masks of the photograph."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.mask import Mask, Window
from landmark_annotator.projects.vocabulary.region_map import RegionMap

_MOST_REGIONS = 254


def found_masks(found: RegionMap, width: int, height: int) -> dict[str, Mask]:
    """Of each region the pixels where it is likelier than any other and than none.

    width, height: of the photograph. A region that is nowhere has an empty mask.
    """
    left, top, across, down = window = _window(found, width, height)
    if across <= 0 or down <= 0:
        return {name: Mask() for name in found.regions}
    labels = label_map(found, window)
    return {
        name: Mask.of(labels == label, left, top)
        for label, name in enumerate(found.regions, start=1)
    }


def found_mask(found: RegionMap, region: str, width: int, height: int) -> Mask:
    """As `found_masks`, of this one."""
    left, top, across, down = window = _window(found, width, height)
    if across <= 0 or down <= 0:
        return Mask()
    return Mask.of(label_map(found, window) == 1 + found.regions.index(region), left, top)


def label_map(found: RegionMap, window: Window) -> npt.NDArray[np.uint8]:
    """(height, width) of the window: the number of the likeliest region from 1, 0 for none.

    Between the cells' middles probabilities are interpolated: what is decided is each pixel, so
    that borders are as smooth as these.
    """
    assert len(found.regions) <= _MOST_REGIONS
    _, _, width, height = window
    matrix = _to_cells(found, window)
    labels = np.zeros((height, width), np.uint8)
    best = np.zeros((height, width), np.float32)
    none = np.ones((height, width), np.float32)
    for label, likely in enumerate(found.probabilities.astype(np.float32), start=1):
        here = cv2.warpAffine(
            likely, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        none -= here
        better = here > best
        labels[better] = label
        best[better] = here[better]
    labels[best <= none] = 0
    return labels


def _to_cells(found: RegionMap, window: Window) -> Floats:
    """(2, 3) from pixels of the window to columns and rows of cells."""
    left, top, _, _ = window
    rows, columns = found.probabilities.shape[1:]
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]) + np.array([left, top])
    sides = np.array([found.box.width, found.box.height])
    shares = found.box.to_frame(corners) * found.box.side / sides + 0.5
    at = shares * [columns, rows] - 0.5
    return np.stack([at[1] - at[0], at[2] - at[0], at[0]], axis=1)


def _window(found: RegionMap, width: int, height: int) -> Window:
    """The part of the photograph that the box reaches into."""
    half = np.array([found.box.width, found.box.height]) / (2 * found.box.side)
    frame = np.array([[x, y] for x in (-half[0], half[0]) for y in (-half[1], half[1])])
    corners = found.box.to_image(frame)
    low, high = corners.min(axis=0), corners.max(axis=0)
    left, top = (max(math.floor(each), 0) for each in low)
    right, bottom = math.ceil(high[0]) + 1, math.ceil(high[1]) + 1
    return left, top, min(right, width) - left, min(bottom, height) - top
