"""Zooming to a landmark: by key, by a double click on it, by one in the list of landmarks."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def on_screen(hands, landmark):
    return hands.canvas.scene.viewport.to_screen(hands.points[landmark])


def in_the_middle(hands, landmark):
    middle = (hands.canvas.width() / 2, hands.canvas.height() / 2)
    return np.abs(on_screen(hands, landmark) - middle).max() < 1


def double_click(hands, x, y):
    """As a hand does it: Qt sends a press and a release before the double click."""
    place = hands.at(x, y)
    QTest.mouseMove(hands.canvas, place)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(hands.canvas, left, none, place)
    QTest.mouseDClick(hands.canvas, left, none, place)
    QTest.mouseRelease(hands.canvas, left, none, place)


def test_z_shows_the_point_asked_for_in_the_middle_and_larger(hands):
    before = hands.canvas.scene.viewport.scale
    hands.key(Qt.Key.Key_Z)
    assert in_the_middle(hands, hands.window.controller.asked)
    assert hands.canvas.scene.viewport.scale > 1.5 * before


def test_the_same_key_goes_back_to_the_object(hands):
    before = hands.canvas.scene.viewport
    hands.key(Qt.Key.Key_Z)
    hands.key(Qt.Key.Key_Z)
    assert hands.canvas.scene.viewport == before


def test_after_another_point_was_asked_for_z_goes_on_to_that_one(hands):
    hands.key(Qt.Key.Key_Z)
    hands.key(Qt.Key.Key_Tab)
    hands.key(Qt.Key.Key_Z)
    assert in_the_middle(hands, hands.window.controller.asked)


def test_all_of_where_the_point_may_be_is_in_view(hands):
    landmark = hands.window.controller.asked
    hands.key(Qt.Key.Key_Z)
    view = hands.window.controller.view
    reach = 2.45 * np.sqrt(np.linalg.eigvalsh(view.shape.covariances[landmark])[-1])
    side = min(hands.canvas.width(), hands.canvas.height())
    assert 2 * reach * hands.canvas.scene.viewport.scale < side


def test_the_view_stays_while_the_point_is_moved(hands):
    hands.key(Qt.Key.Key_Z)
    before = hands.canvas.scene.viewport
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QApplication.processEvents()
    assert hands.canvas.scene.viewport == before


def test_a_double_click_on_a_point_looks_at_it_and_places_nothing(hands):
    other = (hands.window.controller.asked + 1) % 6
    double_click(hands, *hands.points[other])
    assert in_the_middle(hands, other)
    assert hands.window.controller.asked == other
    assert hands.entries == []


def test_a_double_click_on_the_point_asked_for_looks_at_it_and_leaves_it_where_it_was(hands):
    asked, before = hands.window.controller.asked, hands.points.copy()
    x, y = before[asked]
    double_click(hands, x + 0.7, y + 0.7)
    assert in_the_middle(hands, asked)
    assert np.allclose(hands.points, before)
    assert not any(hands.window.controller.view.shape.provenance)
    assert hands.window.controller.asked == asked


def test_a_second_double_click_goes_back_to_the_object(hands):
    asked, before = hands.window.controller.asked, hands.canvas.scene.viewport
    double_click(hands, *hands.points[asked])
    double_click(hands, *hands.points[asked])
    assert hands.canvas.scene.viewport == before
    assert not any(hands.window.controller.view.shape.provenance)


def test_a_click_before_that_was_meant_stays(hands):
    first = hands.window.controller.asked
    x, y = hands.points[first]
    hands.click(x + 6, y)
    asked = hands.window.controller.asked
    double_click(hands, *hands.points[asked])
    placed = [mark is not None for mark in hands.window.controller.view.shape.provenance]
    assert [j for j, mark in enumerate(placed) if mark] == [first]


def test_two_quick_clicks_on_a_free_place_do_not_zoom(hands):
    before = hands.canvas.scene.viewport
    double_click(hands, *hands.free_place())
    assert hands.canvas.scene.viewport == before


def test_a_double_click_in_the_list_of_landmarks_looks_at_it(hands):
    tree = hands.window.landmarks.tree
    tree.expandAll()
    row = hands.window.landmarks._rows[3]
    place = tree.visualItemRect(row).center()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(tree.viewport(), left, none, place)
    QTest.mouseDClick(tree.viewport(), left, none, place)
    QTest.mouseRelease(tree.viewport(), left, none, place)
    assert in_the_middle(hands, 3)


def test_the_next_image_opens_with_all_of_its_object(hands):
    hands.key(Qt.Key.Key_Z)
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    box = hands.window.controller.record.box
    sides = np.array([[-0.5, 0.0], [0.5, 0.0]]) * box.width + (box.centre_x, box.centre_y)
    corners = hands.canvas.scene.viewport.to_screen(sides)
    assert (corners >= 0).all()
    assert corners[:, 0].max() <= hands.canvas.width()
