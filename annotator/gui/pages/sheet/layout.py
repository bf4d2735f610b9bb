"""How a sheet is laid out: its cells in rows, what is chosen above them, what keys do below."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.canvas.tools.box_tool import ARROWS
from landmark_annotator.annotator.gui.pages.sheet.cell import SheetCell
from landmark_annotator.annotator.gui.pages.sheet.object_masks import MasksOf
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.elided_label import ElidedLabel
from landmark_annotator.projects.vocabulary import Scheme

_COLUMNS = {6: 3, 12: 4, 20: 5, 30: 6}
"""By the number of objects: rows are a little wider than high, as screens are."""

_MESSAGE_LINES = 2
"""As most messages have at most."""
_ROUND_MESSAGE = 14
"""Pixels round its lines, beyond those that the page has round its help."""


class SheetLayout(QObject):
    made = Signal(object)
    """(SheetCell) One more is there."""
    size_chosen = Signal(int)
    order_chosen = Signal(str)

    def __init__(self, scheme: Scheme, masks: MasksOf, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._scheme, self._masks = scheme, masks
        self._columns = 1
        self.cells: list[SheetCell] = []
        self.count = ElidedLabel()
        self.count.setContentsMargins(4, 0, 0, 0)
        self.size, self.order = QComboBox(), QComboBox()
        self.size.setAccessibleName("How many objects are shown")
        self.order.setAccessibleName("Which come first")
        self.accept = QPushButton()
        self.accept.setObjectName("accept")
        self.accept.setEnabled(False)
        for control in (self.size, self.order, self.accept):
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.size.activated.connect(lambda _: self.size_chosen.emit(self.size.currentData()))
        self.order.activated.connect(lambda _: self.order_chosen.emit(self.order.currentData()))
        self.help = quiet(QLabel())
        self.help.setWordWrap(True)
        self.help.setContentsMargins(4, 0, 4, 0)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._make_room()
        Restyling(self.help).done.connect(self._make_room)
        top = QHBoxLayout()
        top.addWidget(self.count, 1)
        for control in (self.size, self.order, self.accept):
            top.addWidget(control)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(top)
        column.addLayout(self._grid, 1)
        column.addWidget(self.help)

    def _make_room(self) -> None:
        """A message lies over the help, and hides no caption of the cells above it."""
        lines = _MESSAGE_LINES * self.help.fontMetrics().lineSpacing()
        self.help.setMinimumHeight(lines + _ROUND_MESSAGE)

    def offer(self, sizes: Sequence[int], size: int, orders: Mapping[str, str], order: str) -> None:
        self.size.clear()
        for each in sizes:
            self.size.addItem(f"{each} objects", each)
        self.size.setCurrentIndex(self.size.findData(size))
        self.order.clear()
        for name, title in orders.items():
            self.order.addItem(title, name)
        self.order.setCurrentIndex(self.order.findData(order))

    def make(self, count: int) -> None:
        """There are so many cells at least, to be laid out."""
        while len(self.cells) < count:
            cell = SheetCell(self._scheme, self._masks)
            self.cells.append(cell)
            self.made.emit(cell)

    def settled(self, act: Callable[[], None]) -> Callable[[], None]:
        """It, once a landmark that the mouse still holds is where it was moved to: quick hands
        press a key before the button is up."""

        def settle_and_act() -> None:
            for cell in self.cells:
                cell.canvas.settle()
            act()

        return settle_and_act

    def lay_out(self, count: int, size: int) -> None:
        """So many cells are seen, of a sheet for `size`; they keep their places on a last sheet
        that is not full."""
        columns, rows = _COLUMNS[size], -(-size // _COLUMNS[size])
        self.make(count)
        if columns != self._columns or self._grid.count() < count:
            self._columns = columns
            for cell in self.cells:
                self._grid.removeWidget(cell)
            for place, cell in enumerate(self.cells[:size]):
                self._grid.addWidget(cell, *divmod(place, columns))
            for number in range(max(_COLUMNS.values())):
                self._grid.setColumnStretch(number, int(number < columns))
                self._grid.setRowStretch(number, int(number < rows))
        # Else Qt gives the keyboard to what comes next: arrow keys choose how many are shown then.
        if any(cell.canvas.hasFocus() for cell in self.cells[count:]):
            (self.cells[count - 1] if count else self._page).setFocus()
        for place, cell in enumerate(self.cells):
            if place >= count:
                cell.instance_id = cell.view = None
            cell.setVisible(place < count)

    def enter(self, key: int) -> bool:
        """By an arrow key, where no cell has the keyboard: it goes to the first. Whether it did."""
        enters = key in ARROWS and bool(self.cells) and self.cells[0].isVisible()
        if enters:
            self.cells[0].setFocus(Qt.FocusReason.TabFocusReason)
        return enters

    def step(self, cell: SheetCell, dx: float, dy: float) -> None:
        """The keyboard goes to the next cell in a direction, where there is one. dx, dy: an arrow
        key's, in pixels of the cell's image."""
        across, down = cell.canvas.scene.viewport.steps_to_screen(np.array([dx, dy])).tolist()
        rows = abs(down) > abs(across)
        by = self._columns if rows else 1
        place = self.cells.index(cell) + (by if (down if rows else across) > 0 else -by)
        if 0 <= place < len(self.cells) and self.cells[place].isVisible():
            self.cells[place].setFocus(Qt.FocusReason.TabFocusReason)
