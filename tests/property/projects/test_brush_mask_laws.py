"""Masks as Label Studio's brush packs them: round exactly, and whatever else is packed so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from landmark_annotator.projects.exchange.codecs.common.brush_runs import from_brush, to_brush
from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.errors import FormatError

PICTURES = arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40)))


def unpacked(packed: list[int]) -> list[int]:
    """By the description of the packing, word by word."""
    bits = "".join(f"{byte:08b}" for byte in packed)
    place = 0

    def read(size: int) -> int:
        nonlocal place
        place += size
        return int(bits[place - size : place], 2)

    count, word = read(32), read(5) + 1
    sizes = [read(4) + 1 for _ in range(4)]
    words: list[int] = []
    while len(words) < count:
        run = read(1)
        several = 1 + read(sizes[read(2)])
        words += [read(word)] * several if run else [read(word) for _ in range(several)]
    return words


@given(PICTURES)
def test_what_is_packed_is_the_picture(picture: Bools) -> None:
    words = np.array(unpacked(to_brush(Mask.of(picture), *picture.shape)))

    assert (words.reshape(*picture.shape, 4) == 255 * picture[..., None]).all()


@given(PICTURES)
def test_masks_go_round_exactly(picture: Bools) -> None:
    mask = Mask.of(picture)
    assert from_brush(to_brush(mask, *picture.shape), *picture.shape) == mask


def test_words_as_they_are_are_read_too() -> None:
    """Two pixels, the second opaque: a literal piece of eight words."""
    words = [9, 9, 9, 0, 1, 2, 3, 255]
    bits = f"{8:032b}{7:05b}" + "0010" + "0011" + "0111" + "1111" + "0" + "00" + "111"
    bits += "".join(f"{word:08b}" for word in words)
    bits += "0" * (-len(bits) % 8)
    packed = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]

    assert from_brush(packed, 1, 2) == Mask.of(np.array([[False, True]]))


@pytest.mark.parametrize("packed", [None, [], "x", [1, 2, 3], [0, 0, 0, 8, 57], [-1] * 9, {}])
def test_what_is_none_is_refused(packed: object) -> None:
    with pytest.raises(FormatError):
        from_brush(packed, 1, 2)


def test_what_is_cut_off_is_refused() -> None:
    packed = to_brush(Mask.of(np.eye(9, dtype=bool)), 9, 9)
    with pytest.raises(FormatError, match="end is missing"):
        from_brush(packed[:-3], 9, 9)
