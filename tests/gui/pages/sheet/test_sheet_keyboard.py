"""A sheet by keys alone: which object they are about, and where the keyboard is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor

from landmark_annotator.annotator.gui.pages.sheet.sentences import Standing
from landmark_annotator.projects.store import InstanceState
from tests.gui.pages.sheet.test_sheet_page import CONTROL, Sheet, preferences

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def sheet(make_project, open_window) -> Sheet:
    """Eight kites to look at, six at a time, and the mouse on none of them, where other tests may
    have left it."""
    QCursor.setPos(0, 0)
    found = Sheet(open_window(make_project(labelled=4, untouched=8), preferences=preferences()))
    assert held(found) is None
    return found


def held(sheet: Sheet) -> int | None:
    """The place of the cell that has the keyboard."""
    places = [n for n, cell in enumerate(sheet.page.cells) if cell.canvas.hasFocus()]
    return places[0] if places else None


def test_an_arrow_key_goes_to_the_first_object_and_the_next_ones_on(sheet):
    for key, place in [
        (Qt.Key.Key_Right, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 4),
        (Qt.Key.Key_Left, 3),
    ]:
        sheet.key(key)
        assert held(sheet) == place


def test_where_the_next_sheet_is_smaller_the_keyboard_stays_on_an_object(sheet):
    """It went to the list of sizes, whose next arrow key dealt other sheets."""
    sheet.go_to(4)
    sheet.key(Qt.Key.Key_Return)
    sheet.wait()
    assert len(sheet.shown) == 2
    assert held(sheet) == 1
    sheet.key(Qt.Key.Key_Left)
    assert held(sheet) == 0
    assert sheet.page.deck.size == 6


def test_where_nothing_is_left_the_keyboard_is_on_no_list(sheet):
    for _ in range(2):
        sheet.key(Qt.Key.Key_Right)
        sheet.key(Qt.Key.Key_Return)
        sheet.wait()
    assert sheet.shown == []
    sheet.key(Qt.Key.Key_Down)
    assert sheet.page.deck.size == 6
    assert sheet.page.deck.order == "project"


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Delete, SHIFT),
        (Qt.Key.Key_Delete, CONTROL),
        (Qt.Key.Key_O, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, CONTROL),
    ],
)
def test_where_no_object_is_meant_a_key_says_how_to_mean_one(sheet, key, modifier):
    sheet.key(key, modifier)
    assert "Point at the object that is meant" in sheet.window.messages.banner.text.text()
    assert sheet.window.pages.name == "sheet"
    assert {sheet.page._standing(cell) for cell in sheet.page.cells} == {Standing.READY}
    states = [record.state for record in sheet.project.instances()]
    assert states.count(InstanceState.ACCEPTED) == 4
