"""What is drawn over training crops: the network learns to see past it, and that it hides."""

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels

_TWO = 0.25
"""Share with a second patch."""
_SMALLEST, _LARGEST = 0.06, 0.25
"""Half the width of a patch, in sides of the crop."""


def occlude(pixels: Pixels, points: Floats, random: np.random.Generator) -> tuple[Pixels, Bools]:
    """The crop (S, S, 3) with one or two patches over it, and which of the points (L, 2), in its
    pixels, lie under them (L,). An unknown point lies under none."""
    size = len(pixels)
    mask = np.zeros((size, size), np.uint8)
    image = pixels.copy()
    for _ in range(2 if random.random() < _TWO else 1):
        patch = _patch(size, random)
        np.copyto(image, _filling(pixels, random), where=patch[..., None] > 0)
        mask |= patch
    known: Bools = np.isfinite(points[:, 0])
    cells = np.rint(np.where(known[:, None], points, -1.0)).astype(int)
    inside = ((cells >= 0) & (cells < size)).all(axis=1)
    covered = np.zeros(len(points), dtype=bool)
    covered[inside] = mask[cells[inside, 1], cells[inside, 0]] > 0
    return image, covered


def _patch(size: int, random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """(S, S) 255 in an ellipse or a turned rectangle."""
    centre = random.uniform(0.05, 0.95, 2) * size
    axes = random.uniform(_SMALLEST, _LARGEST, 2) * size
    angle = float(random.uniform(0, 180))
    mask = np.zeros((size, size), np.uint8)
    if random.random() < 0.5:
        whole = tuple(int(v) for v in centre), tuple(int(v) for v in axes)
        cv2.ellipse(mask, *whole, angle, 0, 360, 255, -1)
    else:
        sides = tuple(float(v) for v in 2 * axes)
        corners = cv2.boxPoints((tuple(float(v) for v in centre), sides, angle))
        cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 255)
    return mask


def _filling(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """(S, S, 3) what a patch shows: one colour, grain, or the photograph itself, turned and
    larger, whose colours and textures are those that hands, hair and clothes in it have."""
    size = len(pixels)
    if random.random() < 0.5:
        turn = cv2.getRotationMatrix2D(
            (size / 2, size / 2), float(random.uniform(60, 300)), float(random.uniform(1.2, 3))
        )
        turn[:, 2] += np.asarray(random.uniform(-0.4, 0.4, 2) * size)
        return np.asarray(cv2.warpAffine(pixels, turn, (size, size), borderMode=cv2.BORDER_REFLECT))
    colour = random.uniform(0, 255, 3)
    grain = random.normal(0, random.choice([0.0, 30.0]), pixels.shape)
    return np.asarray(np.clip(colour + grain, 0, 255), dtype=np.uint8)
