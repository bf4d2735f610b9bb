"""The view turned: hands act where the cursor is, and what is stored is the image's own."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.projects.vocabulary import Box

SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(params=[0, 90, 180, -90, 37])
def turned(request, hands):
    hands.canvas.scene.turn_to(math.radians(request.param))
    return hands


def test_a_click_lands_where_the_cursor_is(turned):
    clicked = turned.click(*turned.free_place())
    entry = turned.entries[-1]
    assert turned.points[entry.landmark] == pytest.approx(clicked, abs=1e-6)


def test_a_drag_ends_where_the_cursor_is(turned):
    landmark = turned.window.controller.asked
    start = turned.points[landmark]
    end = start + np.array([9.0, -6.0])
    turned.drag(start, end)
    # To the screen's pixels at both ends.
    assert turned.points[landmark] == pytest.approx(end, abs=1.0 / 2)


def test_the_point_under_the_cursor_is_found(turned):
    for landmark in range(6):
        place = turned.canvas.scene.viewport.to_screen(turned.points[landmark])
        assert turned.canvas.scene.landmark_at(QPointF(*place)) == landmark


ARROWS = {
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def test_arrow_keys_move_as_it_is_seen_on_the_screen(turned):
    landmark, scene = turned.window.controller.asked, turned.canvas.scene
    QTest.mouseMove(turned.canvas, QPoint(2, 2))
    for key, way in ARROWS.items():
        before = scene.viewport.to_screen(turned.points[landmark])
        turned.key(key, SHIFT)
        turned.window.label_page.nudge.settle()
        after = scene.viewport.to_screen(turned.points[landmark])
        assert after - before == pytest.approx(np.array(way) * scene.viewport.scale, abs=1e-6)


def test_the_wheel_keeps_the_pixel_under_the_cursor(turned):
    there = QPointF(turned.at(100, 80))
    before = turned.canvas.scene.image_point(there)
    turned.wheel(100, 80, 2)
    assert turned.canvas.scene.image_point(there) == pytest.approx(before, abs=1e-6)


def test_all_of_the_object_is_in_view(turned):
    seen = turned.canvas.scene.viewport.to_screen(turned.points)
    assert (seen > 0).all()
    assert (seen < (turned.canvas.width(), turned.canvas.height())).all()


def test_the_photograph_is_where_the_coordinates_say(turned):
    """Colours of the pixels on the screen against those of the file."""
    window, scene = turned.window, turned.canvas.scene
    scene.fit("image")
    scene.hide_marks(True)
    shown = turned.canvas.grab().toImage()
    ratio = turned.canvas.devicePixelRatioF()
    levels = window.label_page.preparation.picture(window.controller.record.image_id).pyramid
    # The middles of the tiles that the images are made of.
    for x in range(9, 240, 40):
        for y in range(9, 200, 40):
            place = scene.viewport.to_screen(np.array([x + 0.5, y + 0.5])) * ratio
            seen = shown.pixelColor(*(int(v) for v in place))
            true = levels.levels[0].pixelColor(x, y)
            for a, b in zip(seen.getRgb(), true.getRgb(), strict=True):
                assert abs(a - b) < 12


def test_a_box_is_drawn_as_the_hand_draws_it(make_project, open_window, qtbot):
    hands = open_window(make_project(boxes=False))
    canvas, scene = hands.canvas, hands.canvas.scene
    qtbot.waitUntil(lambda: scene.image_size is not None and scene.box_asked_for)
    scene.turn_to(math.radians(30))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(300, 250))
    QTest.mouseMove(canvas, QPoint(400, 330))
    QTest.mouseMove(canvas, QPoint(500, 450))
    viewport = scene.viewport
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, QPoint(500, 450))
    box = hands.window.controller.record.box
    assert box.angle == pytest.approx(math.radians(-30))
    assert box.width * viewport.scale == pytest.approx(200)
    assert box.height * viewport.scale == pytest.approx(200)
    middle = viewport.to_screen(np.array([box.centre_x, box.centre_y]))
    assert middle == pytest.approx((400, 350))


def test_keys_turn_by_a_quarter_and_back(hands):
    before = hands.canvas.scene.viewport
    hands.key(Qt.Key.Key_D)
    assert hands.canvas.scene.viewport.angle == pytest.approx(math.pi / 2)
    hands.key(Qt.Key.Key_A)
    assert hands.canvas.scene.viewport == before


def test_shift_turns_by_a_little(hands):
    hands.key(Qt.Key.Key_D, SHIFT)
    assert math.degrees(hands.canvas.scene.viewport.angle) == pytest.approx(5)
    hands.key(Qt.Key.Key_A, SHIFT)
    hands.key(Qt.Key.Key_A, SHIFT)
    assert math.degrees(hands.canvas.scene.viewport.angle) == pytest.approx(-5)
    hands.key(Qt.Key.Key_Y, SHIFT)
    assert hands.canvas.scene.viewport.angle == 0.0


def test_shift_and_dragging_with_the_middle_button_turn_the_view(hands):
    canvas = hands.canvas
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, SHIFT, middle + QPoint(200, 0))
    QTest.mouseMove(canvas, middle + QPoint(140, 140))
    QTest.mouseMove(canvas, middle + QPoint(0, 200))
    QApplication.processEvents()
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, SHIFT, middle + QPoint(0, 200))
    assert math.degrees(canvas.scene.viewport.angle) == pytest.approx(90, abs=0.5)
    assert hands.entries == []


def test_the_next_image_opens_as_its_file_is(hands):
    hands.key(Qt.Key.Key_D)
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.canvas.scene.viewport.angle == 0.0


def test_y_shows_a_turned_object_upright_and_the_file_again(hands):
    record = hands.window.controller.record
    box = record.box
    leaning = Box(box.centre_x, box.centre_y, box.width, box.height, math.radians(25))
    hands.window.controller.set_box(leaning)
    hands.wait_for()
    hands.key(Qt.Key.Key_Y)
    assert math.degrees(hands.canvas.scene.viewport.angle) == pytest.approx(-25)
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.canvas.scene.viewport.angle == 0.0
    hands.key(Qt.Key.Key_PageUp)
    hands.wait_for()
    assert math.degrees(hands.canvas.scene.viewport.angle) == pytest.approx(-25)
    hands.key(Qt.Key.Key_Y)
    assert hands.canvas.scene.viewport.angle == 0.0


def test_the_view_that_is_kept_keeps_its_angle(hands):
    hands.key(Qt.Key.Key_K)
    hands.key(Qt.Key.Key_D)
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.canvas.scene.viewport.angle == pytest.approx(math.pi / 2)
