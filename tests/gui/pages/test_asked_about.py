"""What a person writes is about what they were asked about, whatever has come into sight since."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from tests.gui.pages.review.conftest import reviewer  # noqa: F401
from tests.gui.pages.sheet.test_sheet_page import Sheet, preferences


def test_a_flag_is_of_what_was_open_then(hands):
    asked = hands.open_id
    hands.key(Qt.Key.Key_R)
    [sheet] = hands.window.label_page.findChildren(CommentSheet)
    hands.window.controller.open(hands.order[1])
    sheet.comment.setText("odd")
    sheet.accept()
    assert [entry.instance_id for entry in hands.entries] == [asked]
    assert hands.open_id == hands.order[1]


@pytest.mark.parametrize("key", [Qt.Key.Key_Backspace, Qt.Key.Key_R])
def test_a_verdict_is_of_what_was_looked_at(reviewer, key):  # noqa: F811
    asked = reviewer.open_id
    reviewer.key(key)
    [sheet] = reviewer.page.findChildren(CommentSheet)
    other = next(i for i in reviewer.waiting if i != asked)
    reviewer.page.open(other)
    sheet.comment.setText("odd")
    sheet.accept()
    assert [entry.instance_id for entry in reviewer.hands.entries][-1:] == [asked]


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier),
    ],
)
def test_what_is_said_on_a_sheet_is_of_the_object_that_was_there(
    make_project, open_window, blind_priors, key, modifier
):
    sheet = Sheet(open_window(make_project(labelled=4, untouched=14), preferences=preferences()))
    asked = sheet.shown[1]
    sheet.go_to(1)
    sheet.key(key, modifier)
    [writing] = sheet.page.findChildren(CommentSheet)
    sheet.page.turn(1)
    assert asked not in sheet.shown
    writing.comment.setText("odd")
    writing.accept()
    assert [entry.instance_id for entry in sheet.hands.entries] == [asked]
