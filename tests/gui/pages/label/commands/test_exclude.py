"""What is selected in the list is left out with a reason, comes back by undo, or is removed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from landmark_annotator.annotator.gui.pages.context import Kind
from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME, STATE
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.projects.store.engine.rotation import backups
from landmark_annotator.projects.vocabulary import Box

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def click_row(hands, row: int, modifier=Qt.KeyboardModifier.NoModifier, button=None) -> None:
    images = hands.window.list
    place = images.visualRect(hands.window.label_page.list_model.index(row, NAME)).center()
    QTest.mouseClick(images.viewport(), button or Qt.MouseButton.LeftButton, modifier, place)


def give_reason(hands, why: str = "no kite") -> None:
    [sheet] = hands.window.findChildren(CommentSheet)
    QTest.keyClicks(sheet.comment, why)
    QTest.keyClick(sheet.comment, Qt.Key.Key_Return)
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)


def exclude_rows(hands, *rows: int) -> list[int]:
    """By Delete on the list; returns the instances of these rows."""
    ids = [hands.order[row] for row in rows]
    click_row(hands, rows[0])
    for row in rows[1:]:
        click_row(hands, row, CTRL)
    QTest.keyClick(hands.window.list, Qt.Key.Key_Delete)
    give_reason(hands)
    return ids


def listed(hands) -> list[int]:
    model = hands.window.label_page.list_model
    return [model.instance_at(row) for row in range(model.rowCount())]


def menu_action(hands, title: str):
    [menu] = hands.window.label_page.findChildren(QMenu)
    [action] = [a for a in menu.actions() if a.text().startswith(title)]
    return menu, action


def open_menu(hands, row: int) -> None:
    click_row(hands, row, button=Qt.MouseButton.RightButton)
    hands.window.list.menu_wanted.emit(QPoint(100, 100))


def test_delete_on_the_list_leaves_out_all_that_is_selected(hands):
    ids = exclude_rows(hands, 4, 6, 7)
    project = hands.window.project
    left_out = [project.image(project.instance(i).image_id).excluded for i in ids]
    assert [(one.why, one.who) for one in left_out] == [("no kite", "somebody")] * 3
    assert [one.occasion for one in backups(project.folder)] == ["exclude"]
    assert set(ids).isdisjoint(listed(hands))


def test_delete_on_the_canvas_is_about_a_landmark(hands):
    hands.canvas.setFocus()
    hands.key(Qt.Key.Key_Delete)
    assert hands.window.findChildren(CommentSheet) == []


def test_shift_delete_leaves_out_what_is_open(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_Delete, SHIFT)
    give_reason(hands)
    assert first not in listed(hands)


def test_without_a_reason_nothing_is_left_out(hands):
    click_row(hands, 4)
    QTest.keyClick(hands.window.list, Qt.Key.Key_Delete)
    [sheet] = hands.window.findChildren(CommentSheet)
    QTest.keyClick(sheet.comment, Qt.Key.Key_Return)
    assert sheet.isVisible()
    QTest.keyClick(sheet.comment, Qt.Key.Key_Escape)
    assert len(listed(hands)) == 15


def test_the_next_of_the_list_is_opened_where_the_open_one_goes(hands):
    after = hands.order[8]
    exclude_rows(hands, 6, 7)
    assert hands.open_id == after
    assert hands.window.list.selected == [after]


def test_what_is_open_stays_open_where_it_still_counts(hands):
    first = hands.open_id
    click_row(hands, 5, CTRL)
    click_row(hands, 0, CTRL)
    QTest.keyClick(hands.window.list, Qt.Key.Key_Delete)
    give_reason(hands)
    assert hands.open_id == first


def test_undo_brings_all_back_in_one_step_and_opens_one_of_them(hands):
    ids = exclude_rows(hands, 4, 6, 7)
    hands.key(Qt.Key.Key_Z, CTRL)
    assert set(ids) < set(listed(hands))
    assert hands.open_id in ids


def test_redo_leaves_them_out_again(hands):
    ids = exclude_rows(hands, 4, 6)
    hands.key(Qt.Key.Key_Z, CTRL)
    hands.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert set(ids).isdisjoint(listed(hands))
    assert hands.open_id not in ids


def test_it_is_announced_once(hands):
    heard = []
    hands.window.context.changes.announced.connect(heard.append)
    click_row(hands, 3)
    heard.clear()
    exclude_rows(hands, 4, 6, 7)
    assert [change.kinds for change in heard] == [Kind.LIST | Kind.STORED | Kind.LABELS]
    assert heard[0].said == "Stored: exclusion of 3 images"


def test_ctrl_h_lists_what_is_excluded_struck_through_and_why(hands):
    [one] = exclude_rows(hands, 4)
    hands.key(Qt.Key.Key_H, CTRL)
    model = hands.window.label_page.list_model
    row = model.row_of(one)
    assert row == 4
    assert model.data(model.index(row, NAME), Qt.ItemDataRole.FontRole).strikeOut()
    assert "no kite" in model.data(model.index(row, NAME), Qt.ItemDataRole.ToolTipRole)
    assert model.data(model.index(row, STATE)) == "\N{MULTIPLICATION X} excluded"
    hands.key(Qt.Key.Key_H, CTRL)
    assert one not in listed(hands)


def test_the_filter_lists_what_is_excluded_alone(hands):
    ids = exclude_rows(hands, 4, 6)
    state = hands.window.label_page.browser.state
    state.setCurrentText("excluded")
    state.activated.emit(state.currentIndex())
    assert listed(hands) == ids


def test_it_is_restored_from_the_menu_of_the_list(hands):
    [one] = exclude_rows(hands, 4)
    hands.key(Qt.Key.Key_H, CTRL)
    open_menu(hands, 4)
    menu, restore = menu_action(hands, "Restore")
    restore.trigger()
    menu.close()
    project = hands.window.project
    assert project.image(project.instance(one).image_id).excluded is None


def test_what_counts_cannot_be_restored(hands):
    open_menu(hands, 4)
    menu, restore = menu_action(hands, "Restore")
    assert not restore.isEnabled()
    menu.close()


def test_one_object_of_several_leaves_without_its_image(make_project, open_window):
    project = make_project()
    image = project.images()[3].id
    second = project.add_instance(image, Box(50, 50, 40, 40), who="ada").id
    hands = open_window(project)
    hands.wait_for()
    exclude_rows(hands, hands.order.index(second))
    assert project.instance(second).excluded is not None
    assert project.image(image).excluded is None


def test_all_objects_of_an_image_leave_with_it(make_project, open_window):
    project = make_project()
    image = project.images()[3].id
    project.add_instance(image, Box(50, 50, 40, 40), who="ada")
    hands = open_window(project)
    hands.wait_for()
    exclude_rows(hands, 3, 4)
    assert project.image(image).excluded is not None


def test_where_all_is_excluded_what_is_still_seen_says_so(make_project, open_window):
    # It asked for a box, and what was drawn counted for nothing.
    hands = open_window(make_project(labelled=1, untouched=2))
    hands.wait_for()
    asked = hands.text
    hands.window.list.selectAll()
    QTest.keyClick(hands.window.list, Qt.Key.Key_Delete)
    give_reason(hands)
    assert listed(hands) == []
    assert hands.text == f"Excluded. {asked}"
    hands.canvas.setFocus()
    hands.key(Qt.Key.Key_Z, CTRL)
    hands.wait_for()
    assert not hands.text.startswith("Excluded")


def test_an_excluded_one_that_is_opened_says_so(hands):
    [out] = exclude_rows(hands, 2)
    assert not hands.text.startswith("Excluded")
    hands.window.controller.open(out)
    hands.wait_for()
    assert hands.text.startswith("Excluded. ")


def test_the_next_flagged_one_is_none_that_is_excluded(make_project, open_window):
    project = make_project()
    last = project.instances()[-1].id
    project.flag(last, "odd", who="ada")
    hands = open_window(project)
    hands.wait_for()
    exclude_rows(hands, 14)
    hands.canvas.setFocus()
    hands.key(Qt.Key.Key_N, SHIFT)
    assert hands.open_id != last


def test_all_of_the_selected_are_flagged_from_the_menu(hands):
    ids = [hands.order[row] for row in (4, 5)]
    click_row(hands, 4)
    click_row(hands, 5, SHIFT)
    open_menu(hands, 5)
    menu, flag = menu_action(hands, "Flag")
    flag.trigger()
    menu.close()
    give_reason(hands, "odd")
    assert {i: flag.comment for i, flag in hands.window.project.flags().items()} == dict.fromkeys(
        ids, "odd"
    )


def test_a_second_opinion_is_asked_for_on_the_selected_ones(hands):
    ids = {hands.order[row] for row in (4, 5)}
    click_row(hands, 4)
    click_row(hands, 5, SHIFT)
    open_menu(hands, 5)
    menu, ask = menu_action(hands, "Ask for a second opinion")
    ask.trigger()
    menu.close()
    records = hands.window.project.instances()
    assert {r.second_opinion_on for r in records if r.second_opinion_on} == ids


def test_an_image_without_a_record_is_removed_for_good(hands):
    gone = hands.order[1]
    open_menu(hands, 1)
    menu, remove = menu_action(hands, "Remove for good")
    remove.trigger()
    menu.close()
    assert gone not in hands.order
    assert len(hands.window.project.images(excluded=True)) == 14


def test_one_with_a_record_stays_and_it_is_said_what_to_do(hands):
    open_menu(hands, 5)
    menu, remove = menu_action(hands, "Remove for good")
    remove.trigger()
    menu.close()
    assert len(hands.window.project.images()) == 15
    assert "Exclude it" in hands.window.messages.banner.text.text()


def test_nothing_is_drawn_of_an_excluded_object_beside_the_open_one(make_project, open_window):
    project = make_project()
    record = project.instances()[0]
    second = project.add_instance(record.image_id, Box(50, 50, 40, 40), who="ada").id
    project.store_proposal(
        second, np.zeros((6, 2)), np.zeros((6, 2, 2)), predicted_error=1.0, model="prior", own=True
    )
    project.exclude(instances=[second], why="twice", who="ada")
    hands = open_window(project)
    hands.wait_for()
    assert hands.open_id == record.id
    assert hands.window.label_page.objects.others == ()


def test_the_review_page_goes_on_where_what_it_shows_is_left_out_again(hands):
    [gone] = exclude_rows(hands, 4)
    hands.window.label_page.history.undo()
    hands.window.pages.turn_to("review")
    review = hands.window.pages.page("review")
    hands.qtbot.waitUntil(lambda: review.settled)
    review.open(gone)
    hands.window.label_page.history.redo()
    hands.qtbot.waitUntil(lambda: review.seen.record.id != gone)


@pytest.mark.parametrize("page", ["review", "compare", "dashboard", "budget"])
def test_other_pages_open_and_open_again_after_it_came_back(hands, page):
    hands.window.pages.turn_to(page)
    hands.window.pages.turn_to("label")
    exclude_rows(hands, 4, 5)
    hands.window.pages.turn_to(page)
    hands.window.label_page.history.undo()
    hands.window.pages.turn_to("label")
    hands.window.pages.turn_to(page)
    assert len(hands.window.project.images()) == 15


def test_nothing_is_proposed_any_more_by_shapes_that_were_left_out(make_project, open_window):
    """They went on proposing until the labels had grown by a tenth, for they counted as one."""
    hands = open_window(make_project(labelled=21, untouched=1))
    hands.wait_for()
    assert "from 21 labelled" in hands.window.preparation.proposer.reason
    exclude_rows(hands, *range(1, 6))
    hands.qtbot.waitUntil(
        lambda: "from 16 labelled" in hands.window.preparation.proposer.reason, timeout=60_000
    )
