"""On closed lips two landmarks are at one place: which one a click is for stands at the cursor."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def leave(hands) -> None:
    """The hand goes to a corner of the view."""
    hands.move(*hands.canvas.scene.image_point(QPointF(20.0, 20.0)))


@pytest.fixture
def closed(make_project, open_window):
    """Without a model nobody knows where the asked one is; the cursor is on the point of another
    that was placed. Both, and the place in image pixels."""
    hands = open_window(make_project(labelled=0, untouched=2))
    hands.wait_for()
    other, place = hands.window.controller.asked, (100.0, 60.0)
    hands.click(*place)
    leave(hands)
    hands.move(*place)
    return hands, hands.window.controller.asked, other, place


def names(hands) -> list[str]:
    return [name.text for name in hands.canvas.cursor_names]


def name_of(hands, landmark: int) -> str:
    return hands.window.project.scheme.landmarks[landmark]


def test_a_click_on_a_placed_point_is_for_the_asked_one_that_may_be_there(closed):
    hands, asked, other, place = closed
    before = hands.points[other].copy()
    hands.click(*place)
    assert hands.entries[-1].landmark == asked
    np.testing.assert_allclose(hands.points[other], before)


def test_both_are_named_before_the_press(closed):
    hands, asked, other, _ = closed
    assert names(hands) == [name_of(hands, asked), f"drag, keys: {name_of(hands, other)}"]
    assert [name.asked for name in hands.canvas.cursor_names] == [True, False]


def test_a_drag_moves_the_placed_point_all_the_same(closed):
    hands, _, other, place = closed
    hands.drag(place, (place[0] + 20, place[1]))
    assert hands.entries[-1].landmark == other


def test_a_trembling_hand_does_not_drag_what_its_click_is_not_for(closed):
    hands, asked, _, place = closed
    start = hands.at(*place)
    QTest.mousePress(hands.canvas, Qt.MouseButton.LeftButton, pos=start)
    start.setX(start.x() + 4)
    QTest.mouseMove(hands.canvas, start)
    QTest.mouseRelease(hands.canvas, Qt.MouseButton.LeftButton, pos=start)
    assert hands.entries[-1].landmark == asked


def test_a_click_on_another_point_far_from_the_asked_one_still_takes_that(hands):
    points, asked = hands.points, hands.window.controller.asked
    other = int(np.argmax(np.linalg.norm(points - points[asked], axis=1)))
    hands.move(*points[other])
    assert names(hands) == [f"take {name_of(hands, other)}"]
    hands.click(*points[other])
    assert hands.window.controller.asked == other
    assert hands.entries == []


def test_the_second_of_two_quick_clicks_places_nothing(closed):
    hands, _, other, place = closed
    there = hands.at(*place)
    event = QMouseEvent(
        QEvent.Type.MouseButtonDblClick,
        QPointF(there),
        QPointF(hands.canvas.mapToGlobal(there)),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(hands.canvas, event)
    QTest.mouseRelease(hands.canvas, Qt.MouseButton.LeftButton, pos=there)
    assert [entry.landmark for entry in hands.entries] == [other]


def test_nothing_is_named_where_the_cursor_is_not(hands):
    hands.move(*hands.free_place())
    assert names(hands) == [name_of(hands, hands.window.controller.asked)]
    QApplication.sendEvent(hands.canvas, QEvent(QEvent.Type.Leave))
    assert names(hands) == []


def test_the_names_are_painted_beside_the_cursor(hands):
    hands.move(*hands.free_place())
    with_names = hands.canvas.grab().toImage()
    hands.canvas.scene.see_cursor(None)
    assert hands.canvas.grab().toImage() != with_names


def test_on_the_review_page_a_place_without_a_point_has_no_name(hands):
    hands.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.canvas.scene.image_size is not None)
    page.point_at(0)
    marks, viewport = page.canvas.scene.marks, page.canvas.scene.viewport
    there = viewport.to_screen(marks.points[1]).round().astype(int)
    QTest.mouseMove(page.canvas, QPoint(*there.tolist()))
    assert [name.text for name in page.canvas.cursor_names] == [name_of(hands, 1)]
    QTest.mouseMove(page.canvas, QPoint(*there.tolist()) + QPoint(14, 14))
    assert page.canvas.cursor_names == ()


def test_a_drag_from_a_sign_beside_the_asked_one_moves_that_and_a_click_there_places_the_asked_one(
    hands,
):
    asked = hands.window.controller.asked
    hands.key(Qt.Key.Key_C)
    other = (asked + 1) % len(hands.points)
    # Six pixels of the screen apart: near enough for a click to be taken for the asked one.
    beside = hands.points[asked] + (6 / hands.canvas.scene.viewport.scale, 0)
    hands.drag(tuple(hands.points[other]), tuple(beside))
    assert hands.entries[-1].landmark == other
    hands.window.controller.choose(asked)
    there = tuple(hands.points[other])
    leave(hands)
    hands.move(*there)
    assert names(hands) == [name_of(hands, asked), f"drag, keys: {name_of(hands, other)}"]
    hands.drag(there, (there[0] + 20, there[1]))
    assert [entry.landmark for entry in hands.entries] == [asked, other, other]


def test_with_shift_the_asked_one_is_named_and_placed_whatever_is_there(make_project, open_window):
    hands = open_window(make_project())
    hands.wait_for()
    asked = hands.window.controller.asked
    far = int(np.argmax(np.linalg.norm(hands.points - hands.points[asked], axis=1)))
    place = tuple(hands.points[far])
    hands.move(*place)
    assert names(hands)[0] == f"take {name_of(hands, far)}"
    QTest.keyPress(hands.canvas, Qt.Key.Key_Shift)
    assert names(hands) == [name_of(hands, asked), f"keys: {name_of(hands, far)}"]
    QTest.keyRelease(hands.canvas, Qt.Key.Key_Shift)
    assert names(hands)[0] == f"take {name_of(hands, far)}"
    hands.click(*place, Qt.KeyboardModifier.ShiftModifier)
    assert hands.entries[-1].landmark == asked
