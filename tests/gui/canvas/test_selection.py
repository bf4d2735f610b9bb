"""Several landmarks are selected, and moved and swapped together."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.projects.store import ActionKind

CONTROL = Qt.KeyboardModifier.ControlModifier
RIGHT, LEFT = 1, 3


def band(hands, start, end) -> None:
    QTest.mousePress(hands.canvas, Qt.MouseButton.LeftButton, CONTROL, hands.at(*start))
    hands.move(*end)
    QTest.mouseRelease(hands.canvas, Qt.MouseButton.LeftButton, CONTROL, hands.at(*end))


@pytest.fixture
def two(hands):
    """The kite's right and left corners are selected."""
    for landmark in (RIGHT, LEFT):
        hands.click(*hands.points[landmark], CONTROL)
    return hands


def test_clicks_with_control_select_and_let_go(two):
    assert two.canvas.scene.selected == {RIGHT, LEFT}
    two.click(*two.points[LEFT], CONTROL)
    assert two.canvas.scene.selected == {RIGHT}
    assert two.entries == []


def test_a_band_selects_what_it_holds(hands):
    low, high = hands.points.min(axis=0) - 5, hands.points.max(axis=0) + 5
    band(hands, low, high)
    assert hands.canvas.scene.selected == set(range(6))
    assert hands.entries == []


def test_escape_lets_all_go(two):
    two.key(Qt.Key.Key_Escape)
    assert two.canvas.scene.selected == frozenset()


def test_arrow_keys_move_what_is_selected_as_one_action(two):
    before = two.points.copy()
    for _ in range(4):
        two.key(Qt.Key.Key_Right)
    two.window.label_page.nudge.settle()
    moved = two.points[[RIGHT, LEFT]] - before[[RIGHT, LEFT]]
    np.testing.assert_allclose(moved, [[1, 0], [1, 0]], atol=1e-9)
    assert [entry.kind for entry in two.entries] == [ActionKind.RESHAPE]
    assert two.window.actions_by_name["undo"].text() == "Undo move of 2 landmarks"
    assert two.window.project.undoable("somebody").title == "move of 2 landmarks"


def test_dragging_one_drags_all_that_is_selected(two):
    before = two.points.copy()
    start = before[RIGHT]
    two.drag(tuple(start), tuple(start + np.array([6, 8])))
    moved = two.points[[RIGHT, LEFT]] - before[[RIGHT, LEFT]]
    assert np.ptp(moved, axis=0) == pytest.approx(0, abs=1e-9)
    assert moved[0] == pytest.approx((6, 8), abs=1)


def test_one_undo_takes_a_move_of_several_back(two):
    before = two.points.copy()
    two.key(Qt.Key.Key_Down)
    two.window.label_page.nudge.settle()
    two.key(Qt.Key.Key_Z, CONTROL)
    np.testing.assert_allclose(two.points, before)


def test_s_swaps_the_selected_pairs_alone(hands):
    for landmark in range(6):
        hands.window.controller.place(landmark, *(hands.points[landmark] + (2, 1)))
    before = hands.points.copy()
    hands.click(*before[RIGHT], CONTROL)
    hands.key(Qt.Key.Key_S)
    np.testing.assert_allclose(hands.points[[RIGHT, LEFT]], before[[LEFT, RIGHT]])
    rest = [0, 2, 4, 5]
    np.testing.assert_allclose(hands.points[rest], before[rest])


def test_a_landmark_without_a_partner_is_not_swapped_and_that_is_said(hands):
    hands.click(*hands.points[5], CONTROL)
    hands.key(Qt.Key.Key_S)
    assert "partner" in hands.window.messages.banner.text.text()
    assert hands.entries == []


def test_another_image_begins_without_a_selection(two):
    two.key(Qt.Key.Key_PageDown)
    two.wait_for()
    assert two.canvas.scene.selected == frozenset()
