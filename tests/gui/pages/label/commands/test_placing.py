"""A click places the landmark that is asked for, and the others follow."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import ActionKind
from landmark_annotator.projects.vocabulary import Provenance


def test_a_click_places_the_asked_landmark_where_the_cursor_is(hands):
    asked = hands.window.controller.asked
    said = hands.click(*hands.free_place())
    entry = hands.entries[-1]
    assert (entry.kind, entry.landmark) == (ActionKind.CLICK, asked)
    assert entry.to == pytest.approx(said)
    stored = hands.window.project.shape(hands.open_id)
    assert stored.points[asked] == pytest.approx(said)
    assert stored.provenance[asked] is Provenance.CLICKED


def test_the_other_landmarks_follow_a_click(hands):
    before, asked = hands.points.copy(), hands.window.controller.asked
    hands.click(*hands.free_place())
    others = np.arange(len(before)) != asked
    assert np.linalg.norm(hands.points - before, axis=1)[others].min() > 0.01


def test_after_a_click_another_landmark_is_asked_for_by_name(hands):
    asked = hands.window.controller.asked
    hands.click(*hands.free_place())
    following = hands.window.controller.asked
    assert following not in (None, asked)
    name = hands.window.project.scheme.landmarks[following]
    assert hands.text == f"Click the {name}, or Enter to accept"


def test_the_journal_keeps_what_was_proposed_and_how_long_the_click_took(hands):
    before, asked = hands.points.copy(), hands.window.controller.asked
    hands.qtbot.wait(30)
    hands.click(*hands.free_place())
    entry = hands.entries[-1]
    assert entry.proposed == pytest.approx(before[asked])
    assert entry.duration >= 0.03


def test_a_click_on_another_point_asks_for_it_and_stores_nothing(hands):
    other = (hands.window.controller.asked + 1) % 6
    hands.click(*hands.points[other])
    assert hands.window.controller.asked == other
    assert hands.entries == []


def test_the_click_after_choosing_a_point_places_that_one(hands):
    other = (hands.window.controller.asked + 1) % 6
    hands.click(*hands.points[other])
    hands.click(*hands.free_place())
    assert hands.entries[-1].landmark == other


def test_a_click_on_the_asked_point_places_it_under_the_cursor(hands):
    asked = hands.window.controller.asked
    x, y = hands.points[asked]
    said = hands.click(x + 1, y)
    assert hands.entries[-1].landmark == asked
    assert hands.entries[-1].to == pytest.approx(said)


def test_with_shift_a_click_beside_another_point_places_the_asked_one(hands):
    asked = hands.window.controller.asked
    hands.click(*hands.points[(asked + 1) % 6], Qt.KeyboardModifier.ShiftModifier)
    assert hands.entries[-1].landmark == asked


def test_far_outside_the_image_nothing_is_placed(hands):
    hands.key(Qt.Key.Key_0)
    for _ in range(4):
        hands.key(Qt.Key.Key_Minus)
    hands.click(-400, -300)
    assert hands.entries == []


def test_delete_takes_back_the_evidence_of_the_chosen_point(hands):
    asked = hands.window.controller.asked
    proposed = hands.points[asked].copy()
    hands.click(*hands.free_place())
    hands.click(*hands.points[asked])
    hands.key(Qt.Key.Key_Delete)
    assert hands.entries[-1].kind is ActionKind.CLEAR
    assert hands.points[asked] == pytest.approx(proposed)


def test_delete_where_nothing_was_placed_only_says_so(hands):
    hands.key(Qt.Key.Key_Delete)
    assert hands.entries == []
    assert "Nobody has placed" in hands.window.messages.banner.text.text()
