"""What the box that somebody has drawn says of where its object is."""

import numpy as np
import pytest

from landmark_annotator.backends.registration.drawn_boxes import Surroundings
from landmark_annotator.projects.vocabulary import Box

OBJECT = np.array([[20.0, 30.0], [80.0, 30.0], [50.0, 70.0]])
AROUND = Box.from_corner(10, 20, 80, 60)


def _may_be(shift: tuple[float, float], usual: tuple[float, float] = (0, 0)) -> bool:
    return bool(Surroundings.of(AROUND, OBJECT + usual, 60.0).hold(OBJECT + shift))


@pytest.mark.parametrize("shift", [(0, 0), (20, 0), (-20, 0), (0, 20), (0, -20)])
def test_a_box_may_be_drawn_a_little_off_its_object(shift: tuple[float, float]) -> None:
    assert _may_be(shift)


@pytest.mark.parametrize("shift", [(30, 0), (-30, 0), (0, 30), (0, -30)])
def test_what_lies_far_out_of_the_box_is_something_else(shift: tuple[float, float]) -> None:
    assert not _may_be(shift)


def test_landmarks_that_are_always_out_of_the_box_may_be_there() -> None:
    assert _may_be((30, 0), usual=(25, 0))


def test_a_large_box_leaves_its_object_anywhere_in_it() -> None:
    field = Surroundings.of(Box.whole_image(500, 500), OBJECT, 60.0)
    assert field.hold(OBJECT + np.array([[[0, 0]], [[400, 0]], [[400, 400]]])).all()


def test_a_box_may_be_drawn_too_small() -> None:
    middle = OBJECT.mean(axis=0)
    assert Surroundings.of(AROUND, OBJECT, 60.0).hold(middle + 2 * (OBJECT - middle))


def test_each_object_is_judged_wherever_it_is_moved_to() -> None:
    around = Surroundings.of(AROUND.moved(turn=0.4), OBJECT, 60.0)
    shifts = np.array([[0.0, 0.0], [25.0, 10.0], [-60.0, 30.0]])
    objects = np.stack([OBJECT, OBJECT * 0.8])
    one_by_one = [[around.hold(each + shift) for shift in shifts] for each in objects]
    assert around.hold(objects, shifts).tolist() == np.array(one_by_one).tolist()
