"""Photographs of one drawn texture that is bent, and what is labelled on them."""

from dataclasses import replace

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

SIDE = 240
POINTS = np.array([[70.0, 80], [165, 75], [120, 125], [80, 170], [160, 165], [120, 70]])
SCHEME = Scheme("drawn", tuple("abcdef"))
POINTING = replace(SCHEME, name="pointing", heading=(3, 5))


def texture_of(seed: int) -> Pixels:
    random = np.random.default_rng(seed)
    grey = np.full((SIDE, SIDE), 120, np.uint8)
    for _ in range(60):
        x, y = random.integers(30, SIDE - 30, 2)
        axes = random.integers(4, 26, 2)
        level = int(random.integers(0, 255))
        cv2.ellipse(grey, (int(x), int(y)), axes.tolist(), float(x), 0, 360, level, -1)
    return cv2.cvtColor(cv2.GaussianBlur(grey, (0, 0), 1.5), cv2.COLOR_GRAY2RGB)


def bent(seed: int, turn: float = 0.0, texture: int = 0) -> tuple[Pixels, Floats]:
    """The texture, seen along a box that is moved a little and turned, and bent smoothly."""
    random = np.random.default_rng(seed)
    angle, scale = turn + random.normal(0, 0.05), np.exp(random.normal(0, 0.05))
    matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), -np.degrees(angle), scale)
    matrix[:, 2] += random.normal(0, 4, 2)
    phase = random.uniform(0, 6, 2)

    def bend(at: Floats) -> Floats:
        return at + 3 * np.sin(at[..., ::-1] / 40 + phase)

    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).astype(float)
    inverse = cv2.invertAffineTransform(matrix)
    at = bend(grid) @ inverse[:, :2].T + inverse[:, 2]
    maps = at.astype(np.float32)
    pixels = cv2.remap(
        texture_of(texture), maps[..., 0], maps[..., 1], 1, borderMode=cv2.BORDER_REPLICATE
    )
    aimed = POINTS @ matrix[:, :2].T + matrix[:, 2]
    points = aimed.copy()
    for _ in range(30):
        points += aimed - bend(points)
    return pixels, points


def instance(pixels: Pixels, points: Floats, key: str = "one") -> LabelledInstance:
    return LabelledInstance(key, Box.square_around(points, 1.2), Shape(points), lambda: pixels)


def noisy(one: tuple[Pixels, Floats], seed: int) -> LabelledInstance:
    """With another texture between the landmarks."""
    pixels, points = one
    near = np.zeros((SIDE, SIDE), np.float32)
    for x, y in points:
        cv2.circle(near, (round(x), round(y)), 22, 1.0, -1)
    own = cv2.GaussianBlur(near, (0, 0), 3)[..., None]
    mixed = own * pixels + (1 - own) * texture_of(seed)
    return instance(mixed.astype(np.uint8), points, str(seed))
