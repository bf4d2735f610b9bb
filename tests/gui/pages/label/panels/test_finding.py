"""Finding images: by a part of the name, by state, by what the model is least sure of."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.label.panels.image_list import ERROR, NAME
from landmark_annotator.projects.store import InstanceState

CONTROL = Qt.KeyboardModifier.ControlModifier


def listed(hands) -> list[str]:
    model = hands.window.label_page.list_model
    return [model.data(model.index(row, NAME)) for row in range(model.rowCount())]


def seek(hands, text: str) -> None:
    hands.key(Qt.Key.Key_F, CONTROL)
    QTest.keyClicks(hands.window.label_page.browser.name, text)
    hands.qtbot.waitUntil(lambda: all(text.lower() in name for name in listed(hands)))


def test_typing_a_part_of_a_name_lists_only_those(hands):
    seek(hands, "S_1")
    assert listed(hands) == [f"kites_1{n}.png" for n in range(5)]
    assert hands.window.label_page.browser.count.text() == "5"


def test_where_nothing_is_found_it_says_what_was_sought(hands):
    browser = hands.window.label_page.browser
    assert not browser.nothing.isVisible()
    browser.name.setText("leaf (")
    browser.narrow()
    assert (listed(hands), browser.nothing.isVisible()) == ([], True)
    assert browser.nothing.text() == "No name holds leaf (. Esc forgets it."
    browser.state.setCurrentText("started")
    browser.narrow()
    said = "No name holds leaf ( among those that are started. Esc forgets it."
    assert browser.nothing.text() == said
    QTest.keyClick(browser.name, Qt.Key.Key_Escape)
    assert browser.nothing.text() == "None is started."


def test_blanks_round_a_name_that_was_pasted_do_not_count(hands):
    browser = hands.window.label_page.browser
    browser.name.setText(" kites_03.png ")
    browser.narrow()
    assert listed(hands) == ["kites_03.png"]


def test_letters_typed_into_the_name_are_no_shortcuts(hands):
    seek(hands, "c")
    assert hands.entries == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_keys_of_the_search_line_are_no_shortcuts(hands, key):
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(hands.window.label_page.browser.name, event)
    assert event.isAccepted()


def test_enter_opens_the_first_found_and_accepts_nothing(hands):
    first = hands.open_id
    seek(hands, "_02")
    QTest.keyClick(hands.window.label_page.browser.name, Qt.Key.Key_Return)
    assert hands.open_id == hands.order[2]
    assert hands.state(first) is InstanceState.UNTOUCHED
    assert hands.canvas.hasFocus()


def test_escape_lists_all_again(hands):
    seek(hands, "_02")
    QTest.keyClick(hands.window.label_page.browser.name, Qt.Key.Key_Escape)
    assert len(listed(hands)) == 15
    assert hands.canvas.hasFocus()


def choose_state(hands, title: str) -> None:
    box = hands.window.label_page.browser.state
    box.setCurrentIndex(box.findText(title))
    box.activated.emit(box.currentIndex())


def test_the_state_narrows_the_list_and_page_keys_stay_in_it(hands):
    choose_state(hands, "not accepted")
    assert len(listed(hands)) == 3
    for _ in range(5):
        hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id == hands.order[2]


def test_what_is_listed_stays_while_it_is_worked_on(hands):
    choose_state(hands, "not accepted")
    hands.key(Qt.Key.Key_Return)
    assert len(listed(hands)) == 3


def test_an_image_that_is_not_listed_can_still_be_open(hands):
    choose_state(hands, "accepted")
    assert hands.window.label_page.list_model.row_of(hands.open_id) is None
    hands.click(*hands.free_place())
    assert hands.state(hands.open_id) is InstanceState.STARTED


def expect_errors(hands) -> list[int]:
    """The model expects errors of 5, 9 and 7 % of the three that are new."""
    order, project = hands.order[:3], hands.window.project
    view = hands.window.controller.view.shape
    for instance_id, error in zip(order, (5.0, 9.0, 7.0), strict=True):
        project.store_proposal(
            instance_id,
            view.points,
            view.covariances,
            predicted_error=error,
            model="test",
            own=True,
        )
        hands.window.label_page.list_model.change([instance_id])
    return order


def test_u_opens_the_one_that_the_model_is_least_sure_of(hands):
    hands.qtbot.waitUntil(lambda: hands.window.preparation.proposal(3) is not None)
    _, worst, second = expect_errors(hands)
    hands.key(Qt.Key.Key_U)
    assert hands.open_id == worst
    hands.key(Qt.Key.Key_U)
    assert hands.open_id == second


def test_u_goes_by_what_clicks_have_left(hands):
    hands.qtbot.waitUntil(lambda: hands.window.preparation.proposal(3) is not None)
    first, worst, second = expect_errors(hands)
    hands.key(Qt.Key.Key_U)
    hands.wait_for()
    hands.click(*hands.free_place())
    hands.window.open_instance(first)
    hands.window.label_page.list_model.show_expected(worst, 6.0)
    hands.key(Qt.Key.Key_U)
    assert hands.open_id == second
    hands.key(Qt.Key.Key_U)
    assert hands.open_id == worst


def test_w_lists_the_largest_expected_error_first_and_accepted_ones_last(hands):
    hands.qtbot.waitUntil(lambda: hands.window.preparation.proposal(3) is not None)
    first, worst, second = expect_errors(hands)
    hands.key(Qt.Key.Key_W)
    model = hands.window.label_page.list_model
    assert [model.instance_at(row) for row in range(3)] == [worst, second, first]
    assert model.data(model.index(0, ERROR)) == "9.0 %"
    assert model.row_of(hands.open_id) == hands.window.list.currentIndex().row()
    hands.key(Qt.Key.Key_W)
    assert model.instance_at(0) == first


def test_after_going_to_a_found_image_the_list_is_whole_and_page_keys_go_on(hands):
    seek(hands, "_02")
    QTest.keyClick(hands.window.label_page.browser.name, Qt.Key.Key_Return)
    assert len(listed(hands)) == 15
    assert hands.window.list.currentIndex().row() == 2
    hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id == hands.order[3]


@pytest.mark.parametrize(("key", "expected"), [(Qt.Key.Key_PageDown, 10), (Qt.Key.Key_PageUp, 1)])
def test_from_an_image_that_is_not_listed_page_keys_go_to_the_nearest(hands, key, expected):
    hands.window.controller.open(hands.order[5])
    hands.wait_for()
    seek(hands, "_01" if expected == 1 else "_1")
    hands.canvas.setFocus()
    hands.key(key)
    assert hands.open_id == hands.order[expected]


def test_what_is_open_stays_marked_while_the_list_is_narrowed(hands):
    hands.window.controller.open(hands.order[12])
    hands.wait_for()
    seek(hands, "_1")
    assert hands.window.list.currentIndex().row() == 2
