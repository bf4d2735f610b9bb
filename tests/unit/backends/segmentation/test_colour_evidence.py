"""What the colours of a photograph correct in a mask."""

import numpy as np

from landmark_annotator.backends.segmentation.colour_evidence import with_colours
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Pixels

WHOLE = np.ones((64, 64), bool)


def picture() -> tuple[Pixels, AnyFloats]:
    """A dark square on grey, and a network that has seen it four columns too far to the right."""
    pixels = np.full((64, 64, 3), 150, np.uint8)
    pixels[20:44, 20:44] = (60, 40, 30)
    chance = np.full((64, 64), 0.02)
    chance[20:44, 24:48] = 0.9
    chance[20:44, 20:24] = chance[20:44, 44:48] = 0.4
    return pixels, np.stack([1 - chance, chance]).astype(np.float32)


def test_colours_move_the_border_to_where_they_change() -> None:
    pixels, likely = picture()

    found = with_colours(likely, pixels, WHOLE)

    assert (found[1, 20:44, 20:44] > 0.5).all()
    assert (found[1, 20:44, 44:48] < 0.4).all()
    assert np.allclose(found.sum(axis=0), 1, atol=1e-5)


def test_a_picture_of_one_colour_says_nothing() -> None:
    _, likely = picture()

    found = with_colours(likely, np.full((64, 64, 3), 90, np.uint8), WHOLE)

    assert abs(found - likely).max() < 1e-3


def test_a_region_that_is_nowhere_stays_so() -> None:
    pixels, likely = picture()
    likely = np.concatenate([likely, np.zeros((1, 64, 64), np.float32)])

    found = with_colours(likely, pixels, WHOLE)

    assert found[2].max() < 1e-4
