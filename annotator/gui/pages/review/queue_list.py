"""The list of what waits for a reviewer."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView
from typing_extensions import override

from landmark_annotator.annotator.gui.widgets.lettered_table import (
    NamesFirst,
    fit_columns,
    fit_rows,
    scroll_by_moving,
)
from landmark_annotator.annotator.gui.widgets.shortened_names import shorten_names
from landmark_annotator.annotator.session.review.review_queue import Candidate, ReviewQueue
from landmark_annotator.annotator.session.review.row_names import row_folder, row_name
from landmark_annotator.annotator.session.review.suspicions import Suspicion
from landmark_annotator.projects.store import InstanceRecord, InstanceState, ListedRow, Project
from landmark_annotator.projects.vocabulary import Scheme

_Index = QModelIndex | QPersistentModelIndex
_AT_ONCE = 64
"""Names that are read together: those in sight."""
_TITLES = ("Image", "What", "Error")
_TIPS = (
    "\N{NOT EQUAL TO} two people made different shapes at the same time, "
    "\N{BLACK FLAG} flagged, \N{LEFTWARDS ARROW WITH HOOK} sent back before and corrected since, "
    "\N{RIGHTWARDS ARROW} labels that look wrong, or an expected error far above the usual",
    "Accepted by a person, filled in by a model, or only proposed by it",
    "The error that the model expected before any click, of filled shapes what is expected given "
    "the clicks, in % of {divisor}. "
    "Accepted shapes stand in the order of how odd they look beside the others",
)


class QueueModel(QAbstractTableModel):
    def __init__(self, project: Project) -> None:
        super().__init__()
        self._project, self._scheme = project, project.scheme
        self._listed: dict[int, ListedRow] = {}
        """By instance's id, of those that were in sight."""
        self._queue: list[Candidate] = []
        self.waiting = 0
        """In all: of many, the first are listed."""

    def load(self, queue: ReviewQueue) -> None:
        self.beginResetModel()
        self._queue, self.waiting = queue.first, queue.waiting
        self._listed.clear()
        self.endResetModel()

    def drop(self, instance_id: int) -> None:
        """It waits no more."""
        row = self.row_of(instance_id)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._queue[row]
            self.waiting -= 1
            self.endRemoveRows()

    def at(self, row: int) -> Candidate:
        return self._queue[row]

    def lists(self, instance_id: int, suspicion: Suspicion | None) -> bool:
        """Whether it is there, with this finding and no other."""
        row = self.row_of(instance_id)
        return row is not None and self._queue[row].suspicion == suspicion

    def name_of(self, record: InstanceRecord) -> str:
        listed = self._shown(record)
        return f"object {record.id}" if listed is None else row_name(listed)

    def _shown(self, record: InstanceRecord) -> ListedRow | None:
        """None of one that is no more."""
        if record.id not in self._listed:
            row = self.row_of(record.id) or 0
            near = [each.record.id for each in self._queue[row : row + _AT_ONCE]]
            for listed in self._project.rows([record.id, *near]):
                self._listed[listed.row.instance_id] = listed
        return self._listed.get(record.id)

    def row_of(self, instance_id: int) -> int | None:
        for row, candidate in enumerate(self._queue):
            if candidate.record.id == instance_id:
                return row
        return None

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's signature
        return 0 if parent.isValid() else len(self._queue)

    @override
    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _TITLES[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section].format(divisor=self._scheme.divisor)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        candidate = self._queue[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(candidate, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            said = _said(candidate, self._scheme) or self.name_of(candidate.record)
            listed = self._shown(candidate.record)
            if listed is not None:
                said += f"\nin {row_folder(listed, self._project.folder)}"
            return said
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def _text(self, candidate: Candidate, column: int) -> str:
        record = candidate.record
        if column == 0:
            signs = [
                "\N{NOT EQUAL TO}" if candidate.beside else "",
                "\N{BLACK FLAG}" if candidate.flag is not None else "",
                "\N{LEFTWARDS ARROW WITH HOOK}" if candidate.sent_back is not None else "",
            ]
            if candidate.look and candidate.flag is None and not candidate.beside:
                signs.append("\N{RIGHTWARDS ARROW}")
            name = self.name_of(record)
            return " ".join([*(sign for sign in signs if sign), name])
        if column == 1:
            accepted = record.state is InstanceState.ACCEPTED
            started = record.state is InstanceState.STARTED
            begun = "filled" if candidate.filled else "started"
            return "accepted" if accepted else begun if started else "proposed"
        return "" if candidate.expected is None else f"{candidate.expected:.1f} %"


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column == 2 else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter


def _said(candidate: Candidate, scheme: Scheme) -> str:
    parts = []
    if candidate.beside:
        parts.append(f"{' and '.join(candidate.beside)} made another shape of it at the same time")
    if candidate.flag is not None:
        parts.append(f"Flagged by {candidate.flag.who}: {candidate.flag.comment}")
    if candidate.sent_back is not None:
        parts.append(f"Sent back by {candidate.sent_back.who}: {candidate.sent_back.comment}")
    if candidate.suspicion is not None:
        parts.append(candidate.suspicion.sentence(scheme))
    return "\n".join(part for part in parts if part)


class QueueList(QTableView):
    chosen = Signal(int)
    """The reviewer wants to see this instance (its id)."""

    def __init__(self, model: QueueModel) -> None:
        super().__init__()
        self._queue = model
        self._marking = False
        self.setModel(model)
        self.setAccessibleName("What waits for a verdict")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        shorten_names(self)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        fit_rows(self, 11)
        scroll_by_moving(self)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self._names = NamesFirst(self, "88888888", (1, 2), 14)
        fit_columns(self, {1: "accepted", 2: "88.8 %"}, 26, self._names)
        self.selectionModel().currentRowChanged.connect(self._choose)

    def mark_open(self, instance_id: int) -> None:
        """Selects its row, where it has one, without asking for it to be opened."""
        self._marking = True
        row = self._queue.row_of(instance_id)
        if row is None:
            self.selectionModel().clear()
        else:
            flags = QItemSelectionModel.SelectionFlag
            index = self._queue.index(row, 0)
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.scrollTo(index)
            self._names.expect(str(index.data()))
        self._marking = False

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid() and not self._marking:
            self.chosen.emit(self._queue.at(current.row()).record.id)
