"""Who placed what of a shape, and how; and what was said of it."""

import html
from collections import Counter

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.sign_icon import sign_icon
from landmark_annotator.annotator.gui.style.themes import current, letters, quiet
from landmark_annotator.annotator.gui.widgets.lettered_table import (
    NamesFirst,
    fit_columns,
    longest_of,
)
from landmark_annotator.annotator.session.review.landmark_history import history_of, told
from landmark_annotator.annotator.session.review.present_error import present_error
from landmark_annotator.annotator.session.review.review_session import Placement, Reviewed
from landmark_annotator.projects.store import InstanceState, Verdict
from landmark_annotator.projects.vocabulary import Provenance, Scheme
from landmark_annotator.projects.vocabulary.wording import counted

_HOW = {
    Provenance.CLICKED: "clicked",
    Provenance.CONFIRMED: "confirmed",
    Provenance.TRACED: "on its contour",
    Provenance.INFERRED: "inferred",
    Provenance.FILLED: "filled",
    Provenance.RULED: "accepted by rule",
    Provenance.IMPORTED: "imported",
    None: "nowhere",
}
_NAMES = "Landmark"
"""Above the column of names."""
_SHOWN = 12
"""Actions that are told of a landmark, the newest ones."""
_MARGIN = 10
_BESIDE_NAME = 28
"""Pixels of the first column that are not letters: the sign, and what is round it."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HistoryPanel(QWidget):
    chosen = Signal(int)
    """A landmark was chosen in the table."""

    def __init__(self, scheme: Scheme) -> None:
        super().__init__()
        self._scheme = scheme
        self._marking = False
        self.title = QLabel()
        self.title.setProperty("tone", "heading")
        self.title.setWordWrap(True)
        # Names of files: what looks like HTML is none, and a long one makes no panel wider.
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.summary = quiet(QLabel())
        self.summary.setWordWrap(True)
        self.summary.setAccessibleName("How the shape came about")
        self.remarks = QLabel()
        self.remarks.setWordWrap(True)
        self.remarks.setTextFormat(Qt.TextFormat.RichText)
        self.remarks.setAccessibleName("What was said of it")
        self.table = QTreeWidget()
        self.table.setAccessibleName("Who placed each landmark, and how")
        self.table.setHeaderLabels([_NAMES, "How", "Who", "s", "px"])
        # People's names may differ at their ends alone.
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for column, tip in (
            (3, "Seconds that people spent on it"),
            (4, "Pixels from where the model had proposed it to where a person put it"),
        ):
            self.table.headerItem().setToolTip(column, tip)
            self.table.headerItem().setTextAlignment(column, _RIGHT)
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setIconSize(QSize(16, 16) * letters(self))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, 5):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        longest = {1: "on its contour", 2: "import", 3: "8888", 4: "8888"}
        self._name = longest_of((_NAMES, *scheme.landmarks))
        names = NamesFirst(self.table, self._name, (4, 3, 2, 1), _BESIDE_NAME)
        fit_columns(self.table, longest, 14, names)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 6)
        for widget in (self.title, self.summary, self.remarks):
            column_of.addWidget(widget)
        column_of.addWidget(self.table, 1)
        self._rows = [QTreeWidgetItem(self.table, [name]) for name in scheme.landmarks]
        for landmark, row in enumerate(self._rows):
            row.setData(0, Qt.ItemDataRole.UserRole, landmark)
            for right in (3, 4):
                row.setTextAlignment(right, _RIGHT)
        self.table.currentItemChanged.connect(self._choose)

    @property
    def whole_width(self) -> int:
        """Pixels in which names and all columns stand whole."""
        columns = sum(self.table.header().sectionSize(column) for column in range(1, 5))
        return self._names_width + columns

    @override
    def minimumSizeHint(self) -> QSize:
        """Names stay whole."""
        least = super().minimumSizeHint()
        return QSize(max(self._names_width, least.width()), least.height())

    @property
    def _names_width(self) -> int:
        """Pixels in which names stand whole, without other columns."""
        name = self.table.fontMetrics().horizontalAdvance(self._name) + _BESIDE_NAME
        around = self.table.verticalScrollBar().sizeHint().width() + 2 * self.table.frameWidth()
        return name + around + 2 * _MARGIN

    def show_instance(self, seen: Reviewed | None, name: str) -> None:
        """name: of the image. None: nothing is open."""
        self.title.setText(name)
        self.summary.setText("" if seen is None else _summary(seen, self._scheme))
        self.remarks.setText("" if seen is None else _remarks(seen, self._scheme))
        self.remarks.setVisible(bool(self.remarks.text()))
        if seen is not None:
            for placement in seen.placements:
                self._fill(self._rows[placement.landmark], placement, seen)

    def mark(self, landmark: int | None) -> None:
        """Selects its row without asking for it."""
        self._marking = True
        if landmark is None:
            self.table.clearSelection()
        else:
            self.table.setCurrentItem(self._rows[landmark])
        self._marking = False

    def _fill(self, row: QTreeWidgetItem, placement: Placement, seen: Reviewed) -> None:
        visibility = int(seen.shape.visibility[placement.landmark])
        absent = placement.provenance is not None and not seen.shape.known[placement.landmark]
        how = "not in the image" if absent else _HOW[placement.provenance]
        row.setText(1, how)
        row.setText(2, placement.who or "")
        row.setText(3, _figure(placement.seconds) if placement.seconds else "")
        row.setText(4, "" if placement.moved is None else _figure(placement.moved))
        sign = QIcon()
        if placement.provenance is not None:
            mark = None if placement.provenance is Provenance.INFERRED else placement.provenance
            ratio = self.devicePixelRatioF()
            sign = sign_icon(mark, visibility, ratio, self.table.iconSize().width())
        row.setIcon(0, sign)
        done = history_of(seen.entries, placement.landmark)[-_SHOWN:]
        for column in range(3):
            row.setToolTip(column, "\n".join(map(told, done)))
        font = row.font(0)
        by_hand = placement.provenance is not None and placement.provenance.is_evidence
        font.setBold(by_hand)
        row.setFont(0, font)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not self._marking:
            self.chosen.emit(item.data(0, Qt.ItemDataRole.UserRole))


def _figure(value: float) -> str:
    """Four letters at most, up to 9999: one that is not seen whole is taken for another."""
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def _summary(seen: Reviewed, scheme: Scheme) -> str:
    counts = Counter(p.provenance for p in seen.placements)
    parts = [f"{counts[mark]} {_HOW[mark]}" for mark in _HOW if counts[mark]]
    state = seen.record.state
    who = {
        InstanceState.ACCEPTED: f"Accepted by {seen.by or 'somebody'}"
        + (f", from a proposal of {seen.brought}" if seen.brought else ""),
        InstanceState.STARTED: "Begun, not accepted",
        InstanceState.UNTOUCHED: f"Proposed by {seen.brought or 'the model'}, touched by nobody",
    }[state]
    effort = f", {counted(seen.clicks, 'click')} in {seen.seconds:.0f} s" if seen.clicks else ""
    return f"{who}{effort}\nLandmarks: {', '.join(parts)}{_expected(seen, scheme)}"


def _expected(seen: Reviewed, scheme: Scheme) -> str:
    """A line: as the shape is now, and as the model had proposed it, where they differ."""
    before, now = seen.record.predicted_error, present_error(seen, scheme)
    said = [] if now is None else [f"{now:.1f} %"]
    if before is not None and (now is None or f"{before:.1f}" != f"{now:.1f}"):
        said.append(f"{before:.1f} % before any click")
    return f"\nExpected error: {', '.join(said)}" if said else ""


def _remarks(seen: Reviewed, scheme: Scheme) -> str:
    edge = current().problem_edge
    lines = []
    flag, review = seen.flag, seen.review
    if flag is not None and flag.resolved_by is None:
        lines.append(("\N{BLACK FLAG}", f"{flag.who}: {flag.comment or 'look at this one'}"))
    if review is not None and review.verdict is Verdict.SENT_BACK:
        lines.append(
            ("\N{LEFTWARDS ARROW WITH HOOK}", f"Sent back by {review.who}: {review.comment}")
        )
    if seen.suspicion is not None and seen.suspicion.look:
        lines.append(("\N{RIGHTWARDS ARROW}", seen.suspicion.sentence(scheme)))
    if review is not None and review.verdict is Verdict.ACCEPTED:
        lines.append(("\N{CHECK MARK}", f"Passed by {review.who}"))
    return "<br>".join(
        f"<span style='color:{edge}'><b>{sign}</b></span> {html.escape(text)}"
        for sign, text in lines
    )
