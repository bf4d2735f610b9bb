"""Names beside points: within the plot, beside each other and not over each other."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.annotator.gui.style.name_places import along, free_places

ROOM = (600.0, 400.0)
POINTS = st.lists(
    st.tuples(st.floats(0, ROOM[0]), st.floats(0, ROOM[1])), min_size=1, max_size=8
).map(np.array)


def overlap(one, other, size):
    return bool((np.abs(one - other) < size - 1e-6).all())


@given(POINTS, st.floats(20, 120), st.floats(10, 30))
def test_no_name_leaves_the_plot(points, wide, high):
    size = np.array([wide, high])
    places = free_places(points, np.tile(size, (len(points), 1)), ROOM, 5.0)
    assert (places >= 0).all()
    assert (places + size <= np.array(ROOM) + 1e-9).all()


@given(POINTS, st.floats(20, 100), st.floats(10, 16))
def test_no_name_is_over_another_nor_over_a_point(points, wide, high):
    size = np.array([wide, high])
    places = free_places(points, np.tile(size, (len(points), 1)), ROOM, 5.0)
    assert not any(overlap(a, b, size) for a, b in itertools.combinations(places, 2))
    for place in places:
        inside = (points > place - 5 + 1e-6) & (points < place + size + 5 - 1e-6)
        assert not inside.all(axis=1).any()


@given(st.tuples(st.floats(150, 450), st.floats(50, 350)), st.floats(20, 120))
def test_a_lonely_point_has_its_name_beside_it(point, wide):
    [place] = free_places(np.array([point]), np.array([[wide, 16.0]]), ROOM, 5.0)
    assert point[0] < place[0] < point[0] + 10
    assert abs(place[1] + 8 - point[1]) < 1e-9


LINES = st.lists(
    st.tuples(st.floats(-900, 1500), st.floats(-900, 1300)), min_size=1, max_size=6
).map(np.array)


@given(LINES, st.sampled_from((1.0, 1e6)))
def test_a_line_is_followed_through_the_plot_and_not_beyond_it(line, far):
    line = np.vstack([line, line[-1] * far])
    places = along(line, ROOM)
    low, high = -1e-6 * far, np.array(ROOM) + 1e-6 * far
    assert ((places >= low) & (places <= high)).all()
    assert len(places) <= 200 * len(line)
    for start, end in itertools.pairwise(line):
        on = start + np.linspace(0, 1, 50)[:, None] * (end - start)
        for place in on[((on >= 0) & (on <= ROOM)).all(axis=1)]:
            assert np.hypot(*(places - place).T).min() < 6 + 1e-6 * far
