"""Going to an image by its number in the list."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QSpinBox

CONTROL = Qt.KeyboardModifier.ControlModifier


def ask(hands) -> QSpinBox:
    hands.key(Qt.Key.Key_J, CONTROL)
    [dialog] = hands.window.findChildren(QInputDialog)
    return dialog.findChild(QSpinBox)


def test_a_number_opens_that_row_and_gives_the_keys_back(hands):
    number = ask(hands)
    QTest.keyClicks(number, "7")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert hands.open_id == hands.window.label_page.list_model.instance_at(6)
    hands.qtbot.waitUntil(hands.canvas.hasFocus)
    assert hands.entries == []


def test_it_begins_with_the_open_one_and_knows_the_end_of_the_list(hands):
    hands.key(Qt.Key.Key_PageDown)
    number = ask(hands)
    assert (number.value(), number.maximum()) == (2, 15)


def test_it_counts_what_is_listed(hands):
    browser = hands.window.label_page.browser
    browser.name.setText("s_1")
    browser.narrow()
    number = ask(hands)
    assert number.maximum() == 5
    number.setValue(2)
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert hands.open_id == hands.window.label_page.list_model.instance_at(1)


def test_escape_leaves_all_as_it_is(hands):
    before = hands.open_id
    QTest.keyClick(ask(hands), Qt.Key.Key_Escape)
    assert hands.open_id == before
