"""The sheet of sliders: beside the object, with the keyboard, closed by the keys that one tries."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest


@pytest.fixture
def sheet(hands):
    hands.key(Qt.Key.Key_T)
    sheet = hands.window.label_page.viewing.tone_sheet
    hands.qtbot.waitUntil(sheet.isActiveWindow)
    return sheet


def test_it_opens_with_the_keyboard_on_its_first_slider(sheet):
    before = sheet.tone.brightness
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Right)
    assert sheet.tone.brightness > before


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_T])
def test_escape_and_its_own_key_close_it(sheet, key):
    QTest.keyClick(sheet.focusWidget(), key)
    assert not sheet.isVisible()


def test_its_key_closes_it_from_the_photograph_too(hands, sheet):
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)
    hands.key(Qt.Key.Key_T)
    assert not sheet.isVisible()


def test_it_hides_nothing_of_an_object_beside_which_there_is_room(sheet):
    object_ = QRect(0, 0, 300, 600)
    sheet.open_beside(QRect(0, 0, 1200, 700), object_)
    assert not QRect(sheet.pos(), sheet.size()).intersects(object_)


def test_it_opens_over_the_canvas_where_the_object_is_least(hands, sheet):
    canvas = hands.canvas
    places = canvas.scene.viewport.to_screen(np.array(canvas.scene.object_places))
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    here = canvas.mapToGlobal(QPoint(0, 0))
    shown = QRect(int(left), int(top), int(right - left), int(bottom - top)).translated(here)
    assert not QRect(sheet.pos(), sheet.size()).contains(shown.center())


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_closes_it_and_accepts_nothing(hands, sheet, key):
    before = hands.open_id
    QTest.keyClick(sheet.focusWidget(), key)
    assert not sheet.isVisible()
    assert hands.open_id == before
    assert hands.entries == []


def test_tab_goes_through_it_as_it_is_read(hands, sheet):
    """It asked for another landmark in the window behind, and closing came before the rest."""
    asked, order = hands.window.controller.asked, [sheet.focusWidget()]
    for _ in range(4):
        QTest.keyClick(order[-1], Qt.Key.Key_Tab)
        order.append(sheet.focusWidget())
    *sliders, again, close = order
    assert sliders == [*sheet.sliders.values()]
    assert (again.text(), close.text().replace("&", "")) == ("&As it is", "Close")
    QTest.keyClick(close, Qt.Key.Key_Backtab)
    assert sheet.focusWidget() is again
    assert hands.window.controller.asked == asked
