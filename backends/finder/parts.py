"""A part of an image as a network may meet it: in any size, turned, mirrored."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from landmark_annotator.backends.finder.pictures import Picture
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

Frame = tuple[float, float, float, float]
"""Left, top, right and bottom."""

VIEW = 192
"""Side in pixels of the squares that the network learns from."""
WHOLE = 0.6
"""Share of a box that has to be seen for its object to be one that is to be found."""
_ANCHORED = 0.85
"""Share of the parts that show a whole object somewhere; the others lie anywhere."""
_LARGEST = 1.25
"""Images are enlarged by so much at most."""
_FILLED = 0.92
"""Share of the part that an object fills at most, so that the whole of it is seen."""
_SHRUNK = 0.75
"""Below this size an image is averaged first, or its pixels would alias."""
_UPRIGHT_TURN, _STRETCH = 0.12, 0.06
_BORDERED = 0.7
"""Share of the parts that have a colour where the image ends; in the others its border goes on."""
_SEEN = 0.05


@dataclass(frozen=True, eq=False)
class View:
    """pixels: (height, width, 3). Boxes in pixels of it, also those that reach out of it."""

    pixels: Pixels
    objects: tuple[Box, ...]
    unsure: tuple[Box, ...]
    absent: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class _Placing:
    """From pixels of the image to those of the part: linear @ (x, y) + offset. flip: minus one
    where it is mirrored; turn: in radians, after that."""

    linear: Floats
    offset: Floats
    zoom: float
    turn: float
    flip: float

    def box(self, box: Box, turns: bool) -> Box:
        """turns: whether boxes are turned at all."""
        x, y = self.linear @ box.centre + self.offset
        angle = (box.angle if self.flip > 0 else math.pi - box.angle) + self.turn
        sides = box.width * self.zoom, box.height * self.zoom
        return Box(float(x), float(y), *sides, angle if turns else 0.0)


def random_part(
    picture: Picture,
    size: tuple[int, int],
    smallest: float,
    turns: bool,
    random: np.random.Generator,
) -> View:
    """size: (width, height). smallest: share of its size down to which the image is shown. turns:
    whether objects may point anywhere; then so does the part."""
    pixels = picture.pixels()
    anchor = None
    if picture.objects and random.random() < _ANCHORED:
        anchor = picture.objects[int(random.integers(len(picture.objects)))]
    low, high = smallest * min(size) / VIEW, _LARGEST
    if anchor is not None:
        high = min(high, _FILLED * min(size) / anchor.side)
    zoom = math.exp(random.uniform(math.log(low), math.log(max(high, low))))
    placing = _placed(pixels, anchor, size, zoom, turns, random)
    shown = _warped(pixels, placing, size, random)
    frame = (0.0, 0.0, float(size[0]), float(size[1]))
    objects = [placing.box(box, turns) for box in picture.objects]
    cut = [box for box in objects if _SEEN < seen_share(box, frame) < WHOLE]
    unsure = [placing.box(box, turns) for box in picture.unsure]
    absent = [placing.box(box, turns) for box in picture.absent]
    return View(
        shown,
        tuple(box for box in objects if seen_share(box, frame) >= WHOLE),
        (*cut, *(box for box in unsure if seen_share(box, frame) > _SEEN)),
        tuple(box for box in absent if seen_share(box, frame) > _SEEN),
    )


def seen_share(box: Box, frame: Frame) -> float:
    """How much of a box, taken as an upright square, lies in the frame."""
    half = box.side / 2
    width = min(box.centre_x + half, frame[2]) - max(box.centre_x - half, frame[0])
    height = min(box.centre_y + half, frame[3]) - max(box.centre_y - half, frame[1])
    return max(width, 0.0) * max(height, 0.0) / box.side**2


def _placed(
    pixels: Pixels,
    anchor: Box | None,
    size: tuple[int, int],
    zoom: float,
    turns: bool,
    random: np.random.Generator,
) -> _Placing:
    """With the anchor somewhere in the part, or the part somewhere in the image."""
    turn = float(random.uniform(-math.pi, math.pi) if turns else random.normal(0, _UPRIGHT_TURN))
    stretch = math.exp(random.normal(0, _STRETCH))
    flip = -1.0 if random.random() < 0.5 else 1.0
    cos, sin = math.cos(turn), math.sin(turn)
    turned = np.array([[cos, -sin], [sin, cos]]) @ np.diag([flip * stretch, 1.0 / stretch])
    linear = zoom * turned
    if anchor is None:
        at = [size[0] / 2, size[1] / 2]
        source = random.uniform(0, 1, 2) * [pixels.shape[1], pixels.shape[0]]
    else:
        room = anchor.side * zoom / 2
        at = [random.uniform(room, side - room) if side > 2 * room else side / 2 for side in size]
        source = anchor.centre
    return _Placing(linear, np.array(at) - linear @ source, zoom, turn, flip)


def _warped(
    pixels: Pixels, placing: _Placing, size: tuple[int, int], random: np.random.Generator
) -> Pixels:
    height, width = pixels.shape[:2]
    if placing.zoom < _SHRUNK:
        small = max(round(width * placing.zoom), 1), max(round(height * placing.zoom), 1)
        pixels = np.asarray(cv2.resize(pixels, small, interpolation=cv2.INTER_AREA), np.uint8)
    shrunk = np.array([width / pixels.shape[1], height / pixels.shape[0]])
    # Centres of pixels are at whole numbers, before and after: i of the small is (i + 1/2) s - 1/2.
    offset = placing.offset + placing.linear @ ((shrunk - 1) / 2)
    fill = tuple(float(v) for v in random.uniform(0, 255, 3))
    constant = random.random() < _BORDERED
    warped = cv2.warpAffine(
        pixels,
        np.column_stack([placing.linear * shrunk, offset]),
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT if constant else cv2.BORDER_REPLICATE,
        borderValue=fill,
    )
    return np.asarray(warped, np.uint8)
