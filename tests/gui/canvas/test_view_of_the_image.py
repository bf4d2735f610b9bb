"""Zoom, pan and fit on the real canvas."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


@pytest.mark.parametrize("notches", [3, -2])
def test_the_wheel_keeps_the_pixel_under_the_cursor(hands, notches):
    there, scale = hands.at(100, 80), hands.canvas.scene.viewport.scale
    before = hands.canvas.scene.image_point(QPointF(there))
    hands.wheel(100, 80, notches)
    assert hands.canvas.scene.image_point(QPointF(there)) == pytest.approx(before, abs=1e-6)
    assert hands.canvas.scene.viewport.scale == pytest.approx(scale * 1.2**notches)


def test_the_keys_zoom_at_the_cursor(hands):
    there = hands.at(100, 80)
    hands.rest_cursor(there)
    before = hands.canvas.scene.image_point(QPointF(there))
    scale = hands.canvas.scene.viewport.scale
    hands.key(Qt.Key.Key_Plus)
    assert hands.canvas.scene.viewport.scale > scale
    assert hands.canvas.scene.image_point(QPointF(there)) == pytest.approx(before, abs=0.3)
    hands.key(Qt.Key.Key_Minus)
    assert hands.canvas.scene.viewport.scale == pytest.approx(scale)


def test_an_instance_opens_fitted_into_the_view(hands):
    box = hands.window.controller.record.box
    middle = hands.canvas.scene.viewport.to_screen(np.array([box.centre_x, box.centre_y]))
    assert box.side * hands.canvas.scene.viewport.scale > 0.7 * hands.canvas.height()
    assert np.abs(middle - (hands.canvas.width() / 2, hands.canvas.height() / 2)).max() < 60


def test_0_shows_the_whole_image_and_f_the_object_again(hands):
    fitted = hands.canvas.scene.viewport
    hands.key(Qt.Key.Key_0)
    low, high = hands.canvas.scene.viewport.to_screen(np.array([[-0.5, -0.5], [239.5, 199.5]]))
    assert low.min() >= 0
    assert high[0] <= hands.canvas.width()
    assert high[1] <= hands.canvas.height()
    hands.key(Qt.Key.Key_F)
    assert hands.canvas.scene.viewport == fitted


def test_of_what_may_be_anywhere_the_whole_image_is_seen(hands):
    scene = hands.canvas.scene
    scene.show_marks(replace(scene.marks, lost=True))
    scene.refit()
    lost = scene.viewport
    hands.key(Qt.Key.Key_0)
    assert lost == scene.viewport


def test_the_object_stays_fitted_when_the_window_is_resized(hands):
    before = hands.canvas.scene.viewport.scale
    hands.window.resize(1000, 600)
    QApplication.processEvents()
    assert hands.canvas.scene.viewport.scale < before


def _drag_by(hands, button, dx: int, dy: int) -> None:
    start = hands.at(120, 100)
    QTest.mousePress(hands.canvas, button, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(hands.canvas, start + QPoint(dx, dy))
    QApplication.processEvents()
    QTest.mouseRelease(hands.canvas, button, Qt.KeyboardModifier.NoModifier, start + QPoint(dx, dy))


def test_the_middle_button_moves_the_image(hands):
    before = hands.canvas.scene.viewport
    _drag_by(hands, Qt.MouseButton.MiddleButton, 40, -25)
    after = hands.canvas.scene.viewport
    assert (after.left - before.left, after.top - before.top) == pytest.approx((40, -25))
    assert hands.entries == []


def test_space_and_dragging_move_the_image_and_confirm_nothing(hands):
    before = hands.canvas.scene.viewport
    QTest.keyPress(hands.canvas, Qt.Key.Key_Space)
    _drag_by(hands, Qt.MouseButton.LeftButton, 30, 20)
    QTest.keyRelease(hands.canvas, Qt.Key.Key_Space)
    after = hands.canvas.scene.viewport
    assert (after.left - before.left, after.top - before.top) == pytest.approx((30, 20))
    assert hands.entries == []


def test_space_and_arrow_keys_move_the_image_and_no_point(hands):
    """Without a mouse what lies outside the view could only be reached by zooming out."""
    hands.canvas.zoom(4.0)
    before, points = hands.canvas.scene.viewport, hands.points.copy()
    QTest.keyPress(hands.canvas, Qt.Key.Key_Space)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(hands.canvas, key)
    QTest.keyRelease(hands.canvas, Qt.Key.Key_Space)
    after = hands.canvas.scene.viewport
    assert (after.left - before.left, after.top - before.top) == pytest.approx((-120, -60))
    assert hands.points == pytest.approx(points)
    assert hands.entries == []
    hands.key(Qt.Key.Key_Right)
    assert hands.points != pytest.approx(points)


def test_h_hides_the_landmarks_as_long_as_it_is_held(hands):
    with_landmarks = hands.canvas.grab().toImage()
    QTest.keyPress(hands.canvas, Qt.Key.Key_H)
    without = hands.canvas.grab().toImage()
    QTest.keyRelease(hands.canvas, Qt.Key.Key_H)
    assert without != with_landmarks
    assert hands.canvas.grab().toImage() == with_landmarks


def test_the_name_of_the_point_under_the_cursor_is_shown(hands):
    other = (hands.window.controller.asked + 1) % 6
    QTest.mouseMove(hands.canvas, hands.at(*hands.points[other]))
    QApplication.processEvents()
    assert hands.canvas.scene.marks.hovered == other


def test_what_was_just_placed_is_not_named_until_the_hand_moves(hands):
    x, y = hands.free_place()
    hands.click(x, y)
    assert hands.canvas.scene.marks.hovered is None
    landmark = hands.entries[0].landmark
    QTest.mouseMove(hands.canvas, hands.at(x, y) + QPoint(2, 0))
    QApplication.processEvents()
    assert hands.canvas.scene.marks.hovered == landmark


def test_e_hides_the_uncertainty_of_points_that_are_not_asked_for(hands):
    every = hands.canvas.grab().toImage()
    hands.key(Qt.Key.Key_E)
    assert hands.canvas.grab().toImage() != every
    hands.key(Qt.Key.Key_E)
    assert hands.canvas.grab().toImage() == every
