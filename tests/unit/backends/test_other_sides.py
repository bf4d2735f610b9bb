"""Objects of images that lie on their side or upside down."""

import numpy as np
import pytest

from landmark_annotator.backends.other_sides import found_however_it_lies, may_lie
from landmark_annotator.projects.vocabulary import Box, Found, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels

HEAD, HAT = 255, 100


def _upright() -> Pixels:
    """A head of 6 by 4 pixels under a hat."""
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[20:24, 10:16] = HEAD
    pixels[17, 12:14] = HAT
    return pixels


class _Finder:
    """Sure of the head where it is under its hat, and unsure of a box beside it from the side."""

    def find(self, pixels: Pixels, threshold: float | None = None) -> list[Found]:
        head, hat = _box(pixels, HEAD), _box(pixels, HAT)
        if hat.centre_y < head.centre_y - head.height / 2:
            return [Found(head, 0.9)]
        return [Found(hat, 0.6)] if abs(hat.centre_x - head.centre_x) > head.width / 2 else []


def _box(pixels: Pixels, value: int) -> Box:
    rows, columns = np.nonzero(pixels[..., 0] == value)
    width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
    return Box.from_corner(columns.min() - 0.5, rows.min() - 0.5, width, height)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_box_lies_where_the_object_is_in_the_image_as_it_is(quarters: int) -> None:
    pixels = np.ascontiguousarray(np.rot90(_upright(), quarters))
    [found] = found_however_it_lies(_Finder(), lambda *_: True, pixels)
    assert found.box.numbers == pytest.approx(_box(pixels, HEAD).numbers)


@pytest.mark.parametrize(("quarters", "score"), [(0, [0.9]), (1, [0.6]), (2, [])])
def test_what_is_not_known_from_another_side_leaves_what_is_found_as_it_lies(
    quarters: int, score: list[float]
) -> None:
    pixels = np.ascontiguousarray(np.rot90(_upright(), quarters))
    found = found_however_it_lies(_Finder(), lambda *_: False, pixels)
    assert [each.score for each in found] == score


def test_what_points_anywhere_is_found_from_all_sides_anyway() -> None:
    assert may_lie(Scheme("fly", ("tail", "head")))
    assert not may_lie(Scheme("fly", ("tail", "head"), heading=(0, 1)))
