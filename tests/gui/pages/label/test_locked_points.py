"""What a person has placed never moves by itself, whatever else is placed."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt


def test_points_placed_by_hand_stay_while_others_are_clicked_and_dragged(hands):
    first = hands.window.controller.asked
    said = hands.click(*hands.free_place())
    second = hands.window.controller.asked
    hands.drag(tuple(hands.points[second]), tuple(hands.points[second] + (15, 9)))
    hands.click(*hands.free_place())
    assert hands.points[first] == pytest.approx(said)


def test_a_point_that_was_confirmed_stays_too(hands):
    asked = hands.window.controller.asked
    before = hands.points[asked].copy()
    hands.key(Qt.Key.Key_C)
    hands.click(*hands.free_place())
    np.testing.assert_array_equal(hands.points[asked], before)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.floats(20, 220), st.floats(20, 180)),
        min_size=1,
        max_size=4,
        unique_by=lambda click: click[0],
    )
)
def test_each_is_exactly_where_it_was_put(hands, clicks):
    session = hands.window.controller.session
    view = session.foresee({landmark: (x, y) for landmark, x, y in clicks})
    for landmark, x, y in clicks:
        assert tuple(view.shape.points[landmark]) == (x, y)
