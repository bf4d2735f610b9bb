"""Masks as COCO writes them: run lengths down the columns of the whole photograph, packed into
letters, and polygons whose corners count from the corner of the first pixel."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers, without_truths
from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.errors import FormatError

_FIRST = 48
"""The letter of 0."""
_MOST_PIXELS = 1 << 28
_FARTHEST = 1e9
"""Pixels from the image beyond which a corner is taken to be there."""


def to_coco(mask: Mask, height: int, width: int) -> dict[str, Any]:
    """`segmentation` of an annotation: the compressed form that pycocotools reads."""
    columns = Mask.of(mask.array(height, width).T)
    starts, ends = (columns.spans[:, 0] * height + columns.spans[:, side] for side in (1, 2))
    # A run that ends with its column goes on in the next where that begins with one.
    joined = starts[1:] == ends[:-1]
    first = np.concatenate([[True], ~joined]) if len(starts) else np.zeros(0, bool)
    last = np.concatenate([~joined, [True]]) if len(starts) else np.zeros(0, bool)
    edges = np.column_stack([starts[first], ends[last]]).ravel()
    counts = np.diff(np.concatenate([[0], edges, [height * width]]))
    if len(counts) > 1 and counts[-1] == 0:
        counts = counts[:-1]
    return {"size": [height, width], "counts": _letters(counts)}


def from_coco(segmentation: Any, height: int, width: int) -> Mask:
    """height, width: of the photograph, for polygons. Raises FormatError for what is none."""
    if isinstance(segmentation, Mapping):
        try:
            high, wide = map(int, without_truths(segmentation["size"]))
            counts = without_truths(segmentation["counts"])
            runs = _numbers(counts) if isinstance(counts, str) else np.array(counts, dtype=np.int64)
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"its run lengths cannot be read: {error}.") from error
        if not 0 < high * wide < _MOST_PIXELS or (runs < 0).any() or runs.sum() != high * wide:
            raise FormatError("its run lengths are not those of a picture of its size.")
        flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
        return Mask.of(flat.reshape(wide, high).T)
    if not isinstance(segmentation, list) or not 0 < height * width < _MOST_PIXELS:
        raise FormatError("its segmentation is neither polygons nor run lengths.")
    found = Mask()
    for polygon in segmentation:
        found |= _polygon(polygon, height, width)
    return found


def _polygon(corners: Any, height: int, width: int) -> Mask:
    """The pixels whose middles lie inside it."""
    try:
        points = numbers(corners).reshape(-1, 2) - 0.5
    except (TypeError, ValueError) as error:
        raise FormatError(f"a polygon of it cannot be read: {error}.") from error
    if len(points) < 3 or not np.isfinite(points).all():
        raise FormatError("a polygon of it has fewer than three corners, or endless ones.")
    points = np.clip(points, -_FARTHEST, _FARTHEST)  # products of any are finite
    rows, crossings = [], []
    for (x, y), (x_then, y_then) in zip(points, np.roll(points, -1, axis=0), strict=True):
        # Of the middles of rows those from the upper end on, without the lower one. Lines that
        # lead out of the image keep their slopes within it.
        upper, lower = max(np.ceil(min(y, y_then)), 0.0), min(np.ceil(max(y, y_then)), height)
        between = np.arange(upper, lower)
        rows.append(between)
        slope = (x_then - x) / (y_then - y) if len(between) else 0.0
        crossings.append(x + (between - y) * slope)
    row, place = np.concatenate(rows), np.clip(np.concatenate(crossings), 0.0, width)
    order = np.lexsort((place, row))
    first, last = np.ceil(place[order]).reshape(-1, 2).T.astype(np.int64)
    spans = np.column_stack([row[order][::2].astype(np.int64), first, last])
    return Mask(_joined(spans[first < last])).within((0, 0, width, height))


def _joined(spans: Ints) -> Ints:
    """Those of a row that touch, as where a polygon crosses itself, are one."""
    begin, end = np.ones((2, len(spans)), dtype=bool)
    begin[1:] = (spans[1:, 0] != spans[:-1, 0]) | (spans[1:, 1] > spans[:-1, 2])
    end[:-1] = begin[1:]
    return np.column_stack([spans[begin, :2], spans[end, 2]])


def _letters(counts: Ints) -> str:
    """From the third on what a run differs from the one before the last, five bits a letter."""
    changes = counts.copy()
    changes[3:] -= counts[1:-2]
    text = bytearray()
    for value in changes.tolist():
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != (-1 if bits & 0x10 else 0)
            text.append((bits | 0x20 if more else bits) + _FIRST)
    return text.decode("ascii")


def _numbers(text: str) -> Ints:
    """Raises ValueError where it is cut short."""
    counts: list[int] = []
    value = shift = 0
    for letter in text.encode("ascii"):
        bits = letter - _FIRST
        if not 0 <= bits < 64 or shift > 40:
            raise ValueError("a letter that means nothing")
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits & 0x20:
            continue
        if bits & 0x10:
            value |= -1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    if shift:
        raise ValueError("its end is missing")
    return np.array(counts, dtype=np.int64)


def coco_box(mask: Mask) -> Sequence[float]:
    """[x, y, width, height] as COCO counts, from the corner of the first pixel."""
    return [float(value) for value in mask.bounds]
