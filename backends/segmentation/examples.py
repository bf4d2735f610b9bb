"""One labelled instance as parsing learns from it: a patch of pixels, its labels and landmarks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.segmentation.hints import UNSAID, Labels
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.mask import Mask

MARGINS = (1.8, 2.8125)
"""Sides of the crops in sides of the box: a near look for the small parts, and a wide one, since
hair reaches far beyond the landmarks. Their ratio is 16 to 25: in pixels of the near look, the wide
one's crop is a whole number on each side larger."""
PATCH_SIZE = 576
"""As finely as the near look sees where crops have 256 pixels."""
_PATCH_MARGIN = 4.0
PATCH_BOX = Box((PATCH_SIZE - 1) / 2, (PATCH_SIZE - 1) / 2, *[PATCH_SIZE / _PATCH_MARGIN] * 2)


@dataclass(frozen=True, eq=False)
class Example:
    """pixels: the surroundings of an instance. labels: (S, S) of its pixels, UNSAID outside of the
    photograph. points: (L, 2) in its pixels, NaN where unknown. unsaid: (R + 1,) 1 for the labels
    of which nobody said where they are: a pixel without a label may be any of them."""

    pixels: Pixels
    labels: Labels
    points: Floats
    unsaid: Labels

    @classmethod
    def cut(
        cls,
        pixels: Pixels,
        box: Box,
        points: Floats,
        masks: Mapping[str, Mask],
        names: Sequence[str],
    ) -> "Example":
        """masks: of the photograph, by the names of regions; later names lie on earlier ones."""
        height, width = pixels.shape[:2]
        labels = np.zeros((height, width), np.uint8)
        for label, name in enumerate(names, start=1):
            if name in masks:
                labels[masks[name].array(height, width)] = label
        unsaid = np.array([0, *(name not in masks for name in names)], np.uint8)
        return cls.of_labels(pixels, box, points, labels, unsaid)

    @classmethod
    def of_labels(
        cls, pixels: Pixels, box: Box, points: Floats, labels: Labels, unsaid: Labels
    ) -> "Example":
        """labels: (height, width) uint8 of the whole photograph."""
        return cls(
            crop(pixels, square(box), PATCH_SIZE, _PATCH_MARGIN),
            crop_labels(labels, square(box), PATCH_SIZE, _PATCH_MARGIN),
            PATCH_BOX.to_image(square(box).to_frame(points)),
            unsaid,
        )


def square(box: Box) -> Box:
    """Of the longer side."""
    return Box(box.centre_x, box.centre_y, box.side, box.side, box.angle)


def crop_labels(labels: Labels, box: Box, size: int, margin: float, flip: bool = False) -> Labels:
    """(size, size) uint8 of the box times `margin`, as `crop` does with pixels; each pixel has the
    label at its middle, UNSAID outside."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    frame = ((corners + 0.5) / size - 0.5) * margin
    if flip:
        frame[:, 0] = -frame[:, 0]
    at = box.to_image(frame)
    return np.asarray(
        cv2.warpAffine(
            labels,
            np.stack([at[1] - at[0], at[2] - at[0], at[0]], axis=1),
            (size, size),
            flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=UNSAID,
        )
    )


def to_crop(points: Floats, box: Box, size: int, margin: float, flip: bool = False) -> Floats:
    """(L, 2) image pixels to pixels of the crop."""
    frame = box.to_frame(points)
    if flip:
        frame = frame * [-1.0, 1.0]
    return np.asarray((frame / margin + 0.5) * size - 0.5)
