"""Local appearance around landmarks: cells of gradient orientations, indexed by the shape.

After Dalal and Triggs, "Histograms of Oriented Gradients" (CVPR 2005), sampled around the current
shape as in Xiong and De la Torre, "Supervised Descent Method" (CVPR 2013). numpy and OpenCV only.
"""

import cv2
import numpy as np

from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

SIZE = 128
"""Side in pixels of the grey crop that features are read from."""
MARGIN = 1.3
"""Side of that crop in sides of the canonical box."""
_BINS = 8
_GRID = 4
DIMENSIONS = _GRID * _GRID * _BINS
"""Numbers that describe the surroundings of one landmark."""
_SURROUNDINGS = 8.0
"""Deviation in pixels of the window that a gradient's strength is compared with."""
_FAINT = 2.0
"""Grey levels a pixel: gradients below this are noise and stay small."""
_TOGETHER = 1024
"""Places that are described at once: of many landmarks all would not fit the processor's cache."""


def grey_crop(
    pixels: Pixels, box: Box, flip: bool = False, size: int = SIZE, margin: float = MARGIN
) -> Pixels:
    """(size, size) grey crop along the box times `margin`, mirrored where `flip`."""
    return greyed(crop(pixels, box, size, margin, flip))


def greyed(pixels: Pixels) -> Pixels:
    """(H, W) of RGB or of what is grey already: where much is cropped it is done once."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def gradient_maps(grey: Pixels) -> AnyFloats:
    """(2, size, size, 4) float32: gradient strength in 8 directions, relative to the surroundings.

    In two parts of four directions, as many channels as OpenCV samples at once.
    """
    image = grey.astype(np.float32)
    across = cv2.Sobel(image, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(image, cv2.CV_32F, 0, 1, scale=0.125)
    # Not cv2.magnitude: how that one rounds depends on where the arrays lie in memory.
    strength = np.sqrt(across * across + down * down)
    usual = cv2.GaussianBlur(strength, (0, 0), _SURROUNDINGS) + _FAINT
    # |g| cos^2: neighbouring directions share a gradient, opposite ones stay apart.
    weight = 1.0 / (usual * (strength + 1e-3 * usual))
    maps = np.empty((2, *grey.shape, 4), dtype=np.float32)
    for index in range(_BINS // 2):
        angle = 2 * np.pi * index / _BINS
        along = across * np.float32(np.cos(angle)) + down * np.float32(np.sin(angle))
        squared = along * along * weight
        towards = along > 0
        maps[0, ..., index] = squared * towards
        maps[1, ..., index] = squared * ~towards
    return maps


def describe(maps: AnyFloats, shapes: AnyFloats, cell: int, margin: float = MARGIN) -> AnyFloats:
    """(P, L, DIMENSIONS) float32 descriptors of P shapes (P, L, 2) in the crop's box frame.

    cell: side in pixels of each of the 4 x 4 cells around a landmark. A descriptor is the square
    root of histograms of unit length, so that a few strong edges do not outweigh the rest.
    """
    offsets = (np.arange(_GRID) - (_GRID - 1) / 2) * cell
    # Far outside the crop every place looks like its border; OpenCV cannot address all of them.
    size = maps.shape[1]
    at = np.clip((shapes / margin + 0.5) * size - 0.5, -size, 2.0 * size).reshape(-1, 2)
    across, down = ((at[:, axis, None] + offsets).astype(np.float32) for axis in (0, 1))
    smooth = [cv2.blur(part, (cell, cell)) for part in maps]
    found = np.empty((len(at), _GRID * _GRID, _BINS), dtype=np.float32)
    for start in range(0, len(at), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        columns, rows = np.tile(across[some], _GRID), np.repeat(down[some], _GRID, axis=1)
        for part, half in zip(smooth, np.split(found[some], len(smooth), axis=-1), strict=True):
            half[...] = cv2.remap(
                part, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        each = found[some].reshape(-1, DIMENSIONS)
        each /= np.linalg.norm(each, axis=-1, keepdims=True) + np.float32(0.1)
        np.sqrt(np.maximum(each, 0.0, out=each), out=each)
    return found.reshape(*shapes.shape[:2], DIMENSIONS)
