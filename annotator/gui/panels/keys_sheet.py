"""The table of keys and gestures that `?` shows."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.actions import ACTIONS, GESTURES, keys_text


class KeysSheet(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        columns = QGridLayout()
        columns.setHorizontalSpacing(18)
        columns.setVerticalSpacing(6)
        self._heading(columns, 0, "Mouse and held keys")
        for row, (gesture, meaning) in enumerate(GESTURES, start=1):
            self._row(columns, row, 0, gesture, meaning)
        self._heading(columns, 3, "Keys")
        for row, card in enumerate(ACTIONS, start=1):
            self._row(columns, row, 3, keys_text(card), card.tip)
        columns.setColumnMinimumWidth(2, 24)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(16)
        column.addLayout(columns)
        column.addWidget(buttons)

    def _heading(self, columns: QGridLayout, column: int, text: str) -> None:
        label = QLabel(f"<b>{text}</b>")
        columns.addWidget(label, 0, column, 1, 2)

    def _row(self, columns: QGridLayout, row: int, column: int, keys: str, meaning: str) -> None:
        key = QLabel(keys)
        key.setStyleSheet("color: #faec50;")
        what = QLabel(meaning)
        what.setWordWrap(True)
        what.setMinimumWidth(250)
        columns.addWidget(key, row, column, Qt.AlignmentFlag.AlignTop)
        columns.addWidget(what, row, column + 1, Qt.AlignmentFlag.AlignTop)
