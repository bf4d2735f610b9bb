"""What strokes, outlines and fills of a hand are as masks: pure, in the photograph's pixels.

Only the window that a stroke touches is ever an array, however large the photograph is.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.mask import Window

_FINE = 4
"""Bits behind the point of places that OpenCV draws at: a sixteenth of a pixel."""

Place = tuple[float, float]
Size = tuple[int, int]
"""(width, height) of the photograph."""


def stroke(places: Sequence[Place], diameter: float, size: Size) -> Mask:
    """All pixels that a round brush touches on its way through the places."""
    points = np.array(places, dtype=np.float64).reshape(-1, 2)
    reach = diameter / 2
    window = _window(points, reach + 1, size)
    left, top, width, height = window
    if width <= 0 or height <= 0:
        return Mask()
    drawn = np.zeros((height, width), np.uint8)
    fine = np.round((points - (left, top)) * (1 << _FINE)).astype(np.int32)
    # A pixel belongs to the brush where its middle does; thin brushes touch one at least.
    radius = max(round(reach * (1 << _FINE)), 1)
    thick = max(round(diameter), 1)
    for place in fine:
        x, y = int(place[0]), int(place[1])
        cv2.circle(drawn, (x, y), radius, 1, cv2.FILLED, cv2.LINE_8, _FINE)
    if len(fine) > 1:
        cv2.polylines(drawn, [fine.reshape(-1, 1, 2)], False, 1, thick, cv2.LINE_8, _FINE)
    for x, y in np.round(points - (left, top)).astype(int):
        if 0 <= x < width and 0 <= y < height:
            drawn[y, x] = 1
    return Mask.of(drawn, left, top)


def outlined(corners: Sequence[Place], size: Size) -> Mask:
    """The pixels whose middles lie inside the polygon, or on its border."""
    points = np.array(corners, dtype=np.float64).reshape(-1, 2)
    left, top, width, height = _window(points, 1, size)
    if len(points) < 3 or width <= 0 or height <= 0:
        return Mask()
    drawn = np.zeros((height, width), np.uint8)
    fine = np.round((points - (left, top)) * (1 << _FINE)).astype(np.int32)
    cv2.fillPoly(drawn, [fine.reshape(-1, 1, 2)], 1, cv2.LINE_8, _FINE)
    return Mask.of(drawn, left, top)


def hole_at(mask: Mask, place: Place) -> Mask:
    """The pixels around the place that the mask encloses on all sides; none where it does not."""
    x, y = (math.floor(value + 0.5) for value in place)
    left, top, width, height = mask.bounds
    if mask.holds(*place) or not (left <= x < left + width and top <= y < top + height):
        return Mask()
    window = (left - 1, top - 1, width + 2, height + 2)
    outside = (~mask.inside(window)).astype(np.uint8)
    _, parts = cv2.connectedComponents(outside, connectivity=4)
    part = parts[y - top + 1, x - left + 1]
    return Mask() if part == parts[0, 0] else Mask.of(parts == part, left - 1, top - 1)


def alike(pixels: Pixels, place: Place, tolerance: int, within: Window) -> Mask:
    """The pixels in the window that hang together with the one at the place and whose colours
    differ from that one's by so much at most, in each of red, green and blue."""
    height, width = pixels.shape[:2]
    left, top = max(within[0], 0), max(within[1], 0)
    right, bottom = min(within[0] + within[2], width), min(within[1] + within[3], height)
    x, y = (math.floor(value + 0.5) for value in place)
    if not (left <= x < right and top <= y < bottom):
        return Mask()
    piece = np.ascontiguousarray(pixels[top:bottom, left:right])
    filled = np.zeros((bottom - top + 2, right - left + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
    bound = (tolerance,) * 3
    cv2.floodFill(piece, filled, (x - left, y - top), 0, bound, bound, flags)
    return Mask.of(filled[1:-1, 1:-1], left, top)


def _window(points: Floats, margin: float, size: Size) -> Window:
    """Of the photograph, round all of the places."""
    if not len(points):
        return 0, 0, 0, 0
    low = np.maximum(np.floor(points.min(axis=0) - margin), 0).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0) + margin) + 1, size).astype(int)
    (left, top), (right, bottom) = low.tolist(), high.tolist()
    return left, top, right - left, bottom - top
