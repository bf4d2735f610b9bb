"""A point that is dragged takes the others along, and is stored once, when it is let go."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDialog

from landmark_annotator.projects.store import ActionKind


def _other(hands) -> int:
    return (hands.window.controller.asked + 1) % 6


def test_while_a_point_is_held_the_others_follow_and_nothing_is_stored(hands):
    before, taken = hands.points.copy(), _other(hands)
    x, y = before[taken]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    moved = np.linalg.norm(hands.points - before, axis=1)
    assert moved.min() > 0.01
    assert hands.entries == []
    hands.release(x + 8, y + 5)


def test_letting_go_stores_one_click(hands):
    taken = _other(hands)
    x, y = hands.points[taken]
    hands.drag((x, y), (x + 8, y + 5))
    assert [entry.kind for entry in hands.entries] == [ActionKind.CLICK]
    assert hands.entries[0].landmark == taken
    # The mouse is on whole screen pixels, the point is not: it keeps its distance to the cursor.
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.points[taken] == pytest.approx((x + 8, y + 5), abs=pixel)


def test_pressing_beside_a_point_and_dragging_does_not_make_it_jump(hands):
    taken = _other(hands)
    x, y = hands.points[taken]
    aside = 4 / hands.canvas.scene.viewport.scale
    hands.drag((x + aside, y), (x + aside + 10, y))
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.points[taken] == pytest.approx((x + 10, y), abs=pixel)


def test_what_is_let_go_looks_as_it_did_while_held(hands):
    taken = _other(hands)
    x, y = hands.points[taken]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    held = hands.points.copy()
    hands.release(x + 8, y + 5)
    assert np.allclose(hands.points, held)


def test_escape_lets_a_held_point_go_back(hands):
    before, taken = hands.points.copy(), _other(hands)
    x, y = before[taken]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    hands.key(Qt.Key.Key_Escape)
    hands.release(x + 8, y + 5)
    assert hands.entries == []
    assert np.allclose(hands.points, before)


def test_a_press_on_the_empty_image_can_be_adjusted_before_it_counts(hands):
    asked = hands.window.controller.asked
    x, y = hands.free_place()
    hands.press(x, y)
    hands.move(x + 3, y + 2)
    hands.release(x + 3, y + 2)
    assert [entry.landmark for entry in hands.entries] == [asked]
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.entries[0].to == pytest.approx((x + 3, y + 2), abs=pixel)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_PageDown])
def test_a_click_whose_button_is_still_down_is_stored_before_what_a_key_does(hands, key):
    """Hands that are quick press Enter, or go on, before the mouse button is up."""
    here, asked = hands.window.controller.record.id, hands.window.controller.asked
    where = hands.points.max(axis=0) + 15
    hands.press(*where)
    hands.key(key)
    assert hands.window.controller.record.id != here
    begun = hands.window.project.newest_entry()
    hands.release(*where)
    assert hands.window.project.newest_entry() == begun, "nothing is left for the next image"
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.window.project.shape(here).points[asked] == pytest.approx(where, abs=pixel)


def test_undo_of_a_point_that_is_held_puts_it_back_and_nothing_else(hands):
    before, taken = hands.points.copy(), _other(hands)
    x, y = before[taken]
    hands.drag((x, y), (x + 8, y + 5))
    first = hands.points[taken].copy()
    hands.press(*first)
    hands.move(*(first + 20))
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.release(*(first + 20))
    assert hands.points[taken] == pytest.approx(first)


def test_a_point_stays_at_the_cursor_where_the_view_is_zoomed_meanwhile(hands):
    taken = _other(hands)
    x, y = hands.points[taken]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    hands.wheel(x + 8, y + 5, 3)
    hands.move(x + 10, y + 5)
    hands.release(x + 10, y + 5)
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.points[taken] == pytest.approx((x + 10, y + 5), abs=pixel)


def test_a_point_is_let_go_where_its_button_is_though_another_one_has_moved_the_image(hands):
    """It stuck to the cursor without any button, and where it was put was lost."""
    asked = hands.window.controller.asked
    x, y = hands.points[asked]
    middle = Qt.MouseButton.MiddleButton
    hands.press(x, y)
    hands.move(x + 6, y)
    hands.press(x + 6, y, middle)
    hands.release(x + 6, y)
    hands.release(x + 6, y, middle)
    assert not hands.canvas.gestures.busy
    assert [entry.kind for entry in hands.entries] == [ActionKind.CLICK]


def test_no_menu_opens_over_a_point_that_is_held(hands, qtbot):
    """The button would be let go over the menu, unseen, and the point stay at the cursor."""
    x, y = hands.points[_other(hands)]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    place, reason = hands.at(x + 8, y + 5), QContextMenuEvent.Reason.Mouse
    with qtbot.assertNotEmitted(hands.canvas.menu_wanted):
        event = QContextMenuEvent(reason, place, hands.canvas.mapToGlobal(place))
        QApplication.sendEvent(hands.canvas, event)
    hands.release(x + 8, y + 5)


def test_a_point_that_is_held_stays_where_it_is_when_a_dialog_opens(hands, qtbot):
    """The button is let go over the dialog: afterwards the point went on following the cursor."""
    taken = _other(hands)
    x, y = hands.points[taken]
    hands.press(x, y)
    hands.move(x + 8, y + 5)
    QApplication.sendEvent(hands.canvas, QEvent(QEvent.Type.Leave))  # as a dialog brings it
    dialog = QDialog(hands.window)
    with qtbot.waitActive(dialog):
        dialog.open()
    dialog.close()
    assert not hands.canvas.gestures.busy
    assert [entry.landmark for entry in hands.entries] == [taken]
    pixel = 1.5 / hands.canvas.scene.viewport.scale
    assert hands.points[taken] == pytest.approx((x + 8, y + 5), abs=pixel)


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_nothing_is_held_any_more_once_another_page_was_seen(hands, button):
    x, y = hands.points[_other(hands)]
    hands.press(x, y, button)
    hands.move(x + 8, y + 5)
    hands.key(Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)  # which takes the button's end
    hands.window.pages.turn_to("label")
    there, view = hands.points.copy(), hands.canvas.scene.viewport
    hands.move(x + 40, y + 30)
    assert (hands.points == there).all()
    assert hands.canvas.scene.viewport == view
