"""Every action of the table is reached by its own key."""

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from landmark_annotator.annotator.gui.window.action_table import ACTIONS


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
