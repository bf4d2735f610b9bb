"""The square of pixels that a network sees of an instance."""

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box

MARGIN = 1.3
"""Side of the crop in sides of the box: context around the object."""
_WIDEST = 32_000
"""Pixels of an image that OpenCV warps as a whole."""
_MOST_ROWS = 257
"""Bytes whose sum two bytes hold."""


def crop(pixels: Pixels, box: Box, size: int, margin: float = MARGIN, flip: bool = False) -> Pixels:
    """(size, size, 3) RGB of the box times `margin`, turned upright; mirrored where `flip`. Of a
    grey image (size, size).

    Pixels outside the image repeat its border. Averages over areas where the crop shrinks the
    image, so small crops of large photographs do not alias.
    """
    pixels_per_cell = box.side * margin / size
    matrix = _crop_to_image(box, size, margin, flip)
    if pixels_per_cell > 2.0 or max(pixels.shape) > _WIDEST:
        # Bilinear sampling reads four pixels and would skip the others: average them first.
        pixels, matrix = _reduced(pixels, matrix, size, max(int(pixels_per_cell), 1))
    return np.asarray(
        cv2.warpAffine(
            pixels,
            matrix,
            (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _crop_to_image(box: Box, size: int, margin: float, flip: bool) -> Floats:
    """(2, 3) matrix from crop pixels to image pixels."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    frame = ((corners + 0.5) / size - 0.5) * margin
    if flip:
        frame[:, 0] = -frame[:, 0]
    at = box.to_image(frame)
    return np.stack([at[1] - at[0], at[2] - at[0], at[0]], axis=1)


def _reduced(
    pixels: Pixels, matrix: Floats, size: int, factor: int
) -> tuple[npt.NDArray[np.uint8], Floats]:
    """The part of the image that the crop covers, shrunk by `factor`, and the matrix into it."""
    corners = np.array([[0, 0, 1], [size, 0, 1], [0, size, 1], [size, size, 1]]) @ matrix.T
    height, width = pixels.shape[:2]
    low = np.clip(np.floor(corners.min(axis=0)) - factor, 0, [width - 1, height - 1]).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + factor, low + 1, [width, height]).astype(int)
    blocks = -((low - high) // factor)
    shrunk = _averages(pixels, low, blocks, factor)
    moved = matrix.copy()
    # Pixel centres: the area pixel i covers source pixels i*factor .. (i+1)*factor, less a half.
    moved[:, 2] -= low
    moved[:, 2] += 0.5
    moved /= factor
    moved[:, 2] -= 0.5
    return shrunk, moved


def _averages(pixels: Pixels, low: Ints, blocks: Ints, factor: int) -> Pixels:
    """(blocks y, blocks x, ...) averages of `factor` x `factor` pixels from `low` (x, y) on; beyond
    the image its border goes on.

    Of whole numbers, so that they are the same on every machine and in every program: OpenCV's are
    sums in single precision, unless the sizes happen to divide without a remainder.
    """
    part = pixels[low[1] : low[1] + blocks[1] * factor, low[0] : low[0] + blocks[0] * factor]
    # Row by row: NumPy's own sum along the middle axis of bytes is several times as slow.
    rows: Ints = part[::factor].astype(np.uint16 if factor <= _MOST_ROWS else np.uint32)
    for row in range(1, factor):
        there = part[row::factor]
        rows[: len(there)] += there
        # Only sums are padded: a padded copy of a large photograph takes longer than all of them.
        if len(there) < len(rows):
            rows[-1] += part[-1]
    over = int(blocks[0]) * factor - part.shape[1]
    if over:
        rows = np.pad(rows, ((0, 0), (0, over), (0, 0))[: rows.ndim], mode="edge")
    columns = rows.reshape(blocks[1], blocks[0], factor, *rows.shape[2:])
    sums: Ints = columns[:, :, 0].astype(np.uint32)
    for column in range(1, factor):
        sums += columns[:, :, column]
    return np.asarray(np.rint(sums / factor**2), np.uint8)
