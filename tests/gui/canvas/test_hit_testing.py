"""Which landmark is meant, and where a label has room."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import (
    is_drag,
    label_place,
    nearest_point,
)

screen = st.floats(0, 1000)
positions = st.tuples(screen, screen)
shapes = arrays(np.float64, st.tuples(st.integers(1, 40), st.just(2)), elements=screen)


@given(shapes, positions, st.floats(1, 50))
def test_no_landmark_is_nearer_than_the_one_that_is_hit(points, position, radius):
    distances = np.hypot(*(points - position).T)
    hit = nearest_point(points, position, radius)
    if hit is None:
        assert distances.min() > radius
    else:
        assert distances[hit] == distances.min() <= radius


@given(shapes, positions, st.data())
def test_the_asked_landmark_wins_wherever_it_is_within_reach(points, position, data):
    asked = data.draw(st.integers(0, len(points) - 1))
    hit = nearest_point(points, position, 30, asked)
    if np.hypot(*(points[asked] - position)) <= 30:
        assert hit == asked


@given(shapes, positions, st.data())
def test_an_unknown_landmark_is_never_hit(points, position, data):
    unknown = data.draw(st.integers(0, len(points) - 1))
    points[unknown] = np.nan
    assert nearest_point(points, position, 2000, preferred=unknown) != unknown


def test_nothing_is_hit_where_there_is_nothing():
    assert nearest_point(np.empty((0, 2)), (0, 0), 10) is None


@given(positions, st.floats(0, 2 * np.pi), st.floats(0.5, 20))
def test_a_drag_begins_beyond_the_threshold_in_any_direction(start, direction, threshold):
    unit = np.array([np.cos(direction), np.sin(direction)])
    inside, outside = start + 0.9 * threshold * unit, start + 1.1 * threshold * unit
    assert not is_drag(start, (inside[0], inside[1]), threshold)
    assert is_drag(start, (outside[0], outside[1]), threshold)


@given(shapes, positions, st.tuples(st.floats(20, 300), st.floats(15, 40)))
def test_a_label_stays_inside_the_viewport(points, anchor, label):
    left, top, width, height = label_place(anchor, label, 20, points, (1000, 1000))
    assert (width, height) == label
    assert left >= 0
    assert top >= 0
    assert left + width <= 1000
    assert top + height <= 1000


def test_a_label_avoids_the_points_where_it_can():
    rng = np.random.default_rng(0)
    points = rng.uniform((300, 300), (700, 700), (60, 2))
    anchor = (float(points[:, 0].min()), 500.0)
    left, top, width, height = label_place(anchor, (160, 26), 30, points, (1000, 1000))
    inside = (
        (points[:, 0] > left)
        & (points[:, 0] < left + width)
        & (points[:, 1] > top)
        & (points[:, 1] < top + height)
    )
    assert not inside.any()
