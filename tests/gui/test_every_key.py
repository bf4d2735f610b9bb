"""Every action of the table is reached by its own key, and every control by the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
)

from annotator.gui.actions import ACTIONS


def test_every_key_triggers_its_action(hands):
    triggered = []
    for name, action in hands.window.actions_by_name.items():
        action.triggered.connect(lambda _=False, name=name: triggered.append(name))
    for card in ACTIONS:
        for key in card.keys:
            page = hands.window.pages.page(card.page or "label")
            hands.window.pages.turn_to(card.page or "label")
            page.setFocus()
            QTest.keySequence(page, QKeySequence(key))
            assert triggered == [card.name], key
            triggered.clear()
            for dialog in hands.window.findChildren(QDialog):
                dialog.close()
            hands.window.activateWindow()
            QApplication.processEvents()


def test_all_that_can_be_used_says_what_it_is(hands):
    window = hands.window
    kinds = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit)
    used = [w for kind in kinds for w in window.findChildren(kind)]
    nameless = [
        widget
        for widget in used
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", lambda: "")()
        # Parts that Qt puts into its own widgets are named by those.
        and type(widget.parent()).__module__.startswith("annotator")
    ]
    assert nameless == []
