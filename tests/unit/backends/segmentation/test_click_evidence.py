"""What follows a click, and what does not."""

import numpy as np

from landmark_annotator.backends.segmentation.click_evidence import heeded
from landmark_annotator.backends.segmentation.hints import Click
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Pixels

GREY: Pixels = np.full((64, 64, 3), 128, np.uint8)


def of(chance: AnyFloats) -> AnyFloats:
    return np.stack([1 - chance, chance]).astype(np.float32)


def test_what_the_network_is_unsure_of_follows_a_click_nearby() -> None:
    chance = np.full((64, 64), 0.3)
    chance[:, 34:] = 0.001

    told = heeded(of(chance), GREY, [Click(30, 30, 1)])

    assert told[1, 30, 30] > 0.7
    assert told[1, 30, 27] > 0.5, "near, and as unsure"
    assert told[1, 30, 38] < 0.1, "near, and sure"
    assert told[1, 60, 2] < 0.5, "far away"
    assert np.allclose(told.sum(axis=0), 1, atol=1e-5)


def test_a_click_reaches_no_other_colour() -> None:
    pixels = GREY.copy()
    pixels[:, 36:] = (200, 30, 30)

    told = heeded(of(np.full((64, 64), 0.3)), pixels, [Click(30, 30, 1)])

    assert told[1, 30, 24] > 0.5
    assert abs(told[1, 30, 42] - 0.3) < 0.02


def test_a_click_that_says_what_is_known_changes_nothing_but_its_own_place() -> None:
    likely = of(np.full((64, 64), 0.95))

    told = heeded(likely, GREY, [Click(30, 30, 1)])

    changed = abs(told - likely).max(axis=0) > 1e-5
    assert changed[30, 30]
    assert changed.sum() < 20
    assert heeded(likely, GREY, [Click(30, 30, 1, belongs=False)])[1, 30, 30] < 0.5


def test_what_was_said_last_of_a_place_holds() -> None:
    likely = of(np.full((64, 64), 0.3))
    first, last = Click(30, 30, 1), Click(31, 30, 1, belongs=False)

    told = heeded(likely, GREY, [first, last])

    assert np.array_equal(told, heeded(likely, GREY, [last]))


def test_a_click_outside_of_the_crop_is_left_aside() -> None:
    likely = of(np.full((64, 64), 0.3))
    assert np.array_equal(heeded(likely, GREY, [Click(90, 30, 1)]), likely)
