"""Which landmark a click beside all points is meant for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import inside, taker

REACH = 28.0
numbers = st.floats(0, 800)
places = st.tuples(numbers, numbers)
shapes = arrays(float, (7, 2), elements=numbers)
landmarks = st.integers(0, 6)
ALL = np.ones(7, dtype=bool)


def tight(points: np.ndarray) -> np.ndarray:
    return np.tile(np.eye(2), (len(points), 1, 1))


@given(shapes, places, landmarks, arrays(bool, 7))
def test_it_is_the_asked_one_or_a_free_one_within_reach(points, place, asked, free) -> None:
    found = taker(points, tight(points), place, asked, free, REACH)
    near = np.hypot(*(points[found] - place)) <= REACH
    assert found == asked or (free[found] and near)


@given(shapes, landmarks, st.floats(0, 6.28), st.floats(0, 20))
def test_near_the_asked_one_it_is_always_that(points, asked, direction, far) -> None:
    place = points[asked] + far * np.array([np.cos(direction), np.sin(direction)])
    assert taker(points, tight(points), tuple(place), asked, ALL, REACH) == asked


@given(shapes, places, landmarks)
def test_where_the_asked_one_may_be_anywhere_every_click_is_for_it(points, place, asked) -> None:
    covariances = tight(points)
    covariances[asked] = 1e6 * np.eye(2)
    assert taker(points, covariances, place, asked, ALL, REACH) == asked


@given(shapes, st.tuples(st.floats(-12, 12), st.floats(-12, 12)), landmarks, landmarks)
def test_the_nearest_of_equally_sure_ones_takes_it(points, step, asked, other) -> None:
    place = tuple(points[other] + step)
    found = taker(points, tight(points), place, asked, ALL, REACH)
    distances = np.hypot(*(points - place).T)
    assert found == asked or distances[found] <= distances.min() + 1e-9


@given(shapes, places, landmarks, landmarks)
def test_what_has_no_place_takes_nothing_unless_it_is_asked_for(
    points, place, asked, missing
) -> None:
    points[missing] = np.nan
    covariances = tight(points)
    covariances[missing] = np.nan
    found = taker(points, covariances, place, asked, np.isfinite(points[:, 0]), REACH)
    assert found == asked if asked == missing else found != missing


@given(shapes, places, places)
def test_a_band_holds_the_same_from_whichever_corner_it_is_drawn(points, first, second) -> None:
    found = inside(points, first, second)
    assert found == inside(points, second, first)
    assert found == inside(points, (first[0], second[1]), (second[0], first[1]))


@given(shapes)
def test_a_band_round_all_holds_all_that_have_a_place(points) -> None:
    points[3] = np.nan
    assert inside(points, (0.0, 0.0), (800.0, 800.0)) == [0, 1, 2, 4, 5, 6]
