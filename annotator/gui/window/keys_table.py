"""The table of keys that can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, keys_text
from landmark_annotator.annotator.gui.window.action_table import ACTIONS
from landmark_annotator.annotator.gui.window.key_bindings import chosen_cards, conflict, differing


class KeysTable(QWidget):
    """A key that already does something else where the action works is refused, with the reason."""

    changed = Signal(dict)
    """The keys that differ from those of a first start, by the name of the action."""

    def __init__(self, keys: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.cards = list(chosen_cards(keys))
        self._emptied: ActionCard | None = None
        """As it was before the field was emptied, which a key that is pressed does first."""
        self.table = QTreeWidget()
        self.table.setAccessibleName("Actions and their keys")
        self.table.setHeaderLabels(["Action", "Key"])
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.rows: dict[str, QTreeWidgetItem] = {}
        menus: dict[str, QTreeWidgetItem] = {}
        for card in self.cards:
            if card.menu not in menus:
                menus[card.menu] = heading = QTreeWidgetItem(self.table, [card.menu])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = heading.font(0)
                font.setBold(True)
                heading.setFont(0, font)
                heading.setExpanded(True)
            row = QTreeWidgetItem(menus[card.menu])
            row.setData(0, Qt.ItemDataRole.UserRole, card.name)
            row.setToolTip(0, card.tip)
            self.rows[card.name] = row
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName("New key: press it")
        self.edit.setClearButtonEnabled(True)
        self.reset = QPushButton("Its &usual key")
        self.reset_all = QPushButton("&All usual keys")
        for button in (self.reset, self.reset_all):
            button.setAutoDefault(False)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setAccessibleName("Whether the key is free")
        line = QHBoxLayout()
        label = QLabel("&New key:")
        label.setBuddy(self.edit)
        line.addWidget(label)
        line.addWidget(self.edit, 1)
        line.addWidget(self.reset)
        line.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addLayout(line)
        column.addWidget(self.said)
        for card in self.cards:
            self._show(card)
        self.table.resizeColumnToContents(0)
        self.table.currentItemChanged.connect(self._choose)
        self.edit.keySequenceChanged.connect(self._take)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)
        self.table.setCurrentItem(self.rows[self.cards[0].name])

    @property
    def chosen(self) -> ActionCard | None:
        row = self.table.currentItem()
        name = None if row is None else row.data(0, Qt.ItemDataRole.UserRole)
        return next((card for card in self.cards if card.name == name), None)

    def _choose(self) -> None:
        card, self._emptied = self.chosen, None
        for widget in (self.edit, self.reset):
            widget.setEnabled(card is not None)
        self._fill_edit()
        self.said.setText("" if card is None else card.tip)

    def _fill_edit(self) -> None:
        card = self.chosen
        self.edit.blockSignals(True)
        self.edit.setKeySequence(QKeySequence(card.keys[0] if card and card.keys else ""))
        self.edit.blockSignals(False)

    def _take(self, sequence: QKeySequence) -> None:
        card = self.chosen
        if card is None:
            return
        key = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        why_not = conflict(card.name, key, self.cards)
        emptied, self._emptied = self._emptied, None if key else card
        if why_not:
            if emptied is not None:
                self._change({emptied.name: emptied.keys})
            self._fill_edit()
            self.said.setText(f"{key} is taken. {why_not}.")
        else:
            self._change({card.name: (key,) if key else ()})
            self.said.setText(f"{card.title}: {keys_text(self.chosen or card) or 'no key'}")

    def _reset(self) -> None:
        card = self.chosen
        if card is None:
            return
        [own] = [usual for usual in ACTIONS if usual.name == card.name]
        taken = [why for key in own.keys if (why := conflict(card.name, key, self.cards))]
        if taken:
            self.said.setText(f"Its usual key is taken. {taken[0]}.")
        else:
            self._change({card.name: own.keys})
            self._fill_edit()

    def _reset_all(self) -> None:
        self._change({card.name: card.keys for card in ACTIONS})
        self._fill_edit()
        self.said.setText("Every action has its usual key.")

    def _change(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self.cards = [replace(card, keys=keys.get(card.name, card.keys)) for card in self.cards]
        for card in self.cards:
            self._show(card)
        self.changed.emit(differing(self.cards))

    def _show(self, card: ActionCard) -> None:
        row = self.rows[card.name]
        row.setText(0, card.title)
        row.setText(1, keys_text(card) or "\N{EN DASH}")
