"""The landmarks of a scheme in a table: their order, names, partners and colours."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.annotator.gui.schemes.row_model import Index, RowModel
from landmark_annotator.annotator.gui.widgets.lettered_table import fit_columns, fit_rows
from landmark_annotator.annotator.gui.widgets.swatch import swatch

_HEADINGS = ("#", "Landmark", "Partner")
_NUMBER, _NAME, _PARTNER = range(3)
_MIME = "application/x-landmark-row"


class LandmarkModel(RowModel):
    """Names are changed in place; rows are dragged to where they are to be."""

    moved = Signal(int)
    """(where a row was dropped)"""

    def __init__(self, draft: Draft, parent: QWidget) -> None:
        super().__init__(draft, _HEADINGS, lambda: len(draft.scheme), parent)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        scheme, row = self._draft.scheme, index.row()
        if row >= len(scheme):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            if index.column() == _NUMBER:
                return row + 1
            if index.column() == _NAME:
                return scheme.landmarks[row]
            partner = scheme.mirror[row]
            return "" if partner == row else scheme.landmarks[partner]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == _NUMBER:
            return swatch(dict(scheme.colours).get(row))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == _NAME:
            origin = self._draft.change.origins[row]
            if origin is None:
                return "New: unknown on every image"
            before = self._draft.change.before.landmarks[origin]
            return f"Was {before}" if before != scheme.landmarks[row] else None
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        return index.column() == _NAME and self._draft.rename(index.row(), str(value))

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _NAME else flags

    # Dragging rows

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, str(indexes[0].row()).encode())
        return data

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        source = int(bytes(data.data(_MIME).data()))
        target = row if row >= 0 else parent.row() if parent.isValid() else self._rows
        # It leaves its own row first, so all behind that one come nearer.
        target = min(target - (source < target), self._rows - 1)
        if self._draft.move(source, target):
            self.moved.emit(target)
        # Qt would take the dragged row away after a move that the model made itself.
        return False


class LandmarkTable(QTableView):
    """Shows the draft; several rows may be selected."""

    selected = Signal(tuple)
    """(landmarks that are selected)"""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.landmarks = LandmarkModel(draft, self)
        self.setModel(self.landmarks)
        self.setAccessibleName("Landmarks of the scheme")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        # Names of neighbours differ in their last word.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_NUMBER, QHeaderView.ResizeMode.Fixed)
        fit_columns(self, {_NUMBER: "888"}, 40)
        fit_rows(self, 8)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.landmarks.modelReset.connect(self._tell)
        self.landmarks.moved.connect(lambda row: self.select([row]))
        for key, by in ((Qt.Key.Key_Up, -1), (Qt.Key.Key_Down, 1)):
            shortcut = QShortcut(
                QKeySequence(Qt.KeyboardModifier.AltModifier | key),
                self,
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )
            shortcut.activated.connect(lambda by=by: self.shift(by))

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(sorted(index.row() for index in self.selectionModel().selectedRows()))

    def select(self, landmarks: Sequence[int]) -> None:
        """Just these; the first of them is where keys go on from."""
        model, selection = self.landmarks, QItemSelection()
        for landmark in landmarks:
            selection.select(model.index(landmark, 0), model.index(landmark, _PARTNER))
        flag = QItemSelectionModel.SelectionFlag
        if landmarks:
            first = model.index(landmarks[0], _NAME)
            self.selectionModel().setCurrentIndex(first, flag.NoUpdate)
            self.scrollTo(first)
        self.selectionModel().select(selection, flag.ClearAndSelect)

    def shift(self, by: int) -> None:
        """The one that is selected, up or down."""
        if len(self.chosen) == 1 and self._draft.move(self.chosen[0], self.chosen[0] + by):
            self.select([self.chosen[0] + by])

    def edit_name(self, landmark: int) -> None:
        self.edit(self.landmarks.index(landmark, _NAME))

    def _tell(self) -> None:
        self.selected.emit(self.chosen)
