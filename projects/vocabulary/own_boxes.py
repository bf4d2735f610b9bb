"""The box that an object would have of its own, where the box it has is all of its image.

A label file brings a box around its landmarks; an image of which it was said that its object fills
it has a box that is the whole image. Where a project has both, these are objects of two sizes: to a
model, which finds nowhere in the one what it learned from the other, and to whoever reads errors in
percent of a box. There a whole image is taken for a box that nobody has drawn yet: the square
around the object's landmarks stands for it, as for labels from a file, and where these are not all
known the box that labelled objects mostly have in their images.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.shape import Shape

_FRAME_POINTS = 2
"""Known landmarks from which on they say how large the object is."""


@dataclass(frozen=True)
class UsualBox:
    """In longer sides of the image, from its centre."""

    centre: tuple[float, float]
    sides: tuple[float, float]

    @classmethod
    def of(cls, boxes: Floats) -> "UsualBox":
        """The median of boxes (N, 4), see `boxes_in_images`."""
        x, y, width, height = np.median(boxes, axis=0).tolist()
        return cls((x, y), (width, height))

    def box(self, width: int, height: int) -> Box:
        """In an image of this size."""
        longer = max(width, height)
        return Box(
            (width - 1) / 2 + self.centre[0] * longer,
            (height - 1) / 2 + self.centre[1] * longer,
            self.sides[0] * longer,
            self.sides[1] * longer,
        )


def boxes_in_images(boxes: Sequence[tuple[Box, int, int]]) -> Floats:
    """(N, 4) centres from the images' centres, widths and heights, all in longer sides of the
    images. boxes: each with its image's width and height in pixels."""
    rows = np.empty((len(boxes), 4))
    for row, (box, width, height) in zip(rows, boxes, strict=True):
        x, y = box.centre_x - (width - 1) / 2, box.centre_y - (height - 1) / 2
        row[:] = np.array([x, y, box.width, box.height]) / max(width, height)
    return rows


@dataclass(frozen=True)
class OwnBoxes:
    """typical: of the labelled objects."""

    typical: UsualBox

    def of_pixels(self, box: Box, pixels: Pixels) -> Box:
        """The box itself; in place of all of the image (height, width, 3) the typical one."""
        height, width = pixels.shape[:2]
        return self.typical.box(width, height) if is_whole(box, width, height) else box

    def of_labelled(self, instance: LabelledInstance, width: int, height: int) -> LabelledInstance:
        """Of an image of this size."""
        if not is_whole(instance.box, width, height):
            return instance
        around = square_around_shape(instance.shape)
        return replace(instance, box=around or self.typical.box(width, height))


def is_whole(box: Box, width: int, height: int) -> bool:
    """Whether the box is all of an image of this size."""
    return box == Box.whole_image(width, height)


def may_be_whole(box: Box) -> bool:
    """Whether there is an image of whatever size that the box is all of: no store is asked."""
    width, height = round(box.width), round(box.height)
    return min(width, height) > 0 and is_whole(box, width, height)


def square_around_shape(shape: Shape) -> Box | None:
    """None around part of a shape: what is not known of it yet may be far from the rest."""
    return square_around_all(shape.points[~shape.absent])


def square_around_all(points: Floats) -> Box | None:
    """points: (n, 2) of all landmarks that are in the image, NaN where unknown."""
    if len(points) < _FRAME_POINTS or not np.isfinite(points).all():
        return None
    return Box.square_around(points)
