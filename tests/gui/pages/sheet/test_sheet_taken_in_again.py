"""What left an object of a sheet out is undone, and it is one of the sheet again."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.sheet.sentences import Standing
from landmark_annotator.projects.store import InstanceState
from tests.gui.pages.sheet.test_sheet_page import CONTROL, Sheet, preferences


@pytest.fixture
def sheet(make_project, open_window) -> Sheet:
    return Sheet(open_window(make_project(untouched=6), preferences=preferences()))


@pytest.mark.parametrize("undo", ["excluded", "flagged", "flagged and taken back"])
def test_undo_of_what_left_one_out_takes_it_in_again(sheet, undo):
    left_out, cell = sheet.shown[1], sheet.page.cells[1]
    sheet.go_to(1)
    if undo == "excluded":
        sheet.page.one._exclude(cell, left_out, "blurred")
    else:
        sheet.page.one._flag(cell, left_out, "blurred")
    assert sheet.page._standing(cell) is Standing.LEFT_OUT
    if undo == "flagged and taken back":
        sheet.key(Qt.Key.Key_Delete)
    else:
        sheet.key(Qt.Key.Key_Z, CONTROL)
    sheet.wait()
    assert sheet.page._standing(sheet.page.cells[sheet.shown.index(left_out)]) is Standing.READY


def test_one_that_is_excluded_stays_left_out_where_the_sheet_is_read_anew(sheet):
    left_out, cell = sheet.shown[1], sheet.page.cells[1]
    sheet.page.one._exclude(cell, left_out, "blurred")
    sheet.window.context.changed(Change(Kind.STORED | Kind.LIST))
    sheet.wait()
    assert cell.caption.toolTip().startswith("excluded: blurred")


def test_what_stands_of_others_is_said_still(sheet):
    sheet.go_to(1)
    sheet.key(Qt.Key.Key_Backspace)
    sheet.page.one._flag(sheet.page.cells[0], sheet.shown[0], "look")
    for place in (2, 3):
        sheet.go_to(place)
        sheet.key(Qt.Key.Key_Delete, CONTROL)
    sheet.key(Qt.Key.Key_Z, CONTROL)
    sheet.wait()
    first = sheet.shown
    told = [cell.caption.toolTip() for cell in sheet.page.cells]
    assert "waits for later" in told[1]
    assert "flagged by somebody: look" in told[0]
    sheet.key(Qt.Key.Key_Return)
    assert sheet.accepted == {i for i in first if sheet.project.counts(i)} - set(first[:2])


def test_nothing_is_proposed_any_more_by_shapes_that_were_left_out_together(
    make_project, open_window
):
    """They went on proposing on the sheet until the labels had grown by a tenth."""
    sheet = Sheet(open_window(make_project(labelled=21, untouched=6), preferences=preferences()))
    preparation, project = sheet.page.preparation, sheet.project
    accepted = project.listed([InstanceState.ACCEPTED]).tolist()
    assert "from 21 labelled" in preparation.proposer.reason
    project.exclude(instances=accepted[:5], why="blurred", who="somebody")
    sheet.window.context.changed(Change(Kind.STORED | Kind.LIST))
    sheet.hands.qtbot.waitUntil(
        lambda: "from 16 labelled" in preparation.proposer.reason, timeout=60_000
    )
