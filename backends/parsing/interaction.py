"""The simulated hand: where a person would click who looks at a mask and knows the true one."""

import cv2
import numpy as np

from landmark_annotator.backends.parsing.hints import UNSAID, Click
from landmark_annotator.projects.vocabulary.arrays import Bools, Ints


def worst_click(found: Ints, truth: Ints, only: int | None = None) -> Click | None:
    """In the middle of the largest connected error, in pixels of the maps; None without an error.

    found, truth: (size, size) labels. only: the label whose mask alone matters. A pixel that
    belongs to a region is clicked as that; one that belongs to none, as not what was found there.
    """
    wrong = (found != truth) & (truth != UNSAID)
    if only is not None:
        wrong &= (found == only) | (truth == only)
    best: tuple[int, Bools] | None = None
    for label in np.unique(truth[wrong]) if only is None else (only, 0):
        # Of one region, what is missing and what is too much are errors of two kinds.
        kind = truth == label if only is None or label == only else truth != only
        count, parts, measures, _ = cv2.connectedComponentsWithStats(
            (wrong & kind).astype(np.uint8), connectivity=4
        )
        if count > 1:
            largest = 1 + int(measures[1:, cv2.CC_STAT_AREA].argmax())
            area = int(measures[largest, cv2.CC_STAT_AREA])
            if best is None or area > best[0]:
                best = area, parts == largest
    if best is None:
        return None
    depth = cv2.distanceTransform(np.pad(best[1], 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    true, seen = int(truth[row, column]), int(found[row, column])
    if only is not None:
        return Click(float(column), float(row), only, true == only)
    if true:
        return Click(float(column), float(row), true)
    return Click(float(column), float(row), seen, belongs=False)
