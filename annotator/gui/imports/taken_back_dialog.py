"""Which import of labels is to be taken back."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.projects.store import BroughtFile

_TOLD = (
    "The labels and boxes that it brought go again; the images stay, and wait for labels. What "
    "somebody has changed, accepted, judged or left out since stays as it is. Undo brings back "
    "what was taken."
)
_SIZE = QSize(620, 360)


class TakenBackDialog(QDialog):
    """Writes nothing itself."""

    wanted = Signal(int)
    """(number of the import)"""

    def __init__(self, imports: Sequence[BroughtFile], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take back an import")
        resize_within(self, _SIZE * min(letters(self), 1.6))
        told = quiet(QLabel(_TOLD))
        told.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName("Imports of labels, the newest first")
        self.list.setHeaderLabels(["From", "Objects", "When", "Who"])
        self.list.setRootIsDecorated(False)
        for one in imports:
            when = one.at.astimezone()
            row = [one.name, f"{one.labels:,}", f"{when:%Y-%m-%d %H:%M}", one.who]
            item = QTreeWidgetItem(row)
            item.setData(0, Qt.ItemDataRole.UserRole, one.number)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.list.addTopLevelItem(item)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        for number in (3, 2, 1, 0):
            self.list.resizeColumnToContents(number)
        buttons = QDialogButtonBox()
        self.take = buttons.addButton("&Take back", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(told)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        self.list.setFocus()

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accept()
            self.wanted.emit(item.data(0, Qt.ItemDataRole.UserRole))
