"""The table of actions: complete and free of conflicts."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.window.action_table import ACTIONS, build_actions
from landmark_annotator.annotator.gui.window.keys_sheet import KeysSheet


def test_no_key_belongs_to_two_actions_of_a_page():
    for page in {card.page for card in ACTIONS}:
        cards = [card for card in ACTIONS if card.page in ("", page)]
        keys = Counter(key for card in cards for key in card.keys)
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_key_is_one_that_qt_knows():
    for card in ACTIONS:
        for key in card.keys:
            assert not QKeySequence(key).isEmpty(), (card.name, key)


def test_keys_that_the_canvas_uses_held_are_no_shortcuts():
    keys = {key for card in ACTIONS for key in card.keys}
    assert keys.isdisjoint({"Space", "H", "Esc"})


def test_every_action_calls_its_own_function(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    called = []
    slots = {card.name: lambda *_, name=card.name: called.append(name) for card in ACTIONS}
    for action in build_actions(window, slots).values():
        action.trigger()
    assert called == [card.name for card in ACTIONS]


def test_an_action_without_a_function_is_a_mistake(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    with pytest.raises(KeyError):
        build_actions(window, {card.name: print for card in ACTIONS[1:]})
    with pytest.raises(KeyError):
        build_actions(window, {"nonsense": print, **{card.name: print for card in ACTIONS}})


def test_the_sheet_of_keys_shows_every_action(qtbot):
    sheet = KeysSheet()
    qtbot.addWidget(sheet)
    from PySide6.QtWidgets import QLabel

    shown = {label.text() for label in sheet.findChildren(QLabel)}
    assert {card.title for card in ACTIONS} <= shown
    of_timelines = {"Drag on a timeline", "Shift and drag on a timeline", "Right click on a lane"}
    assert of_timelines <= shown, "by which alone tracks are made"
