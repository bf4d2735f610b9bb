"""Masks as Label Studio's brush writes them: the bytes of a picture (RGBA), in packed runs.

The packing is that of @thi.ng/rle-pack: 32 bits say how many words there are, 5 their size less
one, 4 times 4 the sizes less one of four kinds of counts. Then pieces: a bit says whether it is a
run or words as they are, two bits which kind of count, then the count less one, then the word or
words.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.errors import FormatError

_CHANNELS, _ALPHA = 4, 3
_WORD = 8
_COUNTS = (3, 4, 8, 16)
"""Bits of the four kinds of counts."""
_SEEN = 127
"""A pixel is the mask's where its alpha is above this."""
_MOST_PIXELS = 1 << 26


def to_brush(mask: Mask, height: int, width: int) -> list[int]:
    """`rle` of a region of a photograph of this size: bytes."""
    flat = np.concatenate([[False], mask.array(height, width).ravel()])
    edges = np.flatnonzero(flat[1:] != flat[:-1]) * _CHANNELS
    size = height * width * _CHANNELS
    head = [f"{size:032b}", f"{_WORD - 1:05b}", *(f"{bits - 1:04b}" for bits in _COUNTS)]
    text = "".join([*head, *_pieces(np.diff(np.concatenate([[0], edges, [size]])))])
    bits = np.frombuffer(text.encode(), np.uint8) - ord("0")
    packed: list[int] = np.packbits(bits).tolist()
    return packed


def _pieces(runs: Ints) -> Iterator[str]:
    longest = 1 << _COUNTS[-1]
    for place, run in enumerate(runs.tolist()):
        word = f"{255 * (place % 2):08b}"
        for start in range(0, run, longest):
            count = min(run - start, longest)
            kind = next(k for k, bits in enumerate(_COUNTS) if count <= 1 << bits)
            yield f"1{kind:02b}{count - 1:0{_COUNTS[kind]}b}{word}"


def from_brush(packed: Any, height: int, width: int) -> Mask:
    """The inverse, of whatever is opaque. Raises FormatError for what is none."""
    size = height * width * _CHANNELS
    if not 0 < height * width < _MOST_PIXELS:
        raise FormatError(f"a picture of {width} x {height} is too large for masks of a brush.")
    try:
        values, counts = _read(np.array(packed, np.uint8), size)
    except (TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"its brush strokes cannot be read: {error}.") from error
    flat = np.repeat(np.concatenate(values), np.concatenate(counts))
    return Mask.of(flat.reshape(height, width, _CHANNELS)[..., _ALPHA] > _SEEN)


def _read(packed: npt.NDArray[np.uint8], size: int) -> tuple[list[Any], list[Any]]:
    """Words, and how often each comes. Raises ValueError."""
    bits = np.unpackbits(packed)
    text = (bits + ord("0")).tobytes().decode()
    at = 0

    def number(length: int) -> int:
        nonlocal at
        at += length
        if at > len(text):
            raise ValueError("their end is missing")
        return int(text[at - length : at], 2)

    if number(32) != size or number(5) + 1 != _WORD:
        raise ValueError("they are of a picture of another size")
    sizes = [number(4) + 1 for _ in _COUNTS]
    values, counts, filled = [np.zeros(0, np.uint8)], [np.zeros(0, np.int64)], 0
    while filled < size:
        alike = number(1)
        count = 1 + number(sizes[number(2)])
        filled += count
        words = 1 if alike else count
        at += words * _WORD
        if at > len(text) or filled > size:
            raise ValueError("their end is missing, or there is more than the picture has")
        values.append(np.packbits(bits[at - words * _WORD : at]))
        counts.append(np.full(words, count if alike else 1, np.int64))
    return values, counts
