"""The heat map shows where a landmark may be: the one under the cursor, else the one asked for."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _cursor_in_the_corner(hands):
    QTest.mouseMove(hands.canvas, QPoint(3, 3))
    QApplication.processEvents()


def shown(hands) -> int | None:
    heat = hands.canvas._heat
    return None if heat is None else heat[0].landmark


def test_m_shows_it_for_the_one_asked_for_and_hides_it_again(hands):
    plain = hands.canvas.grab().toImage()
    hands.key(Qt.Key.Key_M)
    hands.qtbot.waitUntil(lambda: shown(hands) == hands.window.controller.asked)
    assert hands.canvas.grab().toImage() != plain
    hands.key(Qt.Key.Key_M)
    assert hands.canvas.grab().toImage() == plain


def test_it_is_of_the_point_under_the_cursor(hands):
    other = (hands.window.controller.asked + 1) % 6
    hands.key(Qt.Key.Key_M)
    QTest.mouseMove(hands.canvas, hands.at(*hands.points[other]))
    QApplication.processEvents()
    hands.qtbot.waitUntil(lambda: shown(hands) == other)


def test_while_a_point_is_held_the_old_one_is_not_shown(hands):
    hands.key(Qt.Key.Key_M)
    hands.qtbot.waitUntil(lambda: shown(hands) is not None)
    x, y = hands.free_place()
    hands.press(x, y)
    assert shown(hands) is None
    hands.release(x, y)
    hands.qtbot.waitUntil(lambda: shown(hands) is not None)


def test_an_accepted_shape_has_none(make_project, open_window):
    hands = open_window(make_project(labelled=2, untouched=0, name="done"))
    hands.wait_for()
    hands.key(Qt.Key.Key_M)
    assert hands.window.controller.session.heat_work(0) is None
    assert shown(hands) is None
    assert "so there is no heat map" in hands.window.messages.banner.text.text()


def test_where_no_landmark_is_asked_for_it_says_what_to_point_at(hands):
    while (asked := hands.window.controller.asked) is not None:
        hands.click(*hands.points[asked])
    QTest.mouseMove(hands.canvas, QPoint(3, 3))
    QApplication.processEvents()
    hands.key(Qt.Key.Key_M)
    assert "Point at a landmark" in hands.window.messages.banner.text.text()
