"""Training views: parts of images in any size, turned, mirrored, put side by side, disturbed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from backends.finder.pictures import Picture
from backends.finder.settings import VIEW
from projects.vocabulary.arrays import Floats, Pixels
from projects.vocabulary.box import Box

_MOSAIC = 0.35
"""Share of the views that show parts of four images, so that many and small objects are seen."""
_ANCHORED = 0.85
"""Share of the parts that show a whole object somewhere; the others lie anywhere."""
_LARGEST = 1.25
"""Images are enlarged by so much at most."""
_UPRIGHT_TURN = 0.12
_FILLED = 0.92
"""Share of the view that an object fills at most, so that the whole of it is seen."""
_STRETCH = 0.06


@dataclass(frozen=True, eq=False)
class View:
    """pixels: (VIEW, VIEW, 3). Boxes in pixels of the view, also those that reach out of it."""

    pixels: Pixels
    objects: tuple[Box, ...]
    unsure: tuple[Box, ...]
    absent: tuple[Box, ...]


def training_view(
    picture: Picture,
    others: Sequence[Picture],
    smallest: float,
    turns: bool,
    random: np.random.Generator,
) -> View:
    """Of the picture, in some views beside parts of three of the others. turns: whether objects
    may point anywhere; then so do views."""
    if random.random() >= _MOSAIC:
        view = _part(picture, (VIEW, VIEW), smallest, turns, random)
        return View(_disturbed(view.pixels, random), view.objects, view.unsure, view.absent)
    split = [int(v) for v in random.uniform(0.35, 0.65, 2) * VIEW]
    chosen = [picture, *(others[int(random.integers(len(others)))] for _ in range(3))]
    canvas = np.empty((VIEW, VIEW, 3), np.uint8)
    parts: list[tuple[Box, ...]] = [(), (), ()]
    for corner, each in enumerate(chosen):
        left, top = (corner % 2) * split[0], (corner // 2) * split[1]
        right, bottom = (VIEW if corner % 2 else split[0]), (VIEW if corner // 2 else split[1])
        part = _part(each, (right - left, bottom - top), smallest, turns, random)
        canvas[top:bottom, left:right] = part.pixels
        frame = (left, top, right, bottom)
        for kind, boxes in enumerate((part.objects, part.unsure, part.absent)):
            moved = (_shifted(box, left, top) for box in boxes)
            kept = []
            for box in moved:
                share = seen_share(box, frame)
                if kind == 0 and share < 0.6:
                    # Cut by its neighbour: neither an object to be found nor none.
                    if share > 0.1:
                        parts[1] += (_cut(box, frame),)
                elif share > 0.1:
                    kept.append(box if kind == 0 else _cut(box, frame))
            parts[kind] += tuple(kept)
    return View(_disturbed(canvas, random), parts[0], parts[1], parts[2])


def seen_share(box: Box, frame: tuple[float, float, float, float]) -> float:
    """How much of a box, taken as an upright square, lies between left, top, right and bottom."""
    half = box.side / 2
    width = min(box.centre_x + half, frame[2]) - max(box.centre_x - half, frame[0])
    height = min(box.centre_y + half, frame[3]) - max(box.centre_y - half, frame[1])
    return max(width, 0.0) * max(height, 0.0) / box.side**2


def _part(
    picture: Picture,
    target: tuple[int, int],
    smallest: float,
    turns: bool,
    random: np.random.Generator,
) -> View:
    """A part of the picture, (width, height) of the target in size."""
    pixels = picture.pixels()
    width, height = target
    anchor = None
    if picture.objects and random.random() < _ANCHORED:
        anchor = picture.objects[int(random.integers(len(picture.objects)))]
    low, high = smallest * min(width, height) / VIEW, _LARGEST
    if anchor is not None:
        high = min(high, _FILLED * min(width, height) / anchor.side)
    zoom = math.exp(random.uniform(math.log(low), math.log(max(high, low))))
    if zoom < 0.75:
        size = max(round(pixels.shape[1] * zoom), 1), max(round(pixels.shape[0] * zoom), 1)
        shown = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    else:
        shown = pixels
    # What is left of the zoom, which the rounding of sides has changed a little.
    rest_x, rest_y = (
        zoom * pixels.shape[1] / shown.shape[1],
        zoom * pixels.shape[0] / shown.shape[0],
    )
    turn = random.uniform(-math.pi, math.pi) if turns else random.normal(0, _UPRIGHT_TURN)
    stretch = math.exp(random.normal(0, _STRETCH))
    flip = -1.0 if random.random() < 0.5 else 1.0
    cos, sin = math.cos(turn), math.sin(turn)
    turned = np.array([[cos, -sin], [sin, cos]]) @ np.diag([flip * stretch, 1.0 / stretch])
    linear = zoom * turned
    if anchor is not None:
        room = anchor.side * zoom / 2
        at = [
            random.uniform(room, side - room) if side > 2 * room else side / 2
            for side in (width, height)
        ]
        source = np.array([anchor.centre_x, anchor.centre_y])
    else:
        at = [width / 2, height / 2]
        source = random.uniform(0, 1, 2) * [pixels.shape[1], pixels.shape[0]]
    offset = np.array(at) - linear @ source
    matrix = np.column_stack([turned @ np.diag([rest_x, rest_y]), offset])
    fill = tuple(float(v) for v in random.uniform(0, 255, 3))
    out = cv2.warpAffine(
        shown,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT if random.random() < 0.7 else cv2.BORDER_REPLICATE,
        borderValue=fill,
    )
    frame = (0.0, 0.0, float(width), float(height))
    objects: list[Box] = []
    unsure: list[Box] = []
    absent: list[Box] = []
    for box in picture.objects:
        moved = _carried(box, linear, offset, zoom, turn, flip, turns)
        share = seen_share(moved, frame)
        if share >= 0.6:
            objects.append(moved)
        elif share > 0.05:
            unsure.append(moved)
    for kind, boxes in ((unsure, picture.unsure), (absent, picture.absent)):
        moved_all = (_carried(box, linear, offset, zoom, turn, flip, turns) for box in boxes)
        kind += [box for box in moved_all if seen_share(box, frame) > 0.05]
    return View(np.asarray(out, np.uint8), tuple(objects), tuple(unsure), tuple(absent))


def _carried(
    box: Box, linear: Floats, offset: Floats, zoom: float, turn: float, flip: float, turns: bool
) -> Box:
    x, y = linear @ [box.centre_x, box.centre_y] + offset
    angle = (box.angle if flip > 0 else math.pi - box.angle) + turn if turns else 0.0
    return Box(float(x), float(y), box.width * zoom, box.height * zoom, angle)


def _shifted(box: Box, x: float, y: float) -> Box:
    return Box(box.centre_x + x, box.centre_y + y, box.width, box.height, box.angle)


def _cut(box: Box, frame: tuple[float, float, float, float]) -> Box:
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
