"""The list of images with what narrows it down: a part of the name, and the state."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.label.panels.image_list import ImageListModel
from landmark_annotator.annotator.gui.pages.label.panels.image_table import ImageList
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.projects.store import InstanceState, Project

_REMARKED = "flagged, sent back"
_EXCLUDED = "excluded"
_CHOICES: tuple[tuple[str, tuple[InstanceState, ...]], ...] = (
    ("all", tuple(InstanceState)),
    ("not accepted", (InstanceState.UNTOUCHED, InstanceState.STARTED)),
    ("new", (InstanceState.UNTOUCHED,)),
    ("started", (InstanceState.STARTED,)),
    ("accepted", (InstanceState.ACCEPTED,)),
    (_EXCLUDED, tuple(InstanceState)),
    (_REMARKED, tuple(InstanceState)),
)
_FEW_LETTERS = 9
_SHOWN = 24
"""Letters of a name that is sought in vain."""
_BESIDE = 20
"""Pixels beside the text of a line."""
_TYPING_PAUSE_MS = 120


class ImageBrowser(QWidget):
    narrowed = Signal()
    """Other rows are listed, and none is marked."""
    left = Signal()
    """The user is done with looking for an image."""

    def __init__(
        self, model: ImageListModel, project: Project, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._project = model, project
        self._worst_first = self._excluded = False
        self.name = _SearchLine()
        self.name.setPlaceholderText("Find a name")
        self.name.setAccessibleName("Part of the name of an image")
        self.name.setClearButtonEnabled(True)
        self.state = _StateChoice()
        self.state.setAccessibleName("State of the images that are listed")
        for title, _ in _CHOICES:
            self.state.addItem(title)
        self.count = QLabel()
        self.count.setAccessibleName("How many are listed")
        quiet(self.count)
        self.nothing = quiet(QLabel())
        """Why the list is empty."""
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setWordWrap(True)
        self.nothing.setContentsMargins(8, 4, 8, 8)
        self.list = ImageList()
        self.list.show_model(model)
        line = QHBoxLayout()
        line.setContentsMargins(6, 6, 6, 4)
        line.addWidget(self.name, 1)
        line.addWidget(self.state)
        line.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        # Not at every letter: a list may be long.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.narrow)
        self.name.textChanged.connect(self._pause.start)
        self.name.returnPressed.connect(self._open_first)
        self.name.escaped.connect(self._give_up)
        self.state.activated.connect(self.narrow)
        self._count()

    def search(self) -> None:
        """The next letters that are typed are part of a name."""
        self.name.setFocus()
        self.name.selectAll()

    def jump(self) -> None:
        """Asks for a number in the list, as it is listed now."""
        total = self._model.rowCount()
        if not total:
            return
        asking = QInputDialog(self)
        asking.setWindowTitle("Jump to a row")
        asking.setInputMode(QInputDialog.InputMode.IntInput)
        asking.setIntRange(1, total)
        asking.setIntValue(max(self.list.currentIndex().row(), 0) + 1)
        asking.setLabelText(f"Number in the list, 1 to {total:,}:")
        asking.intValueSelected.connect(self._open_row)
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def _open_row(self, number: int) -> None:
        # A model that was loaded anew meanwhile may be shorter.
        if number <= self._model.rowCount():
            self.list.choose(self._model.instance_at(number - 1))
            self.left.emit()

    def order(self, worst_first: bool) -> None:
        """By expected error, or in the project's order."""
        self._worst_first = worst_first
        self.narrow()

    def show_excluded(self, shown: bool) -> None:
        """Among the others, struck through."""
        self._excluded = shown
        self.narrow()

    def narrow(self) -> None:
        """Lists what fits the choices, as it is now."""
        self._pause.stop()
        title, states = _CHOICES[self.state.currentIndex()]
        among: Collection[int] | None = self._model.remarked if title == _REMARKED else None
        if title == _EXCLUDED:
            among = self._project.excluded_ids().tolist()
        excluded = self._excluded or title == _EXCLUDED
        self._model.show_only(self._sought, states, self._worst_first, among, excluded)
        self.narrowed.emit()
        self._count()

    @property
    def _sought(self) -> str:
        """A name that was copied from elsewhere often has a blank at its end."""
        return self.name.text().strip()

    def _count(self) -> None:
        count = self._model.rowCount()
        self.count.setText(f"{count:,}")
        kind = self.state.currentText().replace(", ", " or ")
        among = "" if self.state.currentIndex() == 0 else f" among those that are {kind}"
        if name := self._sought:
            # One word without an end would make the list as wide.
            shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}\N{HORIZONTAL ELLIPSIS}"
            self.nothing.setText(f"No name holds {shown}{among}. Esc forgets it.")
        else:
            self.nothing.setText(f"None is {kind}." if among else "There is nothing to label yet.")
        self.nothing.setHidden(count > 0)

    def _open_first(self) -> None:
        self.narrow()
        if self._model.rowCount() > 0:
            found = self._model.instance_at(0)
            # It was sought to go there: the list is whole again, with what was found open in it.
            self.name.clear()
            self.narrow()
            self.list.choose(found)
            self.left.emit()

    def _give_up(self) -> None:
        self.name.clear()
        self.narrow()
        self.left.emit()


class _StateChoice(QComboBox):
    """Gives way to the name that is looked for, down to a few letters."""

    @override
    def minimumSizeHint(self) -> QSize:
        few = _FEW_LETTERS * self.fontMetrics().averageCharWidth()
        return QSize(min(few, self.sizeHint().width()), super().minimumSizeHint().height())


class _SearchLine(QLineEdit):
    """Keeps the keys that mean something here from the window's shortcuts."""

    escaped = Signal()

    @override
    def minimumSizeHint(self) -> QSize:
        """With what it is for to be read."""
        wide = self.fontMetrics().horizontalAdvance(self.placeholderText()) + _BESIDE
        return QSize(wide, super().minimumSizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        own = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in own
        ):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
            # A key that ends here is no gesture for the canvas.
            event.accept()

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.accept()
