"""The draft of a scheme: every step is an edit of `SchemeChange`, and undo goes back over all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.projects.vocabulary import Curve, Scheme, SchemeChange

SCHEME = Scheme(
    "kite",
    ("top", "left", "tail", "right"),
    edges=((0, 1), (1, 2), (2, 3), (3, 0)),
    partners=((1, 3),),
    normaliser=(0, 2),
    heading=(2, 0),
    colours=((0, "#ff0000"),),
)
POINTS = np.array([[10.0, 0.0], [0.0, 10.0], [10.0, 30.0], [20.0, 10.0]])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["rename", "add", "remove", "move", "pair", "edge", "colour", "head", "normalise"]
        ),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=8,
)


def act(draft: Draft, change: SchemeChange, kind: str, one: int, other: int) -> SchemeChange:
    """The step on the draft, and what it is in the vocabulary."""
    size = len(change.after)
    one, other = one % size, other % size
    pair = (one, other)
    if kind == "rename":
        name = f"name {size}{one}"
        draft.rename(one, name)
        taken = name in change.after.landmarks
        return change if taken else change.rename(one, name)
    if kind == "add":
        at = draft.add(after=one)
        return change.add(draft.scheme.landmarks[at], one + 1)
    if kind == "remove":
        draft.remove(one)
        return change.remove(one) if size > 1 else change
    if kind == "move":
        draft.move(one, other)
        return change if one == other else change.move(one, other)
    if kind == "colour":
        draft.colour(one, "#123456")
        return change.colour(one, "#123456")
    if one == other:
        return change
    if kind == "pair":
        draft.switch_pair(one, other)
        there = set(map(frozenset, change.after.partners))
        return change.unpair(one) if frozenset(pair) in there else change.pair(one, other)
    if kind == "edge":
        draft.switch_edge(one, other)
        return change.switch_edge(one, other)
    if kind == "head":
        draft.head(pair)
        return change.head(pair)
    draft.normalise_by(pair)
    return change.normalise_by(pair)


@given(STEPS)
def test_steps_are_the_edits_of_the_vocabulary(steps) -> None:
    draft, change = Draft(SCHEME), SchemeChange.none(SCHEME)
    for step in steps:
        change = act(draft, change, *step)
        assert draft.change == change


@given(STEPS)
def test_a_place_on_the_picture_stays_at_its_landmark(steps) -> None:
    draft, seconds = Draft(SCHEME), np.arange(1.0, 5.0)
    draft.begin_on(None, POINTS, seconds)
    for step in steps:
        act(draft, draft.change, *step)
    now = draft.now
    for point, took, origin in zip(now.points, now.seconds, draft.change.origins, strict=True):
        if origin is None:
            assert np.isnan(point).all()
            assert took == 0.0
        else:
            assert point.tolist() == POINTS[origin].tolist()
            assert took == seconds[origin]


@given(STEPS)
def test_undo_goes_back_to_the_beginning_and_redo_to_the_end(steps) -> None:
    draft = Draft(SCHEME)
    for step in steps:
        act(draft, draft.change, *step)
    end = draft.change
    while draft.undoable:
        draft.undo()
    assert draft.change == SchemeChange.none(SCHEME)
    while draft.redoable:
        draft.redo()
    assert draft.change == end


def test_a_place_takes_the_time_since_the_step_before_as_a_click_does() -> None:
    now = [0.0]
    draft = Draft(SCHEME, clock=lambda: now[0])
    now[0] = 100.0
    draft.begin_on(None, np.full((4, 2), np.nan))
    for later, act in (
        (3.0, lambda: draft.place(0, (1.0, 1.0))),
        (7.0, lambda: draft.rename(1, "wing")),
        (2.0, lambda: draft.place(1, (2.0, 2.0))),
        (1.0, lambda: draft.place(1, (2.0, 3.0))),
        (5.0, lambda: draft.add((4.0, 4.0))),
    ):
        now[0] += later
        act()
    assert draft.now.seconds.tolist() == [3.0, 3.0, 0.0, 0.0, 5.0]


def test_a_name_that_is_taken_is_refused_and_changes_nothing() -> None:
    draft, told = Draft(SCHEME), []
    draft.refused.connect(told.append)
    assert not draft.rename(0, "tail")
    assert draft.change.changes_nothing
    assert "tail" in told[0].happened


def test_a_landmark_needs_a_name() -> None:
    draft = Draft(SCHEME)
    assert not draft.rename(0, "  ")
    assert draft.scheme == SCHEME


def test_another_picture_is_a_step_of_its_own() -> None:
    draft = Draft(SCHEME)
    draft.begin_on(None, POINTS)
    draft.show_on(None, np.full((4, 2), np.nan))
    assert draft.next_landmark == 0
    draft.undo()
    assert draft.next_landmark is None


def test_pairs_by_names_leave_those_that_have_a_partner() -> None:
    scheme = Scheme("x", ("left a", "right a", "left b", "right b"), partners=((0, 3),))
    draft = Draft(scheme)
    assert draft.pair_by_names() == 0
    draft.unpair(0)
    assert draft.pair_by_names() == 2
    assert draft.scheme.partners == ((0, 1), (2, 3))


def test_a_contour_goes_along_the_lines_between_what_is_selected_and_goes_again() -> None:
    draft = Draft(SCHEME)
    assert draft.switch_curve([0, 2, 1])
    assert draft.scheme.curves == (Curve("top to tail", (0, 1, 2)),)
    draft.switch_curve([0, 3, 2])
    assert [c.name for c in draft.scheme.curves] == ["top to tail", "top to tail, another"]
    draft.undo()
    draft.switch_curve([0, 1, 2])
    assert draft.scheme.curves == ()
    draft.switch_curve([3, 2, 0, 1])
    assert draft.scheme.curves == (Curve("top to right", (0, 1, 2, 3), closed=True),)


def test_spacing_is_switched_of_the_contour_that_is_selected() -> None:
    draft = Draft(SCHEME)
    draft.switch_curve([0, 1, 2])
    draft.space_evenly([1])
    assert draft.scheme.curves[0].evenly
    draft.space_evenly([1])
    assert not draft.scheme.curves[0].evenly
