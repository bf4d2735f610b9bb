"""The editor of a project's scheme, with mouse and keys, up to the change in the store."""

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyleOptionComboBox

from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.gui.schemes.conftest import LEFT, NONE, click

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def drag(dialog, start: int, end: QPoint, modifier=NONE) -> None:
    picture = dialog.editor.picture
    QTest.mousePress(picture, LEFT, modifier, picture.screen_place(start))
    QTest.mouseMove(picture, end)
    QTest.mouseRelease(picture, LEFT, modifier, end)


def drag_between(dialog, a: int, b: int) -> None:
    drag(dialog, a, dialog.editor.picture.screen_place(b))


def key(dialog, key: Qt.Key, modifier=NONE) -> None:
    QTest.keyClick(dialog.editor.table, key, modifier)


def names(dialog) -> tuple[str, ...]:
    return dialog.draft.scheme.landmarks


# A new scheme, drawn


def test_clicks_place_the_landmarks_of_a_new_scheme_in_order(drawing):
    for place in (QPoint(100, 100), QPoint(200, 100), QPoint(150, 200)):
        click(drawing, place)
    assert names(drawing) == ("landmark 1", "landmark 2", "landmark 3")
    places = [drawing.editor.picture.screen_place(i) for i in range(3)]
    assert places == [QPoint(100, 100), QPoint(200, 100), QPoint(150, 200)]


def test_what_errors_are_divided_by_is_read_in_full(drawing):
    """It said "diagonal of the bc"."""
    for pair in (drawing.editor.normaliser, drawing.editor.heading):
        option = QStyleOptionComboBox()
        pair.first.initStyleOption(option)
        style, field = pair.first.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, pair.first)
        text = pair.first.fontMetrics().horizontalAdvance(pair.first.currentText())
        assert text <= room.width()


def test_no_name_lies_over_a_landmark_or_another_name(drawing):
    places = [QPoint(120 + 26 * column, 150 + 40 * row) for row in range(3) for column in range(4)]
    for place in places:
        click(drawing, place)
    picture = drawing.editor.picture
    picture.show_selected(())
    QTest.mouseMove(picture, QPoint(5, 5))
    plates = list(picture.named().values())
    assert len(plates) >= 4
    assert not any(plate.contains(QPointF(place)) for plate in plates for place in places)
    assert not any(a.intersects(b) for i, a in enumerate(plates) for b in plates[:i])


def test_what_is_selected_wears_its_name_wherever_it_is(drawing):
    for column in range(12):
        click(drawing, QPoint(60 + 24 * column, 150))
    drawing.editor.picture.show_selected((5,))
    assert 5 in drawing.editor.picture.named()


def test_a_drag_from_point_to_point_draws_a_line_and_again_takes_it_away(drawing):
    for place in (QPoint(100, 100), QPoint(200, 100)):
        click(drawing, place)
    drag_between(drawing, 0, 1)
    assert drawing.draft.scheme.edges == ((0, 1),)
    drag_between(drawing, 1, 0)
    assert drawing.draft.scheme.edges == ()


def test_a_drag_that_ends_nowhere_changes_nothing(drawing):
    click(drawing, QPoint(100, 100))
    drag(drawing, 0, QPoint(250, 250))
    assert drawing.draft.undoable == "place of landmark 1"


def test_with_shift_a_drag_moves_the_point_on_the_picture(drawing):
    click(drawing, QPoint(100, 100))
    drag(drawing, 0, QPoint(250, 250), Qt.KeyboardModifier.ShiftModifier)
    assert drawing.editor.picture.screen_place(0) == QPoint(250, 250)


def test_two_points_that_are_clicked_become_left_and_right(drawing):
    for place in (QPoint(100, 100), QPoint(200, 100)):
        click(drawing, place)
    picture = drawing.editor.picture
    click(drawing, picture.screen_place(0))
    click(drawing, picture.screen_place(1), CTRL)
    QTest.mouseClick(drawing.editor.buttons["pair"], LEFT)
    assert drawing.draft.scheme.partners == ((0, 1),)


