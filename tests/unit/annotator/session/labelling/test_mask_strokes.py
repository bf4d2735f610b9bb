"""What hands draw, as masks."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.mask_strokes import (
    alike,
    hole_at,
    outlined,
    stroke,
)
from landmark_annotator.projects.vocabulary import Mask

SIZE = (200, 150)


def test_a_stroke_is_all_that_is_near_its_way() -> None:
    drawn = stroke([(40.0, 50.0), (120.0, 90.0)], 21.0, SIZE).array(150, 200)

    y, x = np.mgrid[:150, :200]
    along = np.clip(((x - 40) * 80 + (y - 50) * 40) / (80**2 + 40**2), 0, 1)
    far = np.hypot(x - 40 - 80 * along, y - 50 - 40 * along)
    assert drawn[far < 9].all()
    assert not drawn[far > 12].any()


def test_a_stroke_over_the_border_ends_there() -> None:
    drawn = stroke([(-30.0, 10.0), (30.0, 10.0)], 9.0, SIZE)

    left, top, _, _ = drawn.bounds
    assert (left, top >= 0) == (0, True)
    assert stroke([(-90.0, -90.0)], 5.0, SIZE) == Mask()


def test_the_smallest_brush_touches_the_pixel_under_it() -> None:
    assert stroke([(7.2, 8.9)], 0.1, SIZE).holds(7, 9)


@pytest.mark.parametrize("size", [(200, 150), (60_000, 40_000)])
def test_a_stroke_on_any_photograph_is_as_quick_as_it_is_small(size: tuple[int, int]) -> None:
    assert 300 < stroke([(100.0, 100.0)], 21.0, size).area < 400


def test_an_outline_holds_the_pixels_inside_it() -> None:
    drawn = outlined([(10.0, 20.0), (50.0, 20.0), (50.0, 60.0), (10.0, 60.0)], SIZE)

    assert drawn == Mask.of(np.ones((41, 41), dtype=bool), 10, 20)
    assert outlined([(10.0, 20.0), (50.0, 20.0)], SIZE) == Mask()


def test_a_hole_is_what_the_region_encloses() -> None:
    ring = outlined([(10, 10), (60, 10), (60, 60), (10, 60)], SIZE)
    hole = outlined([(20, 20), (40, 20), (40, 40), (20, 40)], SIZE)

    assert hole_at(ring - hole, (30.0, 30.0)) == hole
    assert hole_at(ring - hole, (100.0, 30.0)) == Mask()
    assert hole_at(ring - hole, (12.0, 30.0)) == Mask()


def test_a_fill_is_what_hangs_together_and_has_the_colour() -> None:
    pixels = np.full((150, 200, 3), 90, dtype=np.uint8)
    pixels[40:80, 50:100] = 130
    pixels[60, 50:100] = 90
    pixels[100:120, 50:100] = 130
    pixels[45, 60] = 140

    found = alike(pixels, (60.0, 50.0), 15, (0, 0, 200, 150))

    assert found == Mask.of(np.ones((20, 50), dtype=bool), 50, 40)
    assert alike(pixels, (60.0, 50.0), 5, (55, 45, 10, 10)).bounds == (55, 45, 10, 10)
