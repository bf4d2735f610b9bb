"""Training views: parts of images, alone or side by side, disturbed."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from landmark_annotator.backends.finder.parts import (
    VIEW,
    WHOLE,
    Frame,
    View,
    random_part,
    seen_share,
)
from landmark_annotator.backends.finder.pictures import Picture
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box

_MOSAIC = 0.35
"""Share of the views that show parts of four images, so that many and small objects are seen."""
_SEEN = 0.1


def training_view(
    picture: Picture,
    others: Sequence[Picture],
    smallest: float,
    turns: bool,
    random: np.random.Generator,
) -> View:
    """(VIEW, VIEW) of the picture, in some views beside parts of three of the others. The rest is
    as of `random_part`."""
    if random.random() < _MOSAIC:
        split = [int(v) for v in random.uniform(0.35, 0.65, 2) * VIEW]
        chosen = [picture, *(others[int(random.integers(len(others)))] for _ in range(3))]
        view = _mosaic(chosen, split, smallest, turns, random)
    else:
        view = random_part(picture, (VIEW, VIEW), smallest, turns, random)
    return replace(view, pixels=_disturbed(view.pixels, random))


def _mosaic(
    pictures: Sequence[Picture],
    split: Sequence[int],
    smallest: float,
    turns: bool,
    random: np.random.Generator,
) -> View:
    """Of four, whose parts meet at `split`."""
    canvas = np.empty((VIEW, VIEW, 3), np.uint8)
    objects: list[Box] = []
    unsure: list[Box] = []
    absent: list[Box] = []
    for corner, each in enumerate(pictures):
        left, top = (corner % 2) * split[0], (corner // 2) * split[1]
        right, bottom = (VIEW if corner % 2 else split[0]), (VIEW if corner // 2 else split[1])
        part = random_part(each, (right - left, bottom - top), smallest, turns, random)
        canvas[top:bottom, left:right] = part.pixels
        frame = (left, top, right, bottom)
        for box in (_shifted(box, left, top) for box in part.objects):
            # What its neighbour cuts is neither an object to be found nor none.
            whole = seen_share(box, frame) >= WHOLE
            (objects if whole else unsure).append(box if whole else _cut(box, frame))
        for kind, boxes in ((unsure, part.unsure), (absent, part.absent)):
            moved = [_shifted(box, left, top) for box in boxes]
            kind += [_cut(box, frame) for box in moved if seen_share(box, frame) > _SEEN]
    return View(canvas, tuple(objects), tuple(unsure), tuple(absent))


def _shifted(box: Box, x: float, y: float) -> Box:
    return replace(box, centre_x=box.centre_x + x, centre_y=box.centre_y + y)


def _cut(box: Box, frame: Frame) -> Box:
    """What of the upright square around a box lies in the frame."""
    half = box.side / 2
    left, right = max(box.centre_x - half, frame[0]), min(box.centre_x + half, frame[2])
    top, bottom = max(box.centre_y - half, frame[1]), min(box.centre_y + half, frame[3])
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def _disturbed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Light, colour, blur, noise and a patch in front, each at random."""
    image = pixels.astype(np.float32)
    if random.random() < 0.2:
        image[:] = image @ np.array([[0.299], [0.587], [0.114]], dtype=np.float32)
    gains = np.exp(random.normal(0, 0.2) + random.normal(0, 0.08, 3))
    image = ((image - 128.0) * np.exp(random.normal(0, 0.2)) + 128.0) * gains.astype(np.float32)
    if random.random() < 0.15:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.5, 1.8)))
    if random.random() < 0.15:
        image += random.normal(0, random.uniform(2, 12), image.shape).astype(np.float32)
    if random.random() < 0.25:
        low = random.uniform(0, 0.85, 2) * VIEW
        high = low + random.uniform(0.05, 0.2, 2) * VIEW
        rows, columns = slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))
        image[rows, columns] = random.uniform(0, 255, 3)
    return np.asarray(np.clip(image, 0, 255), dtype=np.uint8)
