"""Several images are selected by mouse and keys; what is open stays so meanwhile."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def click_row(hands, row: int, modifier=PLAIN, button=Qt.MouseButton.LeftButton) -> None:
    images = hands.window.list
    place = images.visualRect(hands.window.label_page.list_model.index(row, NAME)).center()
    QTest.mouseClick(images.viewport(), button, modifier, place)


def selected(hands) -> list[int]:
    """Rows of the list as it is first."""
    return [hands.order.index(i) for i in hands.window.list.selected]


def test_ctrl_click_adds_a_row_and_opens_none(hands):
    click_row(hands, 2)
    click_row(hands, 5, CTRL)
    assert selected(hands) == [2, 5]
    assert hands.open_id == hands.order[2]


def test_ctrl_click_again_takes_it_out(hands):
    click_row(hands, 2)
    click_row(hands, 5, CTRL)
    click_row(hands, 5, CTRL)
    assert selected(hands) == [2]


def test_shift_click_selects_all_up_to_it(hands):
    click_row(hands, 2)
    click_row(hands, 5, SHIFT)
    assert selected(hands) == [2, 3, 4, 5]
    assert hands.open_id == hands.order[2]


def test_shift_and_arrows_select_more(hands):
    click_row(hands, 2)
    hands.window.list.setFocus()
    QTest.keyClick(hands.window.list, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(hands.window.list, Qt.Key.Key_Down, SHIFT)
    assert selected(hands) == [2, 3, 4]
    assert hands.open_id == hands.order[2]


def test_ctrl_a_selects_all_that_is_listed(hands):
    hands.window.list.setFocus()
    QTest.keyClick(hands.window.list, Qt.Key.Key_A, CTRL)
    assert len(selected(hands)) == 15


def test_they_stay_selected_when_something_comes_in(hands):
    click_row(hands, 2)
    click_row(hands, 5, SHIFT)
    hands.window.label_page.controller.changes.announce(Change(Kind.LIST))
    assert selected(hands) == [2, 3, 4, 5]
    assert hands.open_id == hands.order[2]


def test_what_is_no_longer_listed_is_no_longer_selected(hands):
    hands.window.list.setFocus()
    QTest.keyClick(hands.window.list, Qt.Key.Key_A, CTRL)
    hands.window.label_page.browser.state.setCurrentText("accepted")
    hands.window.label_page.browser.narrow()
    assert len(selected(hands)) == 12


def test_right_click_selects_and_opens_none(hands):
    first = hands.open_id
    click_row(hands, 5, button=Qt.MouseButton.RightButton)
    assert selected(hands) == [5]
    assert hands.open_id == first


def test_right_click_on_one_of_several_keeps_them(hands):
    click_row(hands, 2)
    click_row(hands, 5, SHIFT)
    click_row(hands, 3, button=Qt.MouseButton.RightButton)
    assert selected(hands) == [2, 3, 4, 5]


def test_a_plain_click_selects_and_opens_one_alone(hands):
    click_row(hands, 2)
    click_row(hands, 5, SHIFT)
    click_row(hands, 7)
    assert selected(hands) == [7]
    assert hands.open_id == hands.order[7]


def test_a_click_near_the_end_of_a_list_that_scrolls_selects_what_it_opens(hands):
    """The list went on under the mouse while the image was opened, and another row was selected:
    Delete would have left that one out."""
    images = hands.window.list
    images.setFixedHeight(6 * images.rowHeight(0) + images.horizontalHeader().height())
    QApplication.processEvents()
    images.scrollToTop()
    row = images.rowAt(images.viewport().height() - images.rowHeight(0) // 2)
    assert 3 <= row < 8
    click_row(hands, row)
    assert hands.open_id == hands.order[row]
    assert selected(hands) == [row]


def test_another_image_opened_by_key_is_the_only_one_selected(hands):
    click_row(hands, 2)
    click_row(hands, 5, SHIFT)
    hands.canvas.setFocus()
    hands.key(Qt.Key.Key_PageDown)
    assert selected(hands) == [3]


def test_letters_look_for_no_image_in_the_list(make_project, open_window):
    """Those that are keys of the photograph alone, such as H, opened the next image whose name
    begins so; of 100,000 all names were read for it."""
    hands = open_window(make_project(untouched=3, name="h_kites"))
    hands.wait_for()
    opened = hands.open_id
    hands.window.list.setFocus()
    QTest.keyPress(hands.window.list, Qt.Key.Key_H)
    assert hands.open_id == opened
    assert hands.canvas.scene.marks_hidden
    QTest.keyRelease(hands.window.list, Qt.Key.Key_H)
    assert not hands.canvas.scene.marks_hidden
