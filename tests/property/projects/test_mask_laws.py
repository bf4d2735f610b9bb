"""Laws of masks: arrays and bytes go round exactly, and two masks combine as their arrays do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from landmark_annotator.projects.vocabulary import ActionableError, Mask
from landmark_annotator.projects.vocabulary.arrays import Bools

SIZE = (7, 9)
PICTURES = arrays.arrays(np.bool_, SIZE)
SHIFTS = st.integers(-20, 20)


@given(arrays.arrays(np.bool_, st.tuples(st.integers(0, 8), st.integers(0, 8))), SHIFTS, SHIFTS)
def test_an_array_comes_back_as_it_was(picture: Bools, left: int, top: int) -> None:
    height, width = picture.shape

    again = Mask.of(picture, left, top).inside((left, top, width, height))

    assert np.array_equal(again, picture)


@given(PICTURES, SHIFTS, SHIFTS)
def test_bytes_hold_all_of_a_mask(picture: Bools, left: int, top: int) -> None:
    mask = Mask.of(picture, left, top)

    assert Mask.from_bytes(mask.to_bytes()) == mask


@given(PICTURES, PICTURES)
def test_masks_combine_as_their_arrays_do(one: Bools, other: Bools) -> None:
    a, b = Mask.of(one), Mask.of(other)

    assert np.array_equal((a | b).array(*SIZE), one | other)
    assert np.array_equal((a & b).array(*SIZE), one & other)
    assert np.array_equal((a - b).array(*SIZE), one & ~other)
    assert np.array_equal((a ^ b).array(*SIZE), one ^ other)
    assert (a ^ b) ^ b == a
    union = np.count_nonzero(one | other)
    assert a.overlap(b) == (np.count_nonzero(one & other) / union if union else 1.0)


@given(PICTURES, arrays.arrays(np.bool_, (2, 4)), st.integers(0, 5), st.integers(0, 5))
def test_masks_that_differ_in_a_patch_combine_likewise(
    one: Bools, patch: Bools, row: int, column: int
) -> None:
    other = one.copy()
    other[row : row + 2, column : column + 4] = patch
    a, b = Mask.of(one), Mask.of(other)

    assert a | b == Mask.of(one | other)
    assert a & b == Mask.of(one & other)
    assert a - b == Mask.of(one & ~other)
    assert b - a == Mask.of(other & ~one)
    assert a ^ b == Mask.of(one ^ other)


@given(PICTURES, SHIFTS, SHIFTS)
def test_a_mask_knows_its_pixels(picture: Bools, left: int, top: int) -> None:
    mask = Mask.of(picture, left, top)
    x, y, width, height = mask.bounds

    assert mask.area == np.count_nonzero(picture)
    assert np.count_nonzero(mask.inside((x, y, width, height))) == mask.area
    held = [[mask.holds(left + c, top + r) for c in range(SIZE[1])] for r in range(SIZE[0])]
    assert np.array_equal(held, picture)


@given(PICTURES, st.tuples(SHIFTS, SHIFTS, st.integers(0, 12), st.integers(0, 12)))
def test_what_lies_within_a_window_is_what_its_array_shows(
    picture: Bools, window: tuple[int, int, int, int]
) -> None:
    mask = Mask.of(picture)

    assert np.array_equal(mask.within(window).inside(window), mask.inside(window))
    assert mask.within(window).area == np.count_nonzero(mask.inside(window))


@given(PICTURES, st.integers(1, 4), st.integers(-3, 3), st.integers(-3, 3))
def test_a_coarse_view_is_every_so_many_pixels(
    picture: Bools, step: int, left: int, top: int
) -> None:
    mask, window = Mask.of(picture), (left, top, 12, 11)

    assert np.array_equal(mask.inside(window, step), mask.inside(window)[::step, ::step])


@given(PICTURES, SHIFTS, SHIFTS)
def test_a_moved_mask_is_that_of_the_moved_array(picture: Bools, right: int, down: int) -> None:
    assert Mask.of(picture).moved(right, down) == Mask.of(picture, right, down)


@given(st.binary(max_size=60), PICTURES, st.integers(0, 40))
def test_other_bytes_are_refused(noise: bytes, picture: Bools, place: int) -> None:
    stored = Mask.of(picture).to_bytes()
    spoiled = stored[:place] + noise + stored[place + len(noise) :]

    for attempt in (noise, spoiled):
        try:
            Mask.from_bytes(attempt)
        except ActionableError:
            continue


@pytest.mark.parametrize("spans", [[[0, 3, 3]], [[0, 2, 4], [0, 4, 5]], [[1, 0, 2], [0, 0, 2]]])
def test_runs_that_are_not_in_order_are_refused(spans: list[list[int]]) -> None:
    with pytest.raises(ActionableError):
        Mask(spans)


def test_a_mask_of_24_megapixels_is_small() -> None:
    rows = np.arange(4000)
    half = 1500 + np.round(40 * np.sin(rows / 9)).astype(int)
    spans = np.column_stack([rows, 3000 - half, 3000 + half])

    assert len(Mask(spans).to_bytes()) < 20_000
