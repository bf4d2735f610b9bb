"""Photographs that show landmarks more exactly than a look at the whole object does."""

import weakref
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.registration import RegistrationModel
from landmark_annotator.backends.registration.labelled_views import LabelledViews
from landmark_annotator.backends.shapes import Posterior
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from tests.unit.backends.registration.textures import POINTS, SCHEME, SIDE, texture_of

TIMES = 6
CROSS = 7


def photograph(seed: int) -> tuple[Pixels, Floats]:
    """A crossing of fine lines at each landmark; what is around it says but roughly where."""
    random = np.random.default_rng(seed)
    points = POINTS * TIMES + random.normal(0, 6, POINTS.shape)
    around = cv2.resize(texture_of(0), None, fx=TIMES, fy=TIMES, interpolation=cv2.INTER_CUBIC)
    large = np.asarray(around, dtype=np.uint8)
    for x, y in points:
        for dx, dy in ((CROSS, CROSS), (CROSS, -CROSS)):
            ends = [(round(16 * (x - s * dx)), round(16 * (y - s * dy))) for s in (-1, 1)]
            cv2.line(large, ends[0], ends[1], (255, 255, 255), 2, cv2.LINE_AA, 4)
    return large, points


def labelled(seed: int) -> LabelledInstance:
    pixels, points = photograph(seed)
    return LabelledInstance(str(seed), Box.square_around(points), Shape(points), lambda: pixels)


@pytest.fixture(scope="module")
def model() -> RegistrationModel:
    return RegistrationModel.of([labelled(seed) for seed in range(4)], SCHEME)


def off(found: Posterior, truth: Floats) -> float:
    return float(np.linalg.norm(found.points - truth, axis=1).mean())


def deviation(found: Posterior) -> float:
    return float(np.sqrt(np.trace(found.covariances.mean(axis=0)) / 2))


@pytest.mark.parametrize("seed", [20, 21, 22])
def test_a_landmark_is_found_to_the_pixel_that_a_person_sees(
    model: RegistrationModel, seed: int
) -> None:
    pixels, truth = photograph(seed)
    found = model.propose(pixels, Box.square_around(truth, 1.03)).given([])
    assert off(found, truth) < 1.0
    assert deviation(found) < 1.0


def test_in_a_small_copy_it_is_as_sure_as_that_shows(model: RegistrationModel) -> None:
    pixels, truth = photograph(20)
    small = np.asarray(cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
    points = (truth + 0.5) / TIMES - 0.5
    found = model.propose(small, Box.square_around(points, 1.03)).given([])
    large = model.propose(pixels, Box.square_around(truth, 1.03)).given([])
    assert off(found, points) < 1.0
    assert deviation(found) * TIMES > 3 * deviation(large)


def test_labelled_photographs_are_not_all_in_memory_at_once() -> None:
    held: list[weakref.ref[Pixels]] = []
    most = 0

    def read(seed: int) -> Pixels:
        nonlocal most
        if seed == 2:
            raise ImageError("It is gone.", remedy="Put it back.")
        pixels = photograph(seed)[0].copy()
        held.append(weakref.ref(pixels))
        most = max(most, sum(each() is not None for each in held))
        return pixels

    instances = [replace(labelled(n), read_pixels=partial(read, n)) for n in range(8)]
    found = LabelledViews.of(instances, SCHEME)
    assert most <= 3
    assert [part.instance.key for part in found.parts] == list("0134567")
    # What cannot be read has no part in the common frame.
    alone = LabelledViews.of([labelled(n) for n in (0, 1, 3, 4, 5, 6, 7)], SCHEME)
    np.testing.assert_array_equal(found.frames.reference, alone.frames.reference)
