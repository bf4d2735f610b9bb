"""Two clicks fix where the mean of the labelled shapes lies."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.annotator.session.labelling.two_click_box import two_clicks
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

POINTS = np.array([[10.0, 10.0], [50.0, 12.0], [30.0, 60.0]])
NAMES = ("left", "right", "tip")
LABELLED = [(Box(30.0, 35.0, 60.0, 60.0), Shape(POINTS))]
numbers = st.floats(-500, 500)


def test_the_normaliser_goes_before_the_heading_and_the_farthest_pair() -> None:
    for scheme, expected in (
        (Scheme("a", NAMES, normaliser=(0, 1), heading=(1, 2)), (0, 1)),
        (Scheme("a", NAMES, heading=(1, 2)), (1, 2)),
        (Scheme("a", NAMES), (0, 2)),
    ):
        found = two_clicks(scheme, LABELLED)
        assert found is not None
        assert found.landmarks == expected


@given(numbers, numbers, st.floats(0.1, 10), st.floats(-math.pi, math.pi))
def test_a_shape_that_is_the_mean_moved_and_turned_is_found(
    x: float, y: float, scale: float, turn: float
) -> None:
    found = two_clicks(Scheme("a", NAMES, normaliser=(0, 1)), LABELLED)
    assert found is not None
    there = Box(x, y, 60 * scale, 60 * scale, turn).to_image(LABELLED[0][0].to_frame(POINTS))
    box = found.box(tuple(there[0]), tuple(there[1]))
    assert box.to_image(found.mean) == pytest.approx(there, abs=1e-6)


BAR = np.array([[0.0, 0.0], [40.0, 6.0], [100.0, 0.0]])


def lying(turn: float) -> tuple[Box, Shape]:
    points = Box(0.0, 0.0, 1.0, 1.0, turn).to_image(BAR)
    return Box.square_around(points), Shape(points)


@pytest.mark.parametrize("turn", [0.0, 0.5, 2.0, -3.0])
def test_what_is_long_and_points_anywhere_is_within_its_box(turn: float) -> None:
    """Of 36 drawn violins none was: upright boxes that hold them are smaller than they are long."""
    found = two_clicks(Scheme("a", NAMES, heading=(0, 2)), [lying(each) for each in (0.8, -2.4)])
    assert found is not None
    points = lying(turn)[1].points
    first, second = (tuple(points[j]) for j in found.landmarks)
    assert (np.abs(found.box(first, second).to_frame(points)) > 0.5).any()
    box = found.around(first, second)
    assert (np.abs(box.to_frame(points)) < box.half).all()


def test_boxes_that_hold_their_shapes_as_they_lie_stay_as_large() -> None:
    for scheme in (Scheme("a", NAMES), Scheme("a", NAMES, heading=(0, 2))):
        found = two_clicks(scheme, [(Box(50.0, 3.0, 200.0, 200.0, 0.0), Shape(BAR))])
        assert found is not None
        clicks = (0.0, 0.0), (100.0, 0.0)
        assert found.around(*clicks) == found.box(*clicks)


def test_before_anything_is_labelled_there_is_no_way() -> None:
    assert two_clicks(Scheme("a", NAMES), []) is None


def test_two_clicks_on_one_place_fix_nothing() -> None:
    found = two_clicks(Scheme("a", NAMES), LABELLED)
    assert found is not None
    with pytest.raises(ActionableError, match="same place"):
        found.box((5.0, 5.0), (5.0, 5.2))
