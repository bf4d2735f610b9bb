"""The training images, in the size in which objects are found, small in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import (
    MOVED_IMAGES,
    ActionableError,
    Cancelled,
    ImageError,
)
from landmark_annotator.projects.vocabulary.labelled_image import LabelledImage
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.wording import counted

_QUALITY = 95


@dataclass(frozen=True, eq=False)
class Picture:
    """An image brought to the working size, as a JPEG in memory, and its boxes in pixels of it."""

    encoded: bytes
    objects: tuple[Box, ...]
    unsure: tuple[Box, ...]
    absent: tuple[Box, ...]

    @classmethod
    def of(cls, image: LabelledImage, pixels: Pixels, size: int) -> "Picture":
        small, scale = resized(pixels, size)
        bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
        _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])

        def carried(boxes: Sequence[Box]) -> tuple[Box, ...]:
            return tuple(scaled(box, scale) for box in boxes)

        return cls(
            encoded.tobytes(),
            carried(image.objects),
            carried(image.unsure),
            carried(image.absent),
        )

    def pixels(self) -> Pixels:
        bgr = cv2.imdecode(np.frombuffer(self.encoded, np.uint8), cv2.IMREAD_COLOR)
        return np.asarray(cv2.cvtColor(np.asarray(bgr), cv2.COLOR_BGR2RGB), dtype=np.uint8)


def read_pictures(
    images: Sequence[LabelledImage], size: int, progress: Progress
) -> tuple[dict[int, Picture], list[str]]:
    """By the index of their image, without those that cannot be read; and the reasons why. Raises
    Cancelled, and ImageError where none can be read."""
    found: dict[int, Picture] = {}
    reasons: list[str] = []
    progress.start("reading images", len(images))
    for index, image in enumerate(images):
        try:
            found[index] = Picture.of(image, image.read_pixels(), size)
        except ActionableError as error:
            reasons.append(f"{image.key}: {error.happened}")
        progress.advance()
        if progress.cancelled():
            raise Cancelled("Training was stopped before it began.")
    if reasons and not found:
        raise ImageError(
            f"None of {counted(len(images), 'image')} can be read. {reasons[0]}",
            kept="Nothing was trained.",
            remedy=MOVED_IMAGES,
        )
    return found, reasons


def resized(pixels: Pixels, size: int) -> tuple[Pixels, float]:
    """With `size` as its longer side, and by how much it was scaled."""
    height, width = pixels.shape[:2]
    scale = size / max(height, width)
    target = (max(round(width * scale), 1), max(round(height * scale), 1))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, target, interpolation=how), dtype=np.uint8), scale


def scaled(box: Box, scale: float) -> Box:
    """The box in pixels of the image scaled so; centres of pixels are at whole numbers."""
    return replace(
        box,
        centre_x=(box.centre_x + 0.5) * scale - 0.5,
        centre_y=(box.centre_y + 0.5) * scale - 0.5,
        width=box.width * scale,
        height=box.height * scale,
    )
