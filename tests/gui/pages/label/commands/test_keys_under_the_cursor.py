"""Keys that are about one landmark act on the one under the cursor, else on the one asked for."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from landmark_annotator.projects.store import ActionKind
from landmark_annotator.projects.vocabulary import Visibility

KEYS = {
    Qt.Key.Key_O: Visibility.OCCLUDED,
    Qt.Key.Key_X: Visibility.NOT_LABELLED,
}


@pytest.fixture
def pointing(hands):
    """The cursor is on the point that is farthest from the one asked for."""
    points, asked = hands.points, hands.window.controller.asked
    other = int(np.argmax(np.linalg.norm(points - points[asked], axis=1)))
    # The last test's cursor may rest at this very place, where nothing would move.
    hands.move(0, 0)
    hands.move(*points[other])
    return hands, other, asked


@pytest.mark.parametrize("key", KEYS)
def test_o_and_x_are_about_the_landmark_under_the_cursor(pointing, key):
    hands, other, _ = pointing
    hands.key(key)
    (entry,) = hands.entries
    assert (entry.kind, entry.landmark) == (ActionKind.VISIBILITY, other)


def test_v_is_about_the_landmark_under_the_cursor(pointing):
    hands, other, _ = pointing
    hands.key(Qt.Key.Key_O)
    hands.key(Qt.Key.Key_V)
    assert [entry.landmark for entry in hands.entries] == [other, other]
    assert hands.window.controller.view.shape.visibility[other] == Visibility.VISIBLE


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_takes_back_the_landmark_under_the_cursor(pointing, key):
    hands, other, _ = pointing
    hands.window.controller.place(other, *hands.points[other])
    hands.key(key)
    assert [entry.kind for entry in hands.entries] == [ActionKind.CLICK, ActionKind.CLEAR]
    assert hands.entries[-1].landmark == other


def test_delete_right_after_a_click_takes_that_click_back(hands):
    asked = hands.window.controller.asked
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_Delete)
    assert [entry.landmark for entry in hands.entries] == [asked, asked]


def test_confirming_is_of_the_asked_one_wherever_the_cursor_is(pointing):
    hands, _, asked = pointing
    hands.key(Qt.Key.Key_C)
    assert hands.entries[-1].landmark == asked


def test_beside_all_points_keys_are_about_the_asked_one(hands):
    asked = hands.window.controller.asked
    hands.move(0, 0)
    hands.move(*hands.free_place())
    hands.key(Qt.Key.Key_O)
    assert hands.entries[-1].landmark == asked


def test_after_tab_keys_are_about_the_asked_one_until_the_hand_moves(pointing):
    hands, other, _ = pointing
    hands.key(Qt.Key.Key_Tab)
    asked = hands.window.controller.asked
    if asked == other:
        hands.key(Qt.Key.Key_Tab)
        asked = hands.window.controller.asked
    assert [name.text for name in hands.canvas.cursor_names][-1].startswith("keys: ")
    hands.key(Qt.Key.Key_O)
    assert hands.entries[-1].landmark == asked
    hands.move(*(hands.points[other] + 0.3))
    hands.key(Qt.Key.Key_O)
    assert hands.entries[-1].landmark == other


def test_on_another_image_keys_are_about_the_asked_one_until_the_hand_moves(pointing):
    hands, _, _ = pointing
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    asked = hands.window.controller.asked
    hands.key(Qt.Key.Key_O)
    assert hands.entries[-1].landmark == asked


def test_the_cursor_names_whom_keys_act_on(pointing):
    hands, other, _ = pointing
    assert hands.canvas.scene.under_hand == other
    (name,) = hands.canvas.cursor_names
    assert name.text.endswith(hands.window.project.scheme.landmarks[other])


def test_right_after_a_click_o_is_about_what_was_placed_and_x_about_the_asked_one(hands):
    """A hidden landmark is put where it would be, and said to be hidden; what was just seen and
    clicked is in the image, and the one asked for may not be. Both stand at the cursor before."""
    placed, names = hands.window.controller.asked, hands.window.project.scheme.landmarks
    hands.click(*hands.free_place())
    asked = hands.window.controller.asked
    told = [(name.text, name.asked) for name in hands.canvas.cursor_names]
    assert any(text.endswith(f"keys: {names[placed]}") for text, _ in told)
    assert told[-1] == (f"key for not in the image: {names[asked]}", True)
    hands.key(Qt.Key.Key_O)
    assert hands.entries[-1].landmark == placed
    asked = hands.window.controller.asked
    hands.key(Qt.Key.Key_X)
    assert hands.entries[-1].landmark == asked
    assert placed not in hands.window.controller.view.absent


def test_x_is_about_what_was_placed_once_the_hand_has_left_it_and_come_back(hands):
    placed, place = hands.window.controller.asked, hands.free_place()
    hands.click(*place)
    hands.move(*hands.canvas.scene.image_point(QPointF(20.0, 20.0)))
    hands.move(*place)
    hands.key(Qt.Key.Key_X)
    assert hands.entries[-1].landmark == placed
