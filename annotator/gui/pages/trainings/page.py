"""The trainings of a project: a table of all, the curves and facts of one, or two compared."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.page import Page
from landmark_annotator.annotator.gui.pages.trainings.curves import draw_errors, draw_losses
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.style.plots import Plot
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.session.models.earlier_models import propose_again
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import TrainingRecord
from landmark_annotator.annotator.session.reports.figure_titles import figure_title
from landmark_annotator.annotator.session.reports.training_report import (
    Trainings,
    begun_text,
    differences,
    duration_text,
    error_text,
    facts_of,
    outcome_text,
    trainings_of,
)

_EVERY_MS = 2000
"""How often it looks for what a training has written meanwhile, here or elsewhere."""
_NUMBER = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_COLUMNS = {
    "": "The number of the training",
    "Begun": "",
    "By": "",
    "Backend": "",
    "Labels": "Instances that there were to learn from",
    "Error": "NME on labelled instances that were held out",
    "Took": "",
    "Outcome": "Kept: its model can propose again",
}
_NUMBERS = (0, 4, 5, 6)
"""Columns of numbers."""
_MOST = 0.55
"""Of the page that the table takes beside the plots."""
_WHO, _LETTERS = 2, 18
"""Who trained is told in about so many letters, or an address would push the outcome out."""


class TrainingsPage(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._library = ModelLibrary.of(context.project)
        self._at_work = Tasks(1, self)
        self._keys: Mapping[str, str] = {}
        self._drawn: tuple[int | None, tuple[TrainingRecord, ...]] | None = None
        """The training that proposes, and those that are shown in full."""
        self.found: Trainings | None = None
        self._again = QTimer(self)
        self._again.setInterval(_EVERY_MS)
        self._again.timeout.connect(self._look_again)
        self.setAccessibleName("Trainings")
        self.nothing = quiet(QLabel())
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        self.table = _tree("All trainings", _COLUMNS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.table.header().setStretchLastSection(False)
        self.table.header().sectionResized.connect(self._give_room)
        self.setFocusProxy(self.table)
        self.losses = Plot("Loss", "epoch", "", counted="x")
        self.errors = Plot("Error on held-out instances", "epoch", "NME %", counted="x")
        self.title = QLabel()
        self.title.setProperty("tone", "heading")
        # Longer than a line, which is all that rows of a table have.
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setAccessibleName("Why it came to no model, and what to do")
        self.facts = _tree("What is known of the chosen ones", {})
        self._compose()
        Restyling(self).done.connect(partial(self._show_chosen, anew=True))
        context.closing.connect(self._again.stop)
        context.closing.connect(self._at_work.close)

    def _compose(self) -> None:
        plots = QHBoxLayout()
        plots.setSpacing(10)
        plots.addWidget(self.losses, 1)
        plots.addWidget(self.errors, 1)
        below = QVBoxLayout()
        below.setContentsMargins(0, 6, 0, 0)
        below.addWidget(self.title)
        below.addWidget(self.message)
        below.addWidget(self.facts, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(10, 0, 0, 0)
        column.addLayout(plots, 3)
        column.addLayout(below, 2)
        self.parts = QSplitter()
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.table)
        self.parts.addWidget(right)
        self.parts.setStretchFactor(0, 5)
        self.parts.setStretchFactor(1, 7)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.parts)
        self._stack.addWidget(self.nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 12)
        whole.addWidget(self._stack)

    @property
    @override
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {"trainings_reload": self.reload, "trainings_propose": self.propose_again}

    @override
    def show_keys(self, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._say_how_to_train()

    @property
    @override
    def settled(self) -> bool:
        pending = map(self._at_work.pending, ("trainings", "again"))
        return self.found is not None and not any(pending)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.clear()
        self._context.expected_error(None)
        self._prompt()
        self._again.start()
        self.reload()

    def _prompt(self) -> None:
        count = 0 if self.found is None else len(self.found.records)
        text = "What each training was, and what came of it" if count else "No training yet"
        self.prompt(f"{text}; choose two to compare" if count > 1 else text)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._again.stop()
        super().hideEvent(event)

    def reload(self) -> None:
        # Records are files; the store is not asked.
        work = partial(trainings_of, self._library)
        self._at_work.request("trainings", work, self._show, self._context.tell)

    def propose_again(self) -> None:
        """With the model of the one that is chosen, as far as it is kept."""
        if len(self.chosen) != 1:
            self._context.note("Choose the one training whose model is to propose again.")
            return
        [one] = self.chosen
        work = partial(propose_again, self._library, one)
        self._at_work.request("again", work, lambda _: self._back(one), self._context.tell)

    def _back(self, one: TrainingRecord) -> None:
        self._context.note(f"The model of training {one.number} is in its place again.")
        self.reload()

    def _look_again(self) -> None:
        if not self._at_work.pending("trainings"):
            self.reload()

    @property
    def chosen(self) -> list[TrainingRecord]:
        """The older one first."""
        if self.found is None:
            return []
        numbers = {item.data(0, _NUMBER) for item in self.table.selectedItems()}
        return [one for one in self.found.records if one.number in numbers]

    def _show(self, found: Trainings) -> None:
        if found == self.found:
            return
        followed = self.found is None or self._follows_the_newest()
        kept = {one.number for one in self.chosen}
        self.found = found
        self._stack.setCurrentIndex(0 if found.records else 1)
        self._say_how_to_train()
        self._prompt()
        if not found.records:
            return
        newest = found.records[-1].number
        self.table.blockSignals(True)
        self.table.clear()
        for one in reversed(found.records):
            row = QTreeWidgetItem(_cells(found, one))
            metrics = self.table.fontMetrics()
            room = _LETTERS * metrics.averageCharWidth()
            row.setText(_WHO, metrics.elidedText(one.who, Qt.TextElideMode.ElideMiddle, room))
            row.setToolTip(_WHO, one.who)
            row.setData(0, _NUMBER, one.number)
            row.setToolTip(len(_COLUMNS) - 1, one.message)
            for column in _NUMBERS:
                row.setTextAlignment(column, _RIGHT)
            self.table.addTopLevelItem(row)
            row.setSelected(one.number == newest if followed else one.number in kept)
        first = self.table.selectedItems()
        if first:
            # Where arrow keys go on from.
            self.table.setCurrentItem(first[0], 0, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.table.blockSignals(False)
        self._show_chosen()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self, *_: int) -> None:
        """To all columns of the table: beside the plots while these keep nearly half of the page,
        and above them in narrower windows."""
        bar = self.table.verticalScrollBar().sizeHint().width()
        whole = self.table.header().length() + bar + 2 * self.table.frameWidth()
        beside = whole <= _MOST * self.width()
        way = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if way != self.parts.orientation():
            self.parts.setOrientation(way)
        self.table.setMinimumWidth(whole if beside else 0)

    def _follows_the_newest(self) -> bool:
        """Whether what is chosen is the newest one alone: then the next one will be."""
        assert self.found is not None
        return not self.found.records or self.chosen == [self.found.records[-1]]

    def _say_how_to_train(self) -> None:
        key = self._keys.get("train", "")
        self.nothing.setText(
            "<b>No model was trained in this project yet</b><br><br>"
            f"{key} trains one beside the labelling; at a terminal, annotator train PROJECT.<br>"
            "Each training leaves its settings, curves and figures here."
        )

    def _show_chosen(self, anew: bool = False) -> None:
        chosen = tuple(self.chosen)
        drawn = None if self.found is None else self.found.proposing, chosen
        if drawn == self._drawn and not anew:
            return
        self._drawn = drawn
        said = chosen[0].message if len(chosen) == 1 else ""
        self.message.setText(said)
        self.message.setVisible(bool(said))
        if not 1 <= len(chosen) <= 2:
            self.title.setText("Choose one training, or two to compare them")
            self.facts.clear()
            for plot in (self.losses, self.errors):
                plot.say("Of one or two trainings.")
            return
        draw_losses(self.losses, chosen)
        draw_errors(self.errors, chosen)
        if len(chosen) == 1:
            [one] = chosen
            self.title.setText(f"Training {one.number}")
            proposes = self.found is not None and one.number == self.found.proposing
            self._fill_facts(("", ""), facts_of(one, proposes))
        else:
            first, second = chosen
            self.title.setText(f"What differs between {first.number} and {second.number}")
            found = differences(first, second) or [("nothing", "", "")]
            rows = [(figure_title(what), *values) for what, *values in found]
            self._fill_facts(("", f"{first.number}", f"{second.number}"), rows)

    def _fill_facts(self, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.facts.clear()
        self.facts.setColumnCount(len(titles))
        self.facts.setHeaderLabels(list(titles))
        self.facts.setHeaderHidden(len(titles) == 2)
        for cells in rows:
            row = QTreeWidgetItem(list(cells))
            for column, text in enumerate(cells):
                row.setToolTip(column, text)
            self.facts.addTopLevelItem(row)


def _cells(found: Trainings, one: TrainingRecord) -> list[str]:
    return [
        f"{one.number}",
        begun_text(one),
        one.who,
        one.backend,
        f"{one.labels:,}",
        error_text(one),
        duration_text(one),
        outcome_text(found, one),
    ]


def _tree(name: str, columns: Mapping[str, str]) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setHeaderLabels(list(columns))
    for column, tip in enumerate(columns.values()):
        tree.headerItem().setToolTip(column, tip)
        if column in _NUMBERS:
            tree.headerItem().setTextAlignment(column, _RIGHT)
    tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return tree
