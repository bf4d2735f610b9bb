"""What every person has spent on every day: under one heading a day, for want of room beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from landmark_annotator.annotator.gui.pages.budget.sentences import DaySpent

_COLUMNS = {
    "Who": "",
    "Clicks": "",
    "Time": "Without pauses",
    "Done": "How often an instance was accepted, also where that was undone",
    "Each": "Clicks for each of them",
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class EffortTable(QTreeWidget):
    """Long names give way to the figures."""

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
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)

    def show_days(self, days: Sequence[DaySpent]) -> None:
        self.clear()
        for day in days:
            heading = QTreeWidgetItem(self, [day.said])
            heading.setFirstColumnSpanned(True)
            for texts in day.people:
                row = QTreeWidgetItem(heading, list(texts))
                row.setToolTip(0, texts[0])
                for column in range(1, len(texts)):
                    row.setTextAlignment(column, _RIGHT)
        self.expandAll()
