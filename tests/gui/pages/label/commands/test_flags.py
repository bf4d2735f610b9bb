"""Flags: raised with a comment by key, seen in the list, gone through, undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.projects.store import ActionKind, Verdict

SHIFT = Qt.KeyboardModifier.ShiftModifier


def flag(hands, comment: str) -> None:
    hands.key(Qt.Key.Key_R)
    [sheet] = hands.window.findChildren(CommentSheet)
    QTest.keyClicks(sheet.comment, comment)
    QTest.keyClick(sheet.comment, Qt.Key.Key_Return)
    # Keys reach only the active window.
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)


def name_of(hands, instance_id: int) -> str:
    model = hands.window.label_page.list_model
    return model.data(model.index(model.row_of(instance_id), NAME))


def test_r_raises_a_flag_with_a_comment(hands):
    flag(hands, "is this a kite?")
    raised = hands.window.project.flags()[hands.open_id]
    assert (raised.comment, raised.who) == ("is this a kite?", "somebody")
    assert name_of(hands, hands.open_id).startswith("\N{BLACK FLAG}")


def test_a_flag_is_told_of_when_the_image_is_opened_again(hands):
    flagged = hands.open_id
    flag(hands, "is this a kite?")
    hands.key(Qt.Key.Key_PageDown)
    hands.window.controller.open(flagged)
    assert "is this a kite?" in hands.window.messages.banner.text.text()


def test_escape_raises_none(hands):
    hands.key(Qt.Key.Key_R)
    [sheet] = hands.window.findChildren(CommentSheet)
    QTest.keyClick(sheet.comment, Qt.Key.Key_Escape)
    assert hands.window.project.flags() == {}


def test_shift_r_resolves_it(hands):
    flag(hands, "")
    hands.key(Qt.Key.Key_R, SHIFT)
    assert hands.window.project.flags()[hands.open_id].resolved_by == "somebody"
    assert "\N{BLACK FLAG}" not in name_of(hands, hands.open_id)


def test_undo_takes_the_flag_back(hands):
    flag(hands, "")
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hands.window.project.flags() == {}
    assert "\N{BLACK FLAG}" not in name_of(hands, hands.open_id)
    assert hands.entries[-1].kind is ActionKind.UNDO


@pytest.mark.parametrize("by", ["flag", "sent back"])
def test_shift_n_goes_to_the_next_that_is_to_be_seen_to(make_project, open_window, by):
    project = make_project()
    last = project.instances()[-1].id
    if by == "flag":
        project.flag(last, "odd", who="ada")
    else:
        project.review(last, Verdict.SENT_BACK, "the tail", who="rex")
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_N, SHIFT)
    assert hands.open_id == last
    assert hands.window.messages.banner.isVisible()


def test_the_list_can_hold_the_flagged_alone(hands):
    flag(hands, "")
    browser = hands.window.label_page.browser
    browser.state.setCurrentIndex(browser.state.count() - 1)
    browser.narrow()
    model = hands.window.label_page.list_model
    assert [model.instance_at(row) for row in range(model.rowCount())] == [hands.open_id]


def test_a_flag_of_what_is_open_takes_the_place_of_nothing_that_another_page_tells(hands):
    hands.window.project.flag(hands.open_id, "is this a kite?", who="ada")
    hands.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: page.isVisible() and page.settled)
    hands.window.context.note("Two shapes were accepted.")
    # As after a rule has accepted, or undo: the label page opens anew what it has open.
    hands.window.context.changed(Change(Kind.LIST | Kind.LABELS))
    hands.window.controller.open(hands.open_id)
    assert hands.window.messages.banner.text.text() == "Two shapes were accepted."
