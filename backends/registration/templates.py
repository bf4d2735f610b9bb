"""Labelled images in one common frame, and what is computed of each of them once.

A template is a `LabelledInstance`: of another image, of an earlier frame, of another view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from landmark_annotator.backends.learning.local_features import grey_crop, greyed
from landmark_annotator.backends.shapes.fitting.alignment import align, nan_mean, shown_box
from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry
from landmark_annotator.backends.shapes.fitting.prior import symmetry_of
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape

MARGIN = 1.4
"""Side of the part of an image that is looked at, in sides of the object's box."""
SIZE = 160
"""Pixels of its side where images are aligned as a whole."""
_SURROUNDINGS = 1 / 12
"""Of the side of an image: what counts as around a place."""
_FAINT = 5.0
"""Grey levels: what varies less than this in its surroundings is noise and stays small."""

FINE = 128
"""Pixels of the side of what the filters of single landmarks look at."""
FINER = (2 * FINE, 4 * FINE)
"""And where the photograph has as many: its own pixels are what a person places landmarks by."""
THUMBNAIL = 24


@dataclass(frozen=True, eq=False)
class Frames:
    """The frame in which all objects look alike, and how to come to it from a drawn box.

    reference: (L, 2) the mean shape in that frame. drawn: (L, 2) the mean shape in the frame of a
    drawn box, turned by the heading where the scheme has one. boxes: of each template in the image
    that it is from; the frame of such a box is the common one. symmetry: of shapes in that frame
    and in drawn boxes alike.
    """

    reference: Floats
    drawn: Floats
    boxes: tuple[Box, ...]
    symmetry: Symmetry | None

    @classmethod
    def of(cls, templates: Sequence[LabelledInstance], scheme: Scheme) -> "Frames":
        turned = [headed(each.box, each.shape, scheme) for each in templates]
        framed = [box.to_frame(t.shape.points) for box, t in zip(turned, templates, strict=True)]
        reference, _ = align(framed)
        symmetry = symmetry_of(scheme, np.stack(framed))
        if symmetry is not None:
            mirrored = reference[symmetry.order] * symmetry.signs
            reference = nan_mean(np.stack([reference, mirrored]))
        boxes = [
            shown_box(reference, each.shape.points, box)
            for each, box in zip(templates, turned, strict=True)
        ]
        return cls(reference, nan_mean(np.stack(framed)), tuple(boxes), symmetry)


@dataclass(frozen=True, eq=False)
class View:
    """What is seen along a box. points: (L, 2) in the frame of the box, NaN where unknown; doubts:
    (L,) deviations of their errors along each axis, infinite where unknown; crops: what filters
    look at, by the pixels of its side."""

    points: Floats
    doubts: Floats
    grey: Pixels
    crops: Mapping[int, Pixels]

    @classmethod
    def along(cls, pixels: Pixels, box: Box, points: Floats, doubts: Floats) -> "View":
        pixels = greyed(pixels)
        sizes = [FINE, *(size for size in FINER if resolves(box, size))]
        crops = {size: look(pixels, box, size) for size in sizes}
        return cls(points, doubts, look(pixels, box), crops)

    def mirrored(self, symmetry: Symmetry) -> "View":
        """As good a template as itself where objects have partners."""
        axis = 1 if symmetry.signs[0] < 0 else 0
        return View(
            self.points[symmetry.order] * symmetry.signs,
            self.doubts[symmetry.order],
            np.ascontiguousarray(np.flip(self.grey, axis)),
            {n: np.ascontiguousarray(np.flip(crop, axis)) for n, crop in self.crops.items()},
        )

    @cached_property
    def even(self) -> Pixels:
        """The grey image with light and contrast made even."""
        return evened(self.grey)

    @cached_property
    def thumbnail(self) -> AnyFloats:
        """See the function."""
        return thumbnail(self.even)


def resolves(box: Box, size: int) -> bool:
    """Whether the image has a pixel for each of a look of this size along the box."""
    return MARGIN * box.side >= size


def look(pixels: Pixels, box: Box, size: int = SIZE) -> Pixels:
    """(size, size) the grey surroundings of the box, turned upright."""
    return grey_crop(pixels, box, size=size, margin=MARGIN)


def evened(grey: Pixels) -> Pixels:
    """Less the mean of the surroundings, and over their deviation: light and exposure differ
    between images of one thing more than its edges do."""
    image = grey.astype(np.float32)
    reach = len(grey) * _SURROUNDINGS
    offset = image - cv2.GaussianBlur(image, (0, 0), reach)
    deviation = np.sqrt(cv2.GaussianBlur(offset * offset, (0, 0), reach))
    return np.asarray(np.clip(128 + 45 * offset / (deviation + _FAINT), 0, 255), dtype=np.uint8)


def thumbnail(even: Pixels) -> AnyFloats:
    """(THUMBNAIL^2,) of an evened image, centred and of unit length: the product of two is how
    alike they look as a whole."""
    small = cv2.resize(even, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)
    return unit_length(small.ravel().astype(np.float64))


def unit_length(pictures: AnyFloats) -> AnyFloats:
    """(..., N) each centred and of unit length."""
    offset = pictures - pictures.mean(axis=-1, keepdims=True)
    return np.asarray(offset / (np.linalg.norm(offset, axis=-1, keepdims=True) + 1e-6))


def views_of(
    pixels: Pixels, box: Box, shape: Shape, doubts: Floats, symmetry: Symmetry | None
) -> list[View]:
    """Of a labelled image: itself, and its mirror image where objects have partners."""
    view = View.along(pixels, box, box.to_frame(shape.points), doubts)
    return [view] if symmetry is None else [view, view.mirrored(symmetry)]
