"""What the tables of landmarks and regions have in common: a row for each that the draft has."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.schemes.draft import Draft

Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractTableModel):
    """count: of the rows that the draft has now."""

    def __init__(
        self, draft: Draft, headings: Sequence[str], count: Callable[[], int], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._draft, self._headings, self._count = draft, headings, count
        self._rows, self._shown = count(), draft.scheme
        draft.changed.connect(self._look_again)

    def _look_again(self) -> None:
        if self._count() != self._rows:
            self.beginResetModel()
            self._rows = self._count()
            self.endResetModel()
        elif self._rows and self._draft.scheme != self._shown:
            # Not where only the picture is another: an open editor takes what is stored again.
            last = self.index(self._rows - 1, len(self._headings) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self._shown = self._draft.scheme

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else self._rows

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._headings)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None
