"""Training crops: every labelled instance kept as one small patch, cropped again at random."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from landmark_annotator.backends.learning.box_refinement import corrected, correction, mirrored
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.held_out import jittered
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import (
    MOVED_IMAGES,
    ActionableError,
    Cancelled,
    ImageError,
)
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.unlabelled_instance import UnlabelledInstance
from landmark_annotator.projects.vocabulary.wording import counted

T = TypeVar("T")

_PATCH_SIZE = 176
_PATCH_MARGIN = 2.0
_PATCH_BOX = Box((_PATCH_SIZE - 1) / 2, (_PATCH_SIZE - 1) / 2, *[_PATCH_SIZE / _PATCH_MARGIN] * 2)
_UNIT = Box(0, 0, 1, 1)


@dataclass(frozen=True, eq=False)
class Patch:
    """pixels: the surroundings of an instance in its canonical frame, so photographs of any size
    cost the same memory; box: the instance's own box in the patch's pixels."""

    pixels: Pixels
    box: Box


def make_patches(
    instances: Sequence[LabelledInstance], canonical: Sequence[Box], progress: Progress
) -> tuple[dict[int, Patch], list[str]]:
    """Patches by the index of their instance, without those whose image cannot be read; and the
    reasons why. Raises Cancelled."""

    def cut(index: int, pixels: Pixels) -> Patch:
        patch = crop(pixels, canonical[index], _PATCH_SIZE, _PATCH_MARGIN)
        return Patch(patch, carried(instances[index].box, canonical[index], _PATCH_BOX))

    return read_all(instances, cut, progress)


def read_all(
    instances: Sequence[LabelledInstance | UnlabelledInstance],
    cut: Callable[[int, Pixels], T],
    progress: Progress,
    stage: str = "reading images",
) -> tuple[dict[int, T], list[str]]:
    """What is cut from the image of each instance, by its index, without those whose image cannot
    be read; and the reasons why. Raises Cancelled, and ImageError where none can be read."""
    found: dict[int, T] = {}
    reasons: list[str] = []
    progress.start(stage, len(instances))
    for index, instance in enumerate(instances):
        try:
            pixels = instance.read_pixels()
        except ActionableError as error:
            reasons.append(f"{instance.key}: {error.happened}")
        else:
            found[index] = cut(index, pixels)
        progress.advance()
        if progress.cancelled():
            raise Cancelled("Training was stopped before it began.")
    if reasons and not found:
        raise ImageError(
            f"Of {counted(len(instances), 'object')} no image can be read. {reasons[0]}",
            kept="Nothing was trained.",
            remedy=MOVED_IMAGES,
        )
    return found, reasons


def carried(box: Box, frame: Box, patch: Box) -> Box:
    """A box of the image, as a square in the pixels of a patch: where `frame` of the image is
    `patch`."""
    centre = patch.to_image(frame.to_frame(box.centre))
    side = box.side / frame.side * patch.side
    return Box(float(centre[0]), float(centre[1]), side, side, box.angle - frame.angle)


def training_crop(
    patch: Patch, size: int, flip: bool, random: np.random.Generator
) -> tuple[Pixels, Floats]:
    """A crop as the network may meet it, and the (4,) correction that leads to the canonical box.

    One half starts from the box as a person draws it, the other from near the canonical box,
    where refinement arrives.
    """
    if random.random() < 0.5:
        # Most boxes are drawn well; now and then one is far off, so that refinement knows those.
        loose = 0.07 if random.random() < 0.85 else 0.2
        start, shift, scale, turn = patch.box, loose, loose, 0.1
    else:
        start, shift, scale, turn = _PATCH_BOX, 0.03, 0.05, 0.12
    box = jittered(start, random, shift, scale, turn)
    pixels = crop(patch.pixels, box, size, flip=flip)
    move = correction(box, _PATCH_BOX)
    return _disturbed(pixels, random), mirrored(move) if flip else move


def in_crop(shape: Floats, move: Floats) -> Floats:
    """(L, 2) of the canonical frame in the frame of the crop's box, which `move` leads from."""
    return corrected(_UNIT, move).to_image(shape)


def _disturbed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Light, colour, blur and an occluding rectangle, each at random."""
    size = len(pixels)
    image = pixels.astype(np.float32)
    if random.random() < 0.2:
        image[:] = image @ np.array([[0.299], [0.587], [0.114]], dtype=np.float32)
    gains = np.exp(random.normal(0, 0.2) + random.normal(0, 0.08, 3))
    image = (image - 128.0) * np.exp(random.normal(0, 0.15)) + 128.0
    image = np.clip(image * gains.astype(np.float32), 0, 255)
    if random.random() < 0.2:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.5)))
    if random.random() < 0.3:
        width, height = (random.uniform(0.1, 0.4, 2) * size).astype(int)
        left = int(random.integers(0, size - width))
        top = int(random.integers(0, size - height))
        image[top : top + height, left : left + width] = random.uniform(0, 255, 3)
    return np.asarray(image, dtype=np.uint8)
