"""The table of keys and gestures that `?` shows."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.gui.action_card import ActionCard, keys_text
from annotator.gui.actions import ACTIONS, GESTURES


class KeysSheet(QDialog):
    def __init__(
        self, parent: QWidget | None = None, actions: Sequence[ActionCard] = ACTIONS
    ) -> None:
        """actions: with the keys that they have now."""
        super().__init__(parent)
        self.setWindowTitle("Keys")
        label = [card for card in actions if card.menu == "Label"]
        others = [card for card in actions if card.menu != "Label"]
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setSpacing(34)
        first, second = QVBoxLayout(), QVBoxLayout()
        first.addLayout(_table("Mouse and held keys", [(k, what, what) for k, what in GESTURES]))
        for column, title, cards in (
            (first, "Labelling", label),
            (second, "Everything else", others),
        ):
            rows = [(keys_text(card), card.title, card.tip) for card in cards]
            column.addLayout(_table(title, rows))
        columns.addLayout(first)
        columns.addLayout(second)
        # Small screens scroll; the table itself is never squeezed.
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(content)
        area.setAccessibleName("Keys")
        wanted = content.sizeHint() + QSize(20, 20)
        screen = self.screen().availableSize() * 0.9
        area.setMinimumSize(wanted.boundedTo(screen - QSize(60, 120)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 16)
        whole.setSpacing(12)
        whole.addWidget(area)
        whole.addWidget(buttons)


def _table(title: str, rows: Sequence[tuple[str, str, str]]) -> QGridLayout:
    """rows: (key, what it does, more about it)."""
    table = QGridLayout()
    table.setHorizontalSpacing(14)
    table.setVerticalSpacing(6)
    table.addWidget(QLabel(f"<b>{title}</b>"), 0, 0, 1, 2)
    for row, (keys, meaning, more) in enumerate(rows, start=1):
        key = QLabel(keys)
        key.setProperty("tone", "key")
        what = QLabel(meaning)
        what.setToolTip(more)
        table.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
        table.addWidget(what, row, 1, Qt.AlignmentFlag.AlignTop)
    table.setColumnStretch(1, 1)
    table.setRowStretch(len(rows) + 1, 1)
    return table
