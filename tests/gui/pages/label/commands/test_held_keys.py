"""A key that is held down accepts, takes back and confirms once; nothing unseen is accepted."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.window.action_table import ACTIONS
from landmark_annotator.projects.store import ActionKind, InstanceState

LOOKS = ("next", "previous", "skip", "zoom_in")


def kinds(hands) -> list[ActionKind]:
    return [entry.kind for entry in hands.entries]


def again(hands, key: Qt.Key, text: str = "") -> None:
    """As the system repeats a key that is held down."""
    for _ in range(4):
        plain = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            QApplication.sendEvent(hands.canvas, QKeyEvent(kind, key, plain, text, True))
        QApplication.processEvents()


@pytest.mark.parametrize(
    "name", ["accept", "confirm", "clear", "undo", "redo", "review_accept", "sheet_accept"]
)
def test_what_changes_labels_is_not_repeated_by_a_held_key(hands, name):
    assert not hands.window.actions_by_name[name].autoRepeat()


@pytest.mark.parametrize("name", LOOKS)
def test_what_only_looks_is_repeated(hands, name):
    assert hands.window.actions_by_name[name].autoRepeat()


def test_nothing_that_writes_repeats():
    looking = ("next", "previous", "skip", "landmark", "zoom", "more", "fewer")
    assert all(any(word in card.name for word in looking) for card in ACTIONS if card.repeats)


def test_a_held_enter_accepts_one_image(hands):
    QTest.keyPress(hands.canvas, Qt.Key.Key_Return)
    again(hands, Qt.Key.Key_Return)
    assert kinds(hands) == [ActionKind.ACCEPT]


def test_an_image_that_was_not_painted_is_not_accepted(hands):
    first, second, _ = hands.order[:3]
    hands.window.controller.open(second)
    hands.wait_for()
    hands.window.controller.open(first)
    hands.window.actions_by_name["accept"].trigger()
    assert hands.state(first) is InstanceState.UNTOUCHED
    hands.canvas.repaint()
    hands.window.actions_by_name["accept"].trigger()
    assert hands.state(first) is InstanceState.ACCEPTED
