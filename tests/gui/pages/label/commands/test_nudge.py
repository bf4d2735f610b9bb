"""Arrow keys move a landmark in fine steps; steps in quick succession are one action."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.projects.store import ActionKind

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _cursor_in_the_corner(hands):
    QTest.mouseMove(hands.canvas, QPoint(3, 3))
    QApplication.processEvents()


def test_steps_in_quick_succession_are_one_action(hands):
    asked, before = hands.window.controller.asked, hands.points.copy()
    for _ in range(3):
        hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Up, SHIFT)
    assert hands.entries == []
    assert hands.points[asked] == pytest.approx(before[asked] + (0.75, -1.0))
    hands.qtbot.waitUntil(lambda: len(hands.entries) == 1)
    (entry,) = hands.entries
    assert (entry.kind, entry.landmark) == (ActionKind.CLICK, asked)
    assert entry.to == pytest.approx(before[asked] + (0.75, -1.0))


def test_the_others_follow_while_it_is_moved(hands):
    before, asked = hands.points.copy(), hands.window.controller.asked
    hands.key(Qt.Key.Key_Left, SHIFT)
    moved = np.linalg.norm(np.delete(hands.points - before, asked, axis=0), axis=1)
    assert moved.min() > 0.01


def test_after_a_pause_the_same_landmark_goes_on_as_another_action(hands):
    asked = hands.window.controller.asked
    hands.key(Qt.Key.Key_Down)
    hands.qtbot.waitUntil(lambda: len(hands.entries) == 1)
    assert hands.window.controller.asked == asked
    hands.key(Qt.Key.Key_Down)
    hands.qtbot.waitUntil(lambda: len(hands.entries) == 2)
    assert [entry.landmark for entry in hands.entries] == [asked, asked]


def test_the_point_under_the_cursor_goes_before_the_one_asked_for(hands):
    other = (hands.window.controller.asked + 1) % 6
    QTest.mouseMove(hands.canvas, hands.at(*hands.points[other]))
    hands.key(Qt.Key.Key_Down)
    hands.qtbot.waitUntil(lambda: len(hands.entries) == 1)
    assert hands.entries[0].landmark == other


def test_undo_right_after_steps_takes_all_of_them_back(hands):
    before = hands.points.copy()
    for _ in range(2):
        hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hands.points == pytest.approx(before)
    assert [entry.kind for entry in hands.entries] == [ActionKind.CLICK, ActionKind.UNDO]


@pytest.mark.parametrize("leave", ["next", "close", "accept"])
def test_what_was_moved_is_stored_before_the_image_is_left(hands, leave):
    first = hands.open_id
    hands.key(Qt.Key.Key_Right)
    if leave == "next":
        hands.key(Qt.Key.Key_PageDown)
    elif leave == "accept":
        hands.key(Qt.Key.Key_Return)
    else:
        hands.window.close()
    kinds = [(entry.kind, entry.instance_id) for entry in hands.entries]
    assert kinds[0] == (ActionKind.CLICK, first)


def test_a_drag_of_another_point_stores_the_steps_first(hands):
    asked = hands.window.controller.asked
    other = (asked + 1) % 6
    hands.key(Qt.Key.Key_Right, SHIFT)
    hands.drag(hands.points[other], hands.points[other] + 9)
    assert [entry.landmark for entry in hands.entries] == [asked, other]


def test_arrows_in_the_list_move_no_landmark(hands):
    hands.window.list.setFocus()
    QTest.keyClick(hands.window.list, Qt.Key.Key_Down)
    hands.window.label_page.nudge.settle()
    assert hands.entries == []
