"""What every person has spent on every day: under one heading a day, for want of room beside it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.budget.sentences import DaySpent

_COLUMNS = {
    "Who": "",
    "Clicks": "",
    "Time": "Without pauses",
    "Accepts": "How often an instance was accepted: once more after a change, and undone ones, too",
    "Each": "Clicks for each of them",
}
_LETTERS = 12
"""Of a name that are always to be read, however narrow the window is."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class EffortTable(QTreeWidget):
    """Long names give way to the figures, as far as one can still read who it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Effort by day and annotator")
        self.setHeaderLabels(list(_COLUMNS))
        for column, tip in enumerate(_COLUMNS.values()):
            self.headerItem().setToolTip(column, tip)
            if column:
                self.headerItem().setTextAlignment(column, _RIGHT)
        self.setIndentation(0)
        self.setItemsExpandable(False)
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    @override
    def minimumSizeHint(self) -> QSize:
        """With all columns but the last, which follows from two others."""
        bar = self.verticalScrollBar().sizeHint().width()
        wide = self._least_name() + sum(map(self._least_figure, range(1, len(_COLUMNS) - 1)))
        return QSize(wide + bar + 2 * self.frameWidth(), super().minimumSizeHint().height())

    def _least_figure(self, column: int) -> int:
        return max(self.sizeHintForColumn(column), self.header().sectionSizeHint(column))

    def _least_name(self) -> int:
        letters = _LETTERS * self.fontMetrics().averageCharWidth()
        return max(min(self.sizeHintForColumn(0), letters), self.header().sectionSizeHint(0))

    def _share_width(self) -> None:
        header, room = self.header(), self.viewport().width()
        figures = range(1, len(_COLUMNS))
        self.setColumnHidden(figures[-1], False)  # Hidden, it has no width that could be asked.
        widths, least = [self._least_figure(column) for column in figures], self._least_name()
        # The last one follows from two others.
        narrow = room - sum(widths) < least
        self.setColumnHidden(figures[-1], narrow)
        taken = sum(widths[:-1]) if narrow else sum(widths)
        header.resizeSection(0, max(room - taken, least))

    def show_days(self, days: Sequence[DaySpent]) -> None:
        self.clear()
        for day in days:
            heading = QTreeWidgetItem(self, [day.said])
            heading.setFirstColumnSpanned(True)
            for texts in day.people:
                row = QTreeWidgetItem(heading, list(texts))
                row.setToolTip(0, texts[0])
                if texts[-1]:
                    row.setToolTip(len(texts) - 2, f"{texts[-1]} clicks for each of them")
                for column in range(1, len(texts)):
                    row.setTextAlignment(column, _RIGHT)
        self.expandAll()
        self._share_width()
        self.updateGeometry()
