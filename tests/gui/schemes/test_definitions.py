"""Landmarks that are defined in words: written in the editor, read while labelling."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.projects.store import InstanceState, Project
from tests.gui.conftest import KITE


def write(dialog, landmark: int, text: str) -> None:
    dialog.editor.table.select([landmark])
    field = dialog.editor.definition
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_what_is_written_is_of_the_landmark_that_is_selected(dialog):
    write(dialog, 1, "the wide end")
    QTest.keyClick(dialog.editor.definition, Qt.Key.Key_Return)
    assert dict(dialog.draft.scheme.definitions) == {1: "the wide end"}
    assert dialog.isVisible()
    dialog.editor.table.select([2])
    assert dialog.editor.definition.text() == ""
    dialog.editor.table.select([1])
    assert dialog.editor.definition.text() == "the wide end"


def test_it_is_one_step_for_undo_and_none_where_nothing_is_another(dialog):
    before = dialog.draft.scheme
    write(dialog, 1, "the wide end")
    dialog.editor.table.setFocus()
    dialog.editor.definition.setFocus()
    dialog.editor.table.setFocus()
    dialog.draft.undo()
    assert dialog.draft.scheme == before
    assert not dialog.draft.undoable


def test_of_several_none_is_written(dialog):
    dialog.editor.table.select([0, 1])
    assert not dialog.editor.definition.isEnabled()


def test_labels_stay_accepted(dialog, project, qtbot):
    accepted = project.count_of(InstanceState.ACCEPTED)
    write(dialog, 1, "the wide end")
    dialog.editor.table.setFocus()
    with qtbot.waitSignal(dialog.done_change):
        dialog.ok.click()
    with Project.open(project.folder, read_only=True) as other:
        assert dict(other.scheme.definitions) == {1: "the wide end"}
        assert other.count_of(InstanceState.ACCEPTED) == accepted == 4


def test_the_window_shows_that_of_the_landmark_it_asks_for(make_project, open_window):
    scheme = replace(KITE, definitions=((4, "where both spars cross"),))
    hands = open_window(make_project(scheme=scheme))
    hands.wait_for()
    panel, controller = hands.window.label_page.landmarks, hands.window.controller
    controller.choose(4)
    assert panel.definition.text() == "where both spars cross"
    assert "where both spars cross" in panel._rows[4].toolTip(0)
    controller.choose(0)
    assert panel.definition.text() == ""


def test_its_room_follows_the_letters(make_project, open_window, qapp, qtbot):
    scheme = replace(KITE, definitions=((4, "where both spars cross"),))
    themes.apply(qapp)
    hands = open_window(make_project(scheme=scheme))
    definition = hands.window.label_page.landmarks.definition
    before = definition.height()
    try:
        themes.apply(qapp, font_scale=200)
        qtbot.waitUntil(lambda: definition.height() > 1.5 * before)
        assert definition.height() >= 3 * definition.fontMetrics().lineSpacing()
    finally:
        themes.apply(qapp)


def test_without_definitions_they_take_no_room(hands):
    assert hands.window.label_page.landmarks.definition.isHidden()
