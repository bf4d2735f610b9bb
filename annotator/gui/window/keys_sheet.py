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

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, keys_text
from landmark_annotator.annotator.gui.window.action_table import ACTIONS, GESTURES


class KeysSheet(QDialog):
    def __init__(
        self, parent: QWidget | None = None, actions: Sequence[ActionCard] = ACTIONS
    ) -> None:
        """actions: with the keys that they have now."""
        super().__init__(parent)
        self.setWindowTitle("Keys")
        menus: dict[str, list[tuple[str, str, str]]] = {}
        for card in actions:
            menus.setdefault(card.menu, []).append((keys_text(card), card.title, card.tip))
        sections = [("Mouse and held keys", [(k, what, what) for k, what in GESTURES])]
        sections += list(menus.items())
        room = self.screen().availableSize() * 0.9 - QSize(60, 120)
        # Small screens scroll up and down; the table itself is never squeezed.
        for count in range(_MOST_COLUMNS, 0, -1):
            content = _side_by_side(sections, count)
            wanted = content.sizeHint() + QSize(20, 20)
            if wanted.width() <= room.width():
                break
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(content)
        area.setAccessibleName("Keys")
        area.setMinimumSize(wanted.boundedTo(room))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 20, 22, 16)
        whole.setSpacing(12)
        whole.addWidget(area)
        whole.addWidget(buttons)


_Section = tuple[str, list[tuple[str, str, str]]]
_MOST_COLUMNS = 3
_LONG = 44
"""Letters of a line; longer ones are broken."""


def _side_by_side(sections: Sequence[_Section], count: int) -> QWidget:
    """All sections, in so many columns."""
    content = QWidget()
    columns = QHBoxLayout(content)
    columns.setSpacing(34)
    for group in _columns(sections, count):
        column = QVBoxLayout()
        column.setSpacing(16)
        for title, rows in group:
            column.addLayout(_table(title, rows))
        column.addStretch()
        columns.addLayout(column)
    return content


def _columns(sections: Sequence[_Section], count: int) -> list[list[_Section]]:
    """The sections in their order, in columns about as long as each other."""
    lengths = [2 + sum(1 + 0.7 * (len(row[1]) > _LONG) for row in rows) for _, rows in sections]
    share = sum(lengths) / count
    columns: list[list[_Section]] = [[] for _ in range(count)]
    before = 0.0
    for section, length in zip(sections, lengths, strict=True):
        columns[min(int((before + length / 2) / share), count - 1)].append(section)
        before += length
    return columns


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
        what.setWordWrap(len(meaning) > _LONG)
        if what.wordWrap():
            what.setMinimumWidth(what.fontMetrics().averageCharWidth() * _LONG)
        table.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
        table.addWidget(what, row, 1, Qt.AlignmentFlag.AlignTop)
    table.setColumnStretch(1, 1)
    return table
