"""Keys can be changed; a key that is taken is refused; the table of keys shows the new ones."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.window.action_table import ACTIONS
from landmark_annotator.annotator.gui.window.key_bindings import chosen_cards, conflict, differing
from landmark_annotator.annotator.gui.window.keys_sheet import KeysSheet
from landmark_annotator.annotator.gui.window.keys_table import KeysTable
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog


@pytest.fixture
def table(qtbot):
    table = KeysTable({})
    qtbot.addWidget(table)
    table.show()
    return table


def choose(table: KeysTable, action: str, key: str) -> None:
    table.table.setCurrentItem(table.rows[action])
    table.edit.setKeySequence(QKeySequence(key))


def keys(table: KeysTable, action: str) -> tuple[str, ...]:
    [card] = [card for card in table.cards if card.name == action]
    return card.keys


def test_at_first_no_key_is_taken_twice():
    cards = chosen_cards({})
    taken = [(c.name, key) for c in cards for key in c.keys if conflict(c.name, key, cards)]
    assert taken == []


@pytest.mark.parametrize(
    "key", ["Space", "H", "Esc", "5", "Shift+Left", "Ctrl+Up", ",", ".", "Shift+>", "[", "]"]
)
def test_keys_of_the_canvas_are_not_given_away(key):
    assert conflict("accept", key, ACTIONS)


def test_only_what_differs_is_kept():
    cards = chosen_cards({"accept": ["A"], "nonsense": ["B"]})
    assert differing(cards) == {"accept": ["A"]}


def test_a_free_key_is_taken_at_once(table, qtbot):
    with qtbot.waitSignal(table.changed) as told:
        choose(table, "accept", "Ctrl+G")
    assert told.args == [{"accept": ["Ctrl+G"]}]
    assert table.rows["accept"].text(1) == "Ctrl+G"


def test_a_key_that_is_taken_is_refused_by_the_name_of_its_action(table, qtbot):
    with qtbot.assertNotEmitted(table.changed):
        choose(table, "accept", "Ctrl+Z")
    assert "Undo" in table.said.text()
    assert keys(table, "accept") == ("Return", "Enter")


def test_a_key_that_is_pressed_and_refused_leaves_the_one_that_was_there(table):
    """The field empties itself when a key is pressed, and the action had none from then on."""
    table.table.setCurrentItem(table.rows["accept"])
    QTest.keyClick(table.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Undo" in table.said.text()
    assert keys(table, "accept") == ("Return", "Enter")
    assert table.edit.keySequence() == QKeySequence("Return")


def test_one_key_and_all_keys_can_be_as_usual_again(table):
    choose(table, "accept", "Ctrl+G")
    choose(table, "undo", "Ctrl+U")
    table.reset.click()
    assert keys(table, "undo") == ("Ctrl+Z",)
    assert keys(table, "accept") == ("Ctrl+G",)
    table.reset_all.click()
    assert differing(table.cards) == {}


def test_a_usual_key_that_something_else_has_now_is_not_given_back(table):
    choose(table, "undo", "Ctrl+U")
    choose(table, "redo", "Ctrl+Z")
    table.table.setCurrentItem(table.rows["undo"])
    table.reset.click()
    assert keys(table, "undo") == ("Ctrl+U",)
    assert "Redo" in table.said.text()


def test_the_window_obeys_the_new_key_at_once_and_at_the_next_start(
    make_project, open_window, tmp_path
):
    path = tmp_path / "preferences.json"
    hands = open_window(make_project(), preferences=Preferences.load(path))
    hands.wait_for()
    hands.window.actions_by_name["preferences"].trigger()
    [dialog] = hands.window.findChildren(PreferencesDialog)
    choose(dialog.keys, "next", "Ctrl+G")
    dialog.reject()
    hands.window.activateWindow()
    first = hands.open_id
    hands.canvas.setFocus()
    hands.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert hands.open_id != first
    again = Preferences.load(path)
    assert again.keys == {"next": ["Ctrl+G"]}
    sheet = KeysSheet(hands.window, chosen_cards(again.keys))
    assert "Ctrl+G" in {label.text() for label in sheet.findChildren(QLabel)}


def test_letters_and_theme_change_at_once(qtbot, qapp):
    from landmark_annotator.annotator.gui.style import themes

    preferences = Preferences()
    dialog = PreferencesDialog(preferences)
    qtbot.addWidget(dialog)
    dialog.show()
    usual = qapp.font().pointSizeF() * 100 / preferences.font_scale
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.scale.setFocus()
    QTest.keyClick(dialog.scale, Qt.Key.Key_End)
    assert themes.current() is themes.LIGHT
    assert qapp.font().pointSizeF() == pytest.approx(2 * usual)
    assert (preferences.theme, preferences.font_scale) == ("light", 200)
    themes.apply(qapp)


def test_what_the_window_says_speaks_of_the_new_key(make_project, open_window):
    hands = open_window(make_project(), preferences=Preferences(keys={"accept": ["Ctrl+G"]}))
    hands.wait_for()
    assert hands.text.endswith("or Ctrl+G to accept")
    assert "(Ctrl+G)" in hands.window.landmarks.accept.text()


def test_every_page_speaks_of_the_new_keys_also_while_it_is_seen(make_project, open_window):
    preferences = Preferences(keys={"review_accept": ["Ctrl+G"]})
    hands = open_window(make_project(), preferences=preferences)
    hands.wait_for()
    page = hands.window.pages.page("review")
    hands.window.pages.turn_to("review")
    assert page.passes.text() == "Passes  (Ctrl+G)"
    assert page.send_back.text().endswith("(Backspace)")
    hands.window.actions_by_name["preferences"].trigger()
    [dialog] = hands.window.findChildren(PreferencesDialog)
    choose(dialog.keys, "review_send_back", "Ctrl+H")
    dialog.reject()
    assert page.send_back.text().endswith("(Ctrl+H)")


def test_an_action_without_a_key_is_in_the_menu(make_project, open_window):
    hands = open_window(make_project(), preferences=Preferences(keys={"accept": []}))
    hands.wait_for()
    assert hands.text.endswith("or the menu to accept")
