"""The list of what there is to label: one row an instance, in the project's order."""

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from annotator.gui import look
from projects.store import ImageRecord, InstanceRecord, InstanceState

_Index = QModelIndex | QPersistentModelIndex

NAME, STATE, ERROR, CLICKS = range(4)
_TITLES = ("Image", "State", "Error", "Clicks")
_TIPS = (
    "The image file; # counts the objects in it",
    "\N{WHITE CIRCLE} new: nothing placed yet, \N{CIRCLE WITH LEFT HALF BLACK} started, "
    "\N{CHECK MARK} accepted",
    "The error that the model expected before any click, in % of the scheme's normaliser",
    "Clicks spent here; taking one back does not refund it",
)
_STATES: Mapping[InstanceState, tuple[str, QColor]] = {
    InstanceState.UNTOUCHED: ("\N{WHITE CIRCLE} new", QColor(165, 165, 168)),
    InstanceState.STARTED: ("\N{CIRCLE WITH LEFT HALF BLACK} started", look.PLACED),
    InstanceState.ACCEPTED: ("\N{CHECK MARK} accepted", look.IMPORTED),
}


class ImageListModel(QAbstractTableModel):
    """Keeps the store's light records; a changed instance is one changed row."""

    def __init__(
        self,
        instances: Sequence[InstanceRecord],
        images: Sequence[ImageRecord],
        clicks: Mapping[int, int],
    ) -> None:
        super().__init__()
        self._instances = list(instances)
        self._rows = {instance.id: row for row, instance in enumerate(self._instances)}
        self._clicks = [clicks.get(instance.id, 0) for instance in self._instances]
        self._names = _names(self._instances, images)

    def instance_at(self, row: int) -> InstanceRecord:
        return self._instances[row]

    def row_of(self, instance_id: int) -> int:
        return self._rows[instance_id]

    def change(self, instance: InstanceRecord, clicks: int) -> None:
        """What is shown of one instance is as given from now on."""
        row = self._rows[instance.id]
        self._instances[row] = instance
        self._clicks[row] = clicks
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(_TITLES) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        return 0 if parent.isValid() else len(self._instances)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _TITLES[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        instance = self._instances[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == STATE:
            return _STATES[instance.state][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NAME:
            return self._names[index.row()]
        return None

    def _text(self, row: int, column: int) -> str:
        instance = self._instances[row]
        if column == NAME:
            return self._names[row]
        if column == STATE:
            return _STATES[instance.state][0]
        if column == ERROR:
            error, accepted = instance.predicted_error, instance.state is InstanceState.ACCEPTED
            return "" if error is None or accepted else f"{error:.1f} %"
        return str(self._clicks[row]) if self._clicks[row] else ""


class ImageList(QTableView):
    chosen = Signal(int)
    """The user wants to see this instance (its id)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marking = False
        self.setAccessibleName("Images")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        # A fixed height keeps a list of any length from being measured row by row.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 9)
        self.horizontalHeader().setHighlightSections(False)

    def show_model(self, model: ImageListModel) -> None:
        self.setModel(model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        wide = self.fontMetrics().horizontalAdvance
        for column, text in (
            (STATE, "\N{CHECK MARK} accepted"),
            (ERROR, "88.8 %"),
            (CLICKS, "Clicks"),
        ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, wide(text) + 26)
        self.selectionModel().currentRowChanged.connect(self._choose)

    def mark_open(self, row: int) -> None:
        """Selects a row without asking for it to be opened."""
        index = self.model().index(row, 0)
        self._marking = True
        self.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )
        self._marking = False
        self.scrollTo(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes the first row current when an untouched list gets the focus; nobody chose it.
        self._marking = True
        super().focusInEvent(event)
        self._marking = False

    def _choose(self, current: QModelIndex) -> None:
        model = self.model()
        assert isinstance(model, ImageListModel)
        if current.isValid() and not self._marking:
            self.chosen.emit(model.instance_at(current.row()).id)


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column >= ERROR else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter


def _names(instances: Sequence[InstanceRecord], images: Sequence[ImageRecord]) -> list[str]:
    """File names; where an image holds several objects they are numbered."""
    files = {image.id: image.path.name for image in images}
    totals = Counter(instance.image_id for instance in instances)
    seen: Counter[int] = Counter()
    names = []
    for instance in instances:
        seen[instance.image_id] += 1
        number = f"  #{seen[instance.image_id]}" if totals[instance.image_id] > 1 else ""
        names.append(files[instance.image_id] + number)
    return names