def test_arrow_keys_place_and_move_the_selected_landmark(drawing):
    drawing.editor.table.select([0])
    drawing.editor.picture.setFocus()
    QTest.keyClick(drawing.editor.picture, Qt.Key.Key_Right)
    first = drawing.editor.picture.screen_place(0)
    QTest.keyClick(drawing.editor.picture, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert drawing.editor.picture.screen_place(0) == first + QPoint(0, 10)


def test_what_is_drawn_is_a_scheme_with_the_name_that_was_typed(drawing):
    drawing.name.setFocus()
    drawing.name.selectAll()
    QTest.keyClicks(drawing.name, "leaf")
    QTest.keyClick(drawing.name, Qt.Key.Key_Tab)
    click(drawing, QPoint(100, 100))
    QTest.mouseClick(drawing.ok, LEFT)
    assert drawing.result() == 1
    assert drawing.scheme == Scheme("leaf", ("landmark 1",))


def test_what_a_change_does_is_said_where_nothing_has_to_move(dialog):
    editor = dialog.editor
    before = editor.picture.size()
    dialog.draft.rename(0, "a name that is much longer than the one before it")
    dialog.draft.remove(2)
    QApplication.processEvents()
    assert dialog.said.height() >= dialog.said.heightForWidth(dialog.said.width())
    assert editor.picture.size() == before


def test_a_file_that_is_no_photograph_is_told_of(drawing, qtbot, tmp_path):
    path = tmp_path / "leaf.png"
    path.write_text("no picture")
    drawing.read_photograph(path)
    qtbot.waitUntil(drawing.problem.isVisible)
    assert "leaf.png" in drawing.problem.text.text()


def test_what_was_placed_is_named_without_leaving_the_picture(drawing):
    click(drawing, QPoint(100, 100))
    QTest.keyClick(drawing.editor.picture, Qt.Key.Key_F2)
    name = drawing.editor.table.findChild(QLineEdit)
    assert name is not None
    name.selectAll()
    QTest.keyClicks(name, "tip")
    QTest.keyClick(name, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert drawing.draft.scheme.landmarks == ("tip",)
    # Its own key does the same in the table.
    drawing.editor.table.setFocus()
    QTest.keyClick(drawing.editor.table, Qt.Key.Key_F2)
    assert drawing.editor.table.state() is drawing.editor.table.State.EditingState


# The table


def test_a_name_is_changed_in_place(dialog):
    dialog.editor.table.select([0])
    dialog.editor.table.setFocus()
    key(dialog, Qt.Key.Key_F2)
    editor = dialog.editor.table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "tip")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert names(dialog)[0] == "tip"
    assert "Renamed: top to tip." in dialog.said.text()
    assert dialog.isVisible()  # Enter was for the name


def test_one_enter_too_many_makes_no_change(dialog):
    dialog.editor.table.select([1])
    key(dialog, Qt.Key.Key_Delete)
    key(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not dialog.busy


def test_a_name_that_is_taken_is_refused_with_a_reason(dialog):
    dialog.editor.table.landmarks.setData(dialog.editor.table.landmarks.index(0, 1), "tail")
    assert names(dialog)[0] == "top"
    assert "tail" in dialog.problem.text.text()


def test_alt_and_arrows_order_the_landmarks(dialog):
    dialog.editor.table.select([0])
    key(dialog, Qt.Key.Key_Down, ALT)
    key(dialog, Qt.Key.Key_Down, ALT)
    assert names(dialog)[:3] == ("right", "bottom", "top")
    key(dialog, Qt.Key.Key_Up, ALT)
    assert names(dialog)[:3] == ("right", "top", "bottom")


@pytest.mark.parametrize(
    ("source", "row", "order"),
    [
        (0, 3, ("right", "bottom", "top", "left", "centre", "tail")),
        (5, 0, ("tail", "top", "right", "bottom", "left", "centre")),
        (1, -1, ("top", "bottom", "left", "centre", "tail", "right")),
    ],
)
def test_a_row_is_dropped_where_the_line_shows(dialog, source, row, order):
    model = dialog.editor.table.landmarks
    data = model.mimeData([model.index(source, 1)])
    model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, QModelIndex())
    assert names(dialog) == order


def test_delete_takes_the_selected_ones_out(dialog):
    dialog.editor.table.select([0, 4])
    key(dialog, Qt.Key.Key_Delete)
    assert names(dialog) == ("right", "bottom", "left", "tail")
    assert "8 stored positions will be hidden (4 of top and 4 of centre)" in dialog.said.text()


def test_a_landmark_is_added_behind_the_selected_one_and_named_at_once(dialog):
    dialog.editor.table.select([1])
    key(dialog, Qt.Key.Key_Insert)
    editor = dialog.editor.table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "knot")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert names(dialog)[:3] == ("top", "right", "knot")
    assert "4 accepted shapes will be open again, to be completed by knot" in dialog.said.text()


