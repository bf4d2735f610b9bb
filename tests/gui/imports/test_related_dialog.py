"""Which images are related is seen and said in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.imports.related_dialog import RelatedImagesDialog
from landmark_annotator.projects.store import GroupsBy

PATIENCE_MS = 60_000


@pytest.fixture
def dialog(hands) -> RelatedImagesDialog:
    """Asked for by its key, in a project of fifteen kites in one folder."""
    hands.window.actions_by_name["related"].trigger()
    dialog = hands.window.findChildren(RelatedImagesDialog)[-1]
    looked(hands, dialog)
    return dialog


def looked(hands, dialog: RelatedImagesDialog) -> None:
    hands.qtbot.waitUntil(lambda: not dialog.panel.looking, timeout=PATIENCE_MS)


def test_what_is_seen_is_said_and_holds(hands, dialog):
    assert dialog.panel.preview.rule.by is GroupsBy.EVIDENCE
    dialog.buttons[GroupsBy.FOLDERS].click()
    looked(hands, dialog)
    assert (
        "All 15 images are one group, by folder: every split has it on both sides"
        in dialog.panel.text.text()
    )
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    rule = hands.window.project.group_rule()
    assert (rule.by, rule.who) == (GroupsBy.FOLDERS, "somebody")


def test_nobody_is_sent_to_the_command_line(hands, dialog):
    assert "annotator groups" not in dialog.panel.text.text()


def test_a_pattern_that_is_none_is_told_and_nothing_is_said(hands, dialog):
    dialog.buttons[GroupsBy.PATTERN].click()
    assert not dialog.take.isEnabled()
    dialog.pattern.setText("(")
    dialog.pattern.editingFinished.emit()
    looked(hands, dialog)
    assert not dialog.panel.problem.isHidden()
    assert not dialog.take.isEnabled()
    dialog.reject()
    assert hands.window.project.group_rule().by is GroupsBy.EVIDENCE
