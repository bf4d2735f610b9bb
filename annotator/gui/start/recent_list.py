"""The recent projects, each with how far it is."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.elided_label import ElidedLabel
from landmark_annotator.annotator.session.reports.project_glance import Glance, glance_at
from landmark_annotator.projects.vocabulary.wording import percent


class RecentList(QListWidget):
    chosen = Signal(object)
    """(folder) To be opened."""
    forgotten = Signal(object)
    """(folder) To be left out from now on; its files stay."""
    broke = Signal(Exception)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Recent projects")
        self.setSpacing(2)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)
        self._at_work = Tasks(2, self)

    def show_folders(self, folders: Sequence[Path]) -> None:
        """Each is looked at in a thread: a disk may be slow, or gone."""
        self.clear()
        for folder in folders:
            item = QListWidgetItem(self)
            item.setData(Qt.ItemDataRole.UserRole, folder)
            self._show(item, Glance(folder, folder.name))
            self._at_work.request(
                str(folder), partial(glance_at, folder), self._take, self.broke.emit
            )
        if self.count():
            self.setCurrentRow(0)

    @property
    def looking(self) -> bool:
        """Whether it is not yet known what all of them hold."""
        folders = (self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count()))
        return any(self._at_work.pending(str(folder)) for folder in folders)

    def close_threads(self) -> None:
        self._at_work.close()

    def leave_threads(self) -> None:
        """Without waiting for a disk that is slow: what is looked at is so for nobody any more."""
        self._at_work.leave()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for row in range(self.count()):
                self._fit(self.item(row))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            self.forgotten.emit(item.data(Qt.ItemDataRole.UserRole))
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _take(self, glance: Glance) -> None:
        for row in range(self.count()):
            item = self.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == glance.folder:
                self._show(item, glance, known=True)

    def _show(self, item: QListWidgetItem, glance: Glance, known: bool = False) -> None:
        text = _said(glance) if known else "looking\N{HORIZONTAL ELLIPSIS}"
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{glance.name}, {text}, {glance.folder}")
        item.setToolTip(f"{glance.folder}\n{text}\nDelete takes it off this list; its files stay.")
        self.setItemWidget(item, _Row(glance, text))
        self._fit(item)

    def _fit(self, item: QListWidgetItem) -> None:
        row = self.itemWidget(item)
        item.setSizeHint(QSize(0, row.sizeHint().height() + 4))


class _Row(QWidget):
    def __init__(self, glance: Glance, text: str) -> None:
        super().__init__()
        # The list says it all, so that nothing in a row takes its clicks.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        name = ElidedLabel(glance.name)
        name.setProperty("tone", "heading")
        place = quiet(ElidedLabel(str(glance.folder), Qt.TextElideMode.ElideMiddle))
        first = QHBoxLayout()
        first.addWidget(name, 1)
        if not glance.problem:
            first.addWidget(QLabel(text))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(first)
        column.addWidget(place)
        if glance.problem:
            column.addWidget(ElidedLabel(text, Qt.TextElideMode.ElideMiddle))
        if glance.instances and not glance.problem:
            bar = QProgressBar()
            bar.setRange(0, glance.instances)
            bar.setValue(glance.accepted)
            bar.setTextVisible(False)
            bar.setFixedHeight(6)
            column.addWidget(bar)


def _said(glance: Glance) -> str:
    if glance.problem:
        return f"\N{WARNING SIGN} {glance.problem}"
    if glance.older:
        return "from an earlier version"
    if not glance.instances:
        return "nothing to label yet"
    share = percent(glance.accepted, glance.instances)
    return f"{glance.accepted:,} of {glance.instances:,} accepted ({share} %)"
