"""What the filters answer to an object, and to what is beside it."""

from functools import cache

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.shapes.sight import Sight
from landmark_annotator.projects.vocabulary import Box, LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.backends.registration.textures import POINTS, SCHEME, SIDE, bent, instance

WIDE = 3 * SIDE


def _place(seed: int) -> tuple[Pixels, Floats]:
    """The bent texture in the middle of a floor with stains."""
    random = np.random.default_rng(seed)
    noise = random.uniform(0, 255, (WIDE, WIDE)).astype(np.float32)
    floor = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 6), None, 60, 160, cv2.NORM_MINMAX)
    pixels = cv2.cvtColor(floor.astype(np.uint8), cv2.COLOR_GRAY2RGB)
    own, points = bent(seed)
    middle = slice(SIDE, 2 * SIDE)
    pixels[middle, middle] = own
    return pixels, points + SIDE


@cache
def _learned(count: int) -> RegistrationModel:
    labelled = [instance(*_place(seed), key=str(seed)) for seed in range(count)]
    return RegistrationModel.of(labelled, SCHEME)


def _sight(model: RegistrationModel, pixels: Pixels, points: Floats) -> Sight:
    found = model.propose(pixels, Box.square_around(points, 1.2)).sight
    assert found is not None
    return found


def _odds(count: int, away: tuple[float, float] = (0.0, 0.0)) -> float:
    pixels, points = _place(20)
    odds = _sight(_learned(count), pixels, points + away).odds
    assert odds is not None
    return odds


@pytest.mark.parametrize("count", [1, 4])
def test_a_box_around_an_object_shows_it_and_one_beside_it_does_not(count: int) -> None:
    assert _odds(count) > 0.5
    assert _odds(count, (-170.0, -170.0)) < -0.5


def test_the_more_labels_the_more_a_box_that_shows_nothing_says() -> None:
    pixels, points = _place(20)
    one, four = (_sight(_learned(count), pixels, points).unlike for count in (1, 4))
    assert (one, four) == (pytest.approx(1 / 2), pytest.approx(1 / 6))


def test_where_objects_fill_their_images_nobody_can_tell() -> None:
    labelled: list[LabelledInstance] = [instance(*bent(seed), key=str(seed)) for seed in range(2)]
    pixels, points = bent(20)
    assert _sight(RegistrationModel.of(labelled, SCHEME), pixels, points).odds is None


def test_other_labelled_objects_are_not_what_is_beside_one() -> None:
    pixels, points = _place(0)
    other = pixels[SIDE : 2 * SIDE, SIDE : 2 * SIDE].copy()
    places = [(x, y) for x in (0, SIDE, 2 * SIDE) for y in (0, SIDE, 2 * SIDE)]
    labelled = []
    for x, y in places:
        pixels[y : y + SIDE, x : x + SIDE] = other
    for number, (x, y) in enumerate(places):
        own = points - SIDE + np.array([x, y])
        box = Box.square_around(own, 1.6)
        each = instance(pixels, own, str(number))
        labelled.append(LabelledInstance(each.key, box, each.shape, each.read_pixels, "one image"))
    assert _sight(RegistrationModel.of(labelled, SCHEME), pixels, POINTS).odds is None