def test_undo_and_redo_stay_inside_the_editor(dialog, project):
    dialog.editor.table.select([0])
    key(dialog, Qt.Key.Key_Delete)
    key(dialog, Qt.Key.Key_Z, CTRL)
    assert names(dialog) == project.scheme.landmarks
    assert not dialog.ok.isEnabled()
    key(dialog, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert len(names(dialog)) == 5


def test_a_colour_is_seen_in_the_table_and_the_picture(dialog):
    dialog.editor.table.select([2])
    before = dialog.editor.picture.grab().toImage()
    dialog.editor.buttons["colour"].click()
    menu = next(w for w in QApplication.topLevelWidgets() if w.inherits("QMenu") and w.isVisible())
    red = next(action for action in menu.actions() if action.text() == "Red")
    red.trigger()
    menu.close()
    assert dict(dialog.draft.scheme.colours) == {2: "#d55e00"}
    assert dialog.editor.picture.grab().toImage() != before


def test_heading_and_normaliser_are_chosen_from_the_landmarks(dialog):
    heading = dialog.editor.heading
    for box, name in ((heading.first, "bottom"), (heading.second, "top")):
        box.setCurrentIndex(box.findText(name))
        box.activated.emit(box.currentIndex())
    assert dialog.draft.scheme.heading == (2, 0)
    normaliser = dialog.editor.normaliser.first
    normaliser.setCurrentIndex(0)
    normaliser.activated.emit(0)
    assert dialog.draft.scheme.normaliser is None


def test_the_mean_of_the_labelled_shapes_is_the_picture(dialog):
    assert np.isfinite(dialog.draft.now.points).all()
    assert dialog.ground.currentText() == "Mean of the labelled shapes"


# The change itself


def test_nothing_is_changed_before_ok(dialog, project):
    assert dialog.said.text() == "Nothing is changed yet."
    assert not dialog.ok.isEnabled()
    dialog.editor.table.select([0])
    key(dialog, Qt.Key.Key_Delete)
    with Project.open(project.folder, read_only=True) as other:
        assert len(other.scheme) == 6


def test_ok_makes_one_step_and_a_copy_of_the_database(dialog, project, qtbot):
    dialog.editor.table.select([1])
    key(dialog, Qt.Key.Key_Down, ALT)
    dialog.editor.table.select([])
    click(dialog, QPoint(20, 20))
    with qtbot.waitSignal(dialog.done_change) as done:
        QTest.mouseClick(dialog.ok, LEFT)
    preview, copy = done.args
    assert preview.reopened == 4
    assert copy.is_file()
    with Project.open(project.folder) as other:
        assert other.scheme.landmarks[:3] == ("top", "bottom", "right")
        assert other.count_of(InstanceState.ACCEPTED) == 0
        other.undo("lead")
        assert other.scheme == project.scheme
        assert other.count_of(InstanceState.ACCEPTED) == 4


def test_a_change_that_somebody_made_before_is_told_and_nothing_is_lost(dialog, project, qtbot):
    from landmark_annotator.projects.vocabulary import SchemeChange

    project.change_scheme(SchemeChange.none(project.scheme).rename(0, "peak"), who="ada")
    dialog.editor.table.select([1])
    key(dialog, Qt.Key.Key_Delete)
    QTest.mouseClick(dialog.ok, LEFT)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "version 2" in dialog.problem.text.text()
    assert dialog.isVisible()
    assert len(names(dialog)) == 5


def test_escape_asks_before_what_was_done_is_lost(dialog):
    dialog.editor.table.select([1])
    key(dialog, Qt.Key.Key_Delete)
    key(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    QTest.mouseClick(dialog.discard, LEFT)
    assert not dialog.isVisible()


def test_escape_closes_at_once_where_nothing_was_done(dialog):
    key(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_is_said_moves_neither_the_rows_nor_the_picture(drawing, qtbot):
    editor = drawing.editor
    before = [widget.rect() for widget in (editor.table, editor.picture)]
    drawing.draft.rename(0, "")
    qtbot.waitUntil(drawing.problem.isVisible)
    QApplication.processEvents()
    assert [widget.rect() for widget in (editor.table, editor.picture)] == before
    said = drawing.problem.geometry()
    assert drawing.rect().contains(said)
    assert said.height() >= drawing.problem.heightForWidth(said.width())
