"""What files left out is not in the images, where a person says so of one object or of a sheet."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.left_out import GONE, absent, leave_out
from tests.gui.pages.sheet.test_sheet_page import Sheet, preferences

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOTHING = frozenset[int]()


@pytest.fixture(params=[4, 0], ids=["proposed", "nothing proposes"])
def sheet(request, make_project, open_window) -> Sheet:
    """Six kites of which a file has left two landmarks out, which a prior proposes or nothing."""
    project = make_project(labelled=request.param, untouched=6)
    leave_out(project)
    return Sheet(open_window(project, preferences=preferences()))


def test_x_says_it_of_the_one_under_the_cursor(sheet):
    sheet.go_to(2)
    sheet.key(Qt.Key.Key_X)
    found = [absent(sheet.project, i) for i in sheet.shown]
    assert found == [GONE if place == 2 else NOTHING for place in range(6)]
    assert "2 not in the image" in sheet.page.cells[2].caption.toolTip()
    sheet.key(Qt.Key.Key_Delete)
    assert absent(sheet.project, sheet.shown[2]) == NOTHING


def test_shift_x_says_it_of_all_but_those_left_out_which_one_undo_takes_back(sheet):
    first = sheet.shown
    sheet.go_to(0)
    sheet.key(Qt.Key.Key_Backspace)
    sheet.key(Qt.Key.Key_X, SHIFT)
    expected = [NOTHING] + [GONE] * 5
    assert [absent(sheet.project, i) for i in first] == expected
    sheet.key(Qt.Key.Key_Z, CONTROL)
    assert [absent(sheet.project, i) for i in first] == [NOTHING] * 6
    sheet.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert [absent(sheet.project, i) for i in first] == expected
    sheet.wait()
    sheet.key(Qt.Key.Key_Return)
    assert sheet.accepted == set(first[1:])
