"""What a network is told beside the photograph: masks that there are, clicks, and landmarks.

All as planes of half the crop's resolution, on (size, size) cells: the previous mask as one plane a
label, none among them; clicks as one plane a region, 1 in a disk where a person said that it is
there and -1 where it is not; landmarks as one plane, the contours between them drawn as lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools, Floats

Labels = npt.NDArray[np.uint8]
"""Which region each pixel belongs to, from 1; nought is none."""

STRIDE = 2
"""Pixels of the crop in a cell of the hints."""
UNSAID = 255
"""In a label map: nothing is known of this pixel."""
_RADIUS = 6.0
"""Of a click's disk, in 256ths of the crop."""
_FINE = 4
"""Binary places of OpenCV's coordinates."""


@dataclass(frozen=True)
class Click:
    """x, y: of the crop, in pixels. label: of the region, from 1."""

    x: float
    y: float
    label: int
    belongs: bool = True


def hint_count(regions: int) -> int:
    return 2 * regions + 2


def hint_planes(
    size: int,
    regions: int,
    previous: Labels | None = None,
    clicks: Sequence[Click] = (),
    lines: Sequence[Floats] = (),
) -> AnyFloats:
    """(C, size / 2, size / 2) float32.

    previous: (size, size) labels, nought of no region, UNSAID where nothing is known. lines: (n, 2)
    landmarks in pixels of the crop, joined where neither is NaN.
    """
    cells = size // STRIDE
    planes = np.zeros((hint_count(regions), cells, cells), np.float32)
    if previous is not None:
        coarse = previous[::STRIDE, ::STRIDE]
        planes[: regions + 1] = coarse == np.arange(regions + 1)[:, None, None]
    for click in clicks:
        mark_click(planes[regions + 1 : 2 * regions + 1], click, size)
    for line in lines:
        _draw_line(planes[-1], line)
    return planes


def mark_click(planes: AnyFloats, click: Click, size: int) -> None:
    """Writes it into the (R, size / 2, size / 2) planes of the clicks: later ones cover others."""
    around = max(_RADIUS * size / 256, STRIDE) / STRIDE
    x, y = ((click.x + 0.5) / STRIDE - 0.5, (click.y + 0.5) / STRIDE - 0.5)
    low = np.maximum(np.floor([x - around, y - around]).astype(int), 0)
    high = np.minimum(np.ceil([x + around, y + around]).astype(int) + 1, planes.shape[2])
    if (low >= high).any():
        return
    rows, columns = np.mgrid[low[1] : high[1], low[0] : high[0]]
    disk = (columns - x) ** 2 + (rows - y) ** 2 <= around**2
    part = planes[:, low[1] : high[1], low[0] : high[0]]
    part[:, disk] = 0.0
    part[click.label - 1, disk] = 1.0 if click.belongs else -1.0


def _draw_line(plane: AnyFloats, line: Floats) -> None:
    known: Bools = np.asarray(np.isfinite(line).all(axis=1))
    at = np.where(known[:, None], (line + 0.5) / STRIDE - 0.5, 0.0)
    fixed = np.round(np.clip(at, -1e4, 1e4) * (1 << _FINE)).astype(int).tolist()
    for first, second, both in zip(fixed[:-1], fixed[1:], known[:-1] & known[1:], strict=True):
        if both:
            cv2.line(plane, first, second, 1.0, 1, cv2.LINE_AA, _FINE)
    for place, there in zip(fixed, known, strict=True):
        if there:
            cv2.circle(plane, place, 1 << _FINE, 1.0, -1, cv2.LINE_AA, _FINE)
