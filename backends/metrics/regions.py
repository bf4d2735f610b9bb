"""How well found masks lie on the true ones."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats

Labels = npt.NDArray[np.integer[Any]]


class RegionCounts:
    """Pixels by what they were found to be and what they are, summed over pictures."""

    def __init__(self, labels: int) -> None:
        """labels: how many there are, that of no region, 0, among them."""
        self._pixels = np.zeros((labels, labels), np.int64)

    def add(self, found: Labels, truth: Labels, judged: Bools | None = None) -> None:
        """Label maps of one shape. judged: the pixels that count; all by default."""
        if judged is not None:
            found, truth = found[judged], truth[judged]
        labels = len(self._pixels)
        pairs = found.astype(np.int64).ravel() * labels + truth.ravel()
        self._pixels += np.bincount(pairs, minlength=labels**2).reshape(labels, labels)

    def overlaps(self, names: Sequence[str]) -> dict[str, float]:
        """Intersection over union of each region, by the names of the labels from 1, of those that
        are anywhere in the truth."""
        return {
            name: self.overlap(label)
            for label, name in enumerate(names, start=1)
            if self._pixels[:, label].any()
        }

    def overlap(self, label: int) -> float:
        """Intersection over union; 1 where there is none and none was found."""
        shared = int(self._pixels[label, label])
        either = int(self._pixels[label].sum() + self._pixels[:, label].sum()) - shared
        return shared / either if either else 1.0

    def accuracy(self) -> float:
        """Share of the pixels that are what they were found to be."""
        return float(np.trace(self._pixels) / max(self._pixels.sum(), 1))

    def precision(self, label: int) -> float:
        return float(self._pixels[label, label] / max(self._pixels[label].sum(), 1))

    def f1(self, label: int) -> float:
        both = self._pixels[label].sum() + self._pixels[:, label].sum()
        return float(2 * self._pixels[label, label] / max(both, 1))


def mask_overlap(found: Bools, truth: Bools) -> float:
    """Intersection over union of two masks; 1 of two empty ones."""
    either = int((found | truth).sum())
    return int((found & truth).sum()) / either if either else 1.0


def boundary_f1(found: Bools, truth: Bools, tolerance: float) -> float:
    """F1 of the border's pixels: those of one within so many pixels of the other's border.

    Csurka et al., "What is a good evaluation measure for semantic segmentation?", BMVC 2013. 1
    where neither has a border, 0 where one has none.
    """
    own, true = _border(found), _border(truth)
    if not own.any() or not true.any():
        return float(own.any() == true.any())
    precision = float((_distance(true)[own] <= tolerance).mean())
    recall = float((_distance(own)[true] <= tolerance).mean())
    return 2 * precision * recall / max(precision + recall, 1e-12)


def largest_error(kinds: Sequence[Bools]) -> tuple[int, float, float] | None:
    """Where a person would click who sees what is wrong: the number of the kind of error, and x and
    y of the pixel in the middle of its largest connected part; None where nothing is wrong."""
    largest, kind, found = 0, 0, None
    for number, wrong in enumerate(kinds):
        count, parts, measures, _ = cv2.connectedComponentsWithStats(
            wrong.astype(np.uint8), connectivity=4
        )
        if count > 1:
            part = 1 + int(measures[1:, cv2.CC_STAT_AREA].argmax())
            if measures[part, cv2.CC_STAT_AREA] > largest:
                largest, kind = int(measures[part, cv2.CC_STAT_AREA]), number
                found = parts == part
    if found is None:
        return None
    depth = cv2.distanceTransform(np.pad(found, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return kind, float(column), float(row)


def _border(mask: Bools) -> Bools:
    """Pixels of the mask beside one that is not of it; the picture's edge is none."""
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(mask & ~cv2.erode(mask.astype(np.uint8), kernel, borderValue=1).astype(bool))


def _distance(border: Bools) -> Floats:
    return np.asarray(cv2.distanceTransform((~border).astype(np.uint8), cv2.DIST_L2, 5))
