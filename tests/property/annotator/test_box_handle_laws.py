"""A box under the hand: what a handle moves, and what it leaves where it is."""

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from landmark_annotator.annotator.gui.canvas.geometry.box_geometry import (
    HANDLES,
    MOVE,
    SMALLEST,
    TURN,
    grown,
    handle_at,
    handle_places,
    pulled,
    shifted,
    turned,
)
from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport, box_corners
from landmark_annotator.projects.vocabulary import Box

numbers = st.floats(-500, 500)
sides = st.floats(20, 800)
angles = st.floats(-math.pi, math.pi)
boxes = st.builds(Box, numbers, numbers, sides, sides, angles)
points = st.tuples(numbers, numbers)
viewports = st.builds(Viewport, st.floats(0.5, 8), numbers, numbers)
pullers = st.sampled_from([handle for handle in HANDLES if handle not in (MOVE, TURN)])


def same(first: Box, second: Box) -> bool:
    return np.allclose(box_corners(first), box_corners(second), atol=1e-6)


@given(boxes, st.sampled_from(HANDLES), points)
def test_a_handle_brought_back_changes_nothing(box: Box, handle: tuple[int, int], at) -> None:
    assert same(pulled(box, handle, at, at), box)


@given(boxes, pullers, points, points)
def test_what_lies_opposite_stays(box: Box, handle: tuple[int, int], start, end) -> None:
    view = Viewport()
    opposite = (-handle[0], -handle[1])
    before = handle_places(box, view)[opposite]
    after = handle_places(pulled(box, handle, start, end), view)[opposite]
    np.testing.assert_allclose(after, before, atol=1e-6)


@given(boxes, pullers, numbers, numbers)
def test_a_box_never_turns_inside_out(box: Box, handle: tuple[int, int], across, down) -> None:
    found = grown(box, handle, across, down)
    assert found.width >= min(box.width, SMALLEST)
    assert found.height >= min(box.height, SMALLEST)
    assert found.angle == box.angle


@given(boxes, pullers, st.tuples(st.floats(-8, 8), st.floats(-8, 8)))
def test_a_handle_follows_the_hand(box: Box, handle: tuple[int, int], step) -> None:
    """A corner goes where it is pulled; a side goes as far as its own direction allows."""
    view = Viewport()
    start = handle_places(box, view)[handle]
    end = (start[0] + step[0], start[1] + step[1])
    moved = np.subtract(handle_places(pulled(box, handle, start, end), view)[handle], start)
    cos, sin = math.cos(box.angle), math.sin(box.angle)
    axes = np.array([[cos, sin], [-sin, cos]])
    wanted = axes @ np.array(step) * np.abs(handle)
    np.testing.assert_allclose(axes @ moved, wanted, atol=1e-6)


@given(boxes, points, points)
def test_its_middle_moves_the_whole_box(box: Box, start, end) -> None:
    found = pulled(box, MOVE, start, end)
    assert same(found, shifted(box, end[0] - start[0], end[1] - start[1]))
    assert (found.width, found.height, found.angle) == (box.width, box.height, box.angle)


@given(boxes, st.floats(-3, 3))
def test_the_knob_turns_about_the_middle(box: Box, by: float) -> None:
    knob = handle_places(box, Viewport())[TURN]
    cos, sin = math.cos(by), math.sin(by)
    dx, dy = knob[0] - box.centre_x, knob[1] - box.centre_y
    end = (box.centre_x + cos * dx - sin * dy, box.centre_y + sin * dx + cos * dy)
    assert same(pulled(box, TURN, knob, end), turned(box, by))


@given(boxes, points, points)
def test_steps_of_turning_are_fifteen_degrees(box: Box, start, end) -> None:
    middle = (box.centre_x, box.centre_y)
    assume(min(math.dist(start, middle), math.dist(end, middle)) > 1)
    degrees = math.degrees(pulled(box, TURN, start, end, snap=True).angle) / 15
    assert abs(degrees - round(degrees)) < 1e-6


@given(boxes, viewports, st.sampled_from(HANDLES))
def test_every_handle_is_under_the_cursor_that_is_on_it(
    box: Box, viewport: Viewport, handle: tuple[int, int]
) -> None:
    assume(min(box.width, box.height) * viewport.scale > 40)
    place = handle_places(box, viewport)[handle]
    assert handle_at(box, viewport, place, reach=8.0) == handle


@given(boxes, viewports, st.floats(0.0, 1.0))
def test_a_side_can_be_taken_anywhere(box: Box, viewport: Viewport, share: float) -> None:
    left_top, right_top = viewport.to_screen(box_corners(box)[:2])
    x, y = left_top + share * (right_top - left_top)
    found = handle_at(box, viewport, (float(x), float(y)), reach=8.0)
    assert found is not None


@given(boxes, viewports)
def test_far_from_the_box_there_is_no_handle(box: Box, viewport: Viewport) -> None:
    far = viewport.to_screen(np.array([box.centre_x, box.centre_y]))
    away = far + 2 * box.diagonal * viewport.scale + 100
    assert handle_at(box, viewport, (float(away[0]), float(away[1])), reach=8.0) is None
