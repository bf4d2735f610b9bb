"""Enter accepts what is seen and goes on to the next one without labels."""

import numpy as np
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import ActionKind, InstanceState
from landmark_annotator.projects.vocabulary import Provenance


def test_enter_stores_what_is_seen_and_opens_the_next(hands):
    first, seen = hands.open_id, None
    asked = hands.window.controller.asked
    hands.click(*hands.free_place())
    seen = hands.points.copy()
    hands.key(Qt.Key.Key_Return)
    stored = hands.window.project.shape(first)
    assert hands.state(first) is InstanceState.ACCEPTED
    assert np.allclose(stored.points, seen)
    assert stored.provenance[asked] is Provenance.CLICKED
    assert sum(mark is Provenance.INFERRED for mark in stored.provenance) == 5
    assert hands.open_id != first
    assert hands.state(hands.open_id) is InstanceState.UNTOUCHED


def test_the_button_does_what_enter_does(hands):
    first = hands.open_id
    hands.window.landmarks.accept.click()
    assert hands.state(first) is InstanceState.ACCEPTED


def test_after_the_last_one_it_says_that_nothing_is_left(hands):
    for _ in range(3):
        hands.wait_for()
        hands.key(Qt.Key.Key_Return)
    assert "nothing left to label" in hands.window.messages.banner.text.text()
    states = {record.state for record in hands.window.project.instances()}
    assert states == {InstanceState.ACCEPTED}


def test_enter_on_an_accepted_one_only_goes_on(hands):
    accepted = hands.order[-1]
    hands.window.controller.open(accepted)
    hands.wait_for()
    assert hands.window.landmarks.accept.text().startswith("Go on")
    hands.key(Qt.Key.Key_Return)
    assert hands.entries == []
    assert hands.state(hands.open_id) is InstanceState.UNTOUCHED


def test_n_leaves_it_as_it_is(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_N)
    assert hands.open_id != first
    assert hands.state(first) is InstanceState.UNTOUCHED


def test_an_accepted_point_can_still_be_moved(hands):
    accepted = hands.order[-1]
    hands.window.controller.open(accepted)
    hands.wait_for()
    before = hands.points.copy()
    x, y = before[1]
    hands.drag((x, y), (x + 10, y))
    assert hands.state(accepted) is InstanceState.ACCEPTED
    assert np.flatnonzero((hands.points != before).any(axis=1)).tolist() == [1]


def test_taking_a_point_of_an_accepted_shape_back_proposes_it_again(hands):
    hands.click(*hands.free_place())
    first, clicked = hands.open_id, hands.entries[0].landmark
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_PageUp)
    assert hands.open_id == first
    hands.wait_for()
    hands.click(*hands.points[clicked])
    hands.key(Qt.Key.Key_Delete)
    hands.wait_for()
    assert hands.entries[-1].kind is ActionKind.CLEAR
    assert hands.state(first) is not InstanceState.ACCEPTED
    assert np.isfinite(hands.points).all()


def test_an_imported_point_can_be_taken_back_too(hands):
    accepted = hands.order[-1]
    hands.window.controller.open(accepted)
    hands.wait_for()
    hands.click(*hands.points[2])
    hands.key(Qt.Key.Key_Delete)
    hands.wait_for()
    assert hands.state(accepted) is InstanceState.STARTED
    assert not hands.window.project.shape(accepted).known[2]
    assert np.isfinite(hands.points[2]).all()
