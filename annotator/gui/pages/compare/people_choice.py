"""Which two people are compared: a list to choose from, in a narrow column."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.compare.tables import NAME_LETTERS, both_names

_PAIR = Qt.ItemDataRole.UserRole + 1
_LEAST_LETTERS = 4


class PeopleChoice(QComboBox):
    """Of what is chosen the names of both people are to be seen, however little room there is: the
    style would cut the second one."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Which two people")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """In place of those before; what was chosen stays so where it is still there."""
        shown = self.currentData()
        self.blockSignals(True)
        self.clear()
        for n, pair in enumerate(pairs):
            whole = " and ".join(pair)
            self.addItem(both_names(*pair), whole)
            self.setItemData(n, whole, Qt.ItemDataRole.ToolTipRole)
            self.setItemData(n, pair, _PAIR)
        self.setCurrentIndex(max(self.findData(shown), 0 if pairs else -1))
        self.blockSignals(False)

    @property
    def shown(self) -> str:
        """What stands in it, as there is room now."""
        pair, whole = self.currentData(_PAIR), self.currentText()
        if pair is None:
            return whole
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        kind = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(kind, option, field, self).width()
        for letters in range(NAME_LETTERS, _LEAST_LETTERS, -1):
            text = both_names(*pair, letters=letters)
            if self.fontMetrics().horizontalAdvance(text) <= room:
                return text
        return both_names(*pair, letters=_LEAST_LETTERS)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
