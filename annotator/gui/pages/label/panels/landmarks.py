"""The slim panel on the right: the parts of the shape, how sure each is, and accepting."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.layers.sign_icon import sign_icon
from landmark_annotator.annotator.gui.pages.label.panels.hypotheses import HypothesisPanel
from landmark_annotator.annotator.gui.pages.label.panels.legend import MEANINGS, Legend
from landmark_annotator.annotator.gui.pages.label.panels.regions import RegionPanel
from landmark_annotator.annotator.gui.pages.label.panels.variables import VariablePanel
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import current, letters
from landmark_annotator.annotator.gui.widgets.lettered_table import fit_columns, scroll_by_moving
from landmark_annotator.annotator.gui.widgets.shortened_names import say_less_where_narrow
from landmark_annotator.annotator.gui.widgets.swatch import swatch
from landmark_annotator.annotator.session.posterior.hidden_landmarks import in_percent
from landmark_annotator.projects.vocabulary import PLACED, Provenance, Scheme, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import brief_percent, counted

_OFTEN = 0.7
"""The share of a group's names that a word must be in to name the group."""
_JOINING = frozenset(("and", "at", "by", "in", "of", "on", "or", "the", "to", "with"))
"""Words that say nothing at an end: "top of iris" and "left of iris" share the iris."""

_BESIDE = 10
"""Pixels beside the legend and the button below it."""

_SHORTER = Qt.ItemDataRole.UserRole + 1
"""What a row says where it is too narrow for its text: its sign, and a hint, say the rest."""

_DEFINITION_LINES = 3
"""Room for the definition of a landmark: what stands below does not move with its length."""
_ABSENT = "not in the image"
_UNSEEN = {Visibility.OCCLUDED: "hidden", Visibility.NOT_LABELLED: _ABSENT}


class LandmarkPanel(QWidget):
    """Shows marks; `asked` is emitted when the user wants to be asked for a landmark."""

    asked = Signal(int)
    closeup_wanted = Signal(int)
    """A landmark was double-clicked, after it was asked for."""
    accepted = Signal()

    def __init__(self, scheme: Scheme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scheme = scheme
        self._shown: list[tuple[Provenance | None, Visibility, bool, str] | None]
        self._shown = [None] * len(scheme)
        self._look = canvas_colours.current()
        restyling = Restyling(self)
        restyling.done.connect(self._colour_anew)
        restyling.done.connect(self._fit_legend)
        self.tree = _Tree()
        self.tree.resized.connect(self._keep_in_sight)
        self.tree.setAccessibleName("Landmarks")
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels(["Landmark", "\N{PLUS-MINUS SIGN}"])
        self.tree.headerItem().setToolTip(
            1,
            f"How far off the landmark may be (one standard deviation), in % of {scheme.divisor}",
        )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.tree.headerItem().setTextAlignment(1, right)
        self.tree.setUniformRowHeights(True)
        self._sign = round(16 * letters(self))
        """Pixels of a sign, as large as letters are."""
        self.tree.setIconSize(QSize(self._sign, self._sign))
        self.tree.setIndentation(10)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        scroll_by_moving(self.tree)
        say_less_where_narrow(self.tree, _SHORTER)
        # 14 stand round the letters; where these are no whole pixels wide it takes one more.
        fit_columns(self.tree, {1: "88.8 %"}, 16 + (self._sign + 4 if scheme.colours else 0))
        self._rows: dict[int, QTreeWidgetItem] = {}
        self._opened: QTreeWidgetItem | None = None
        """The group that was opened for the landmark that is asked for."""
        self._groups: list[tuple[QTreeWidgetItem, tuple[int, ...]]] = []
        self._fill()
        self.tree.itemClicked.connect(self._ask)
        self.tree.itemClicked.connect(self._keep_open)
        self.tree.itemActivated.connect(self._ask)
        self.tree.itemDoubleClicked.connect(self._look_closely)
        self._definitions = dict(scheme.definitions)
        self.definition = QLabel()
        self.definition.setAccessibleName("Where the landmark is")
        self.definition.setWordWrap(True)
        self.definition.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.definition.setMargin(4)
        self._fit_definition()
        restyling.done.connect(self._fit_definition)
        self.definition.setVisible(bool(self._definitions))
        self.progress = QLabel()
        self.progress.setWordWrap(True)
        self.accept = QPushButton("Accept and next")
        self.accept_key = "Enter"
        """As the user has it; seen from the next `show_marks` on."""
        self.accept.setObjectName("accept")
        self.accept.setEnabled(False)  # nothing is open yet
        self.accept.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.accept.clicked.connect(self.accepted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addWidget(self.definition)
        self.regions = RegionPanel(scheme.regions)
        column.addWidget(self.regions)
        self.variables = VariablePanel()
        column.addWidget(self.variables)
        self.hypotheses = HypothesisPanel(scheme)
        column.addWidget(self.hypotheses)
        self._foot = QFrame()
        rows = QVBoxLayout(self._foot)
        rows.setContentsMargins(_BESIDE, 8, _BESIDE, 10)
        rows.setSpacing(8)
        self._legend = Legend(self._sign)
        rows.addWidget(self._legend)
        rows.addWidget(self.progress)
        rows.addWidget(self.accept)
        column.addWidget(self._foot)

    @override
    def minimumSizeHint(self) -> QSize:
        """Without what comes and goes, which else would push the photograph aside, and as low as
        it can be with the legend folded."""
        own = super().minimumSizeHint().height() - self._legend.foldable
        wide = self._legend.widest + 2 * _BESIDE
        return QSize(max(self._foot.minimumSizeHint().width(), wide), own)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_legend()

    def _fit_definition(self) -> None:
        lines = _DEFINITION_LINES * self.definition.fontMetrics().lineSpacing()
        self.definition.setFixedHeight(lines + 2 * self.definition.margin())

    def _fit_legend(self) -> None:
        # The regions keep their height: what is left is shared. What comes and goes with an object
        # does not count, or the legend would come and go with it.
        regions = 0 if self.regions.isHidden() else self.regions.sizeHint().height()
        self._legend.fit(self.height() - regions)

    def show_marks(
        self,
        marks: Marks | None,
        *,
        can_accept: bool,
        accepted: bool,
        planned: Collection[int] = (),
    ) -> None:
        """accepted: a person has accepted the shape already, so that there is only to go on.
        planned: the landmarks of the project's plan, which are then what is counted."""
        self.accept.setEnabled(can_accept)
        self.accept.setText(f"{'Go on' if accepted else 'Accept and next'}   ({self.accept_key})")
        if marks is None:
            self.progress.setText("")
            return
        if self._look != canvas_colours.current():
            self._look = canvas_colours.current()
            self._shown = [None] * len(self._scheme)
            self._legend.show_signs()
        asked = None if marks.asked is None else self._definitions.get(marks.asked)
        self.definition.setText(asked or "")
        self.definition.setToolTip(asked or "")
        percent, suggested = deviations(marks), marks.suggested
        for landmark, row in self._rows.items():
            self._show_row(row, landmark, marks, percent[landmark], landmark in suggested)
        for item, members in self._groups:
            known = percent[list(members)]
            known = known[np.isfinite(known)]
            item.setText(1, brief_percent(known.max()) if len(known) else "")
        if planned:
            # What a file brought is not asked for again.
            done = sum(marks.provenance[j] in PLACED for j in planned)
            of_all = counted(len(planned), "planned landmark")
            self.progress.setText(f"{done} of the {of_all} placed")
            return
        said = {
            j for j, mark in enumerate(marks.provenance) if mark is not None and mark.is_evidence
        }
        placed = len(said.difference(marks.absent))
        self.progress.setText(
            f"{counted(placed, 'landmark')} placed by hand, of {len(self._scheme)}"
        )

    def show_passing(self, marks: Marks | None) -> None:
        """Of a frame of a video that is only shown, so that there is nothing to accept. marks: None
        where nothing is known of it."""
        if marks is None:
            count = len(self._scheme)
            nowhere, seen = np.full((count, 2), np.nan), np.full(count, Visibility.VISIBLE)
            unsure = np.full((count, 2, 2), np.nan)
            marks = Marks(self._scheme, nowhere, unsure, seen.astype(np.int8), (None,) * count)
        self.show_marks(marks, can_accept=False, accepted=False)
        self.progress.setText("")

    def _show_row(
        self,
        row: QTreeWidgetItem,
        landmark: int,
        marks: Marks,
        deviation: float,
        suggested: bool,
    ) -> None:
        known = bool(np.isfinite(marks.points[landmark, 0]))
        provenance, visibility = marks.provenance[landmark], marks.visibility_of(landmark)
        shown = known or visibility is not Visibility.VISIBLE
        note = beside = _UNSEEN.get(visibility, "")
        if landmark in marks.carried:
            note += ", as in a labelled frame beside this one"
        if suggested and marks.hidden is not None:
            # The row is narrow, and its sign says the rest.
            beside = in_percent(marks.hidden[landmark])
            note = f"probably hidden, {beside}"
        if self._shown[landmark] != (provenance, visibility, shown, note):
            self._shown[landmark] = (provenance, visibility, shown, note)
            ratio = self.devicePixelRatioF()
            sign = sign_icon(provenance, visibility, ratio, self._sign, suggested=suggested)
            row.setIcon(0, sign if shown else QIcon())
            name = self._scheme.landmarks[landmark]
            row.setText(0, f"{name} ({beside})" if beside else name)
            brief = [f"{name} (not in image)"] if beside == _ABSENT else []
            row.setData(0, _SHORTER, [*brief, name] if beside else None)
            how = MEANINGS[None if provenance is Provenance.INFERRED else provenance]
            told = f"{name}: {note or how}" if shown else f"{name}: not placed yet"
            definition = self._definitions.get(landmark)
            row.setToolTip(0, f"{told}\n{definition}" if definition else told)
        sure = np.isfinite(deviation)
        row.setText(1, brief_percent(deviation) if sure else "")
        # What is said beside the name has the room of the number that is not there.
        row.setFirstColumnSpanned(bool(beside) and not sure and not self._scheme.colours)
        font = row.font(0)
        if font.italic() != (landmark in marks.carried):
            font.setItalic(landmark in marks.carried)
            row.setFont(0, font)
        if font.bold() != (landmark == marks.asked):
            font.setBold(landmark == marks.asked)
            row.setFont(0, font)
            self._colour(row)
            if font.bold():
                self._bring_into_sight(row)

    def _colour(self, row: QTreeWidgetItem) -> None:
        """No colour of its own but where it is asked for: else it has the theme's."""
        colour = QColor(current().mark) if row.font(0).bold() else None
        row.setData(0, Qt.ItemDataRole.ForegroundRole, colour)

    def _colour_anew(self) -> None:
        for row in self._rows.values():
            self._colour(row)

    def _bring_into_sight(self, row: QTreeWidgetItem) -> None:
        """Its group is opened for it, and closed again once another group is asked for; what hands
        have opened or closed stays so."""
        parent = row.parent()
        if self._opened is not None and self._opened is not parent:
            self._opened.setExpanded(False)
            self._opened = None
        if parent is not None and not parent.isExpanded():
            parent.setExpanded(True)
            self._opened = parent
        if not self.tree.hasFocus() and not row.isSelected():
            # Else the row that a hand chose for an earlier question still looks like the asked one.
            self.tree.clearSelection()
        self.tree.scrollToItem(row)

    def _keep_in_sight(self) -> None:
        """There may be less room, in larger letters too."""
        for row in self._rows.values():
            if row.font(0).bold():
                self.tree.scrollToItem(row)

    def _fill(self) -> None:
        groups = self._scheme.groups
        titles = group_titles([[self._scheme.landmarks[i] for i in group] for group in groups])
        for members, title in zip(groups, titles, strict=True):
            parent: QTreeWidget | QTreeWidgetItem = self.tree
            # One group of all would only stand above them, called like the first.
            if 1 < len(members) < len(self._scheme):
                parent = QTreeWidgetItem(self.tree, [title])
                parent.setExpanded(len(self._scheme) <= 24)
                self._groups.append((parent, members))
            for landmark in members:
                row = QTreeWidgetItem(parent, [self._scheme.landmarks[landmark]])
                row.setData(0, Qt.ItemDataRole.UserRole, landmark)
                row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._rows[landmark] = row
        for landmark, colour in self._scheme.colours:
            self._rows[landmark].setIcon(1, swatch(colour))
        for item, _ in self._groups:
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _keep_open(self, _item: QTreeWidgetItem) -> None:
        """A hand is in the list: groups open and close by hand alone until another is asked for."""
        self._opened = None

    def _ask(self, item: QTreeWidgetItem) -> None:
        landmark = item.data(0, Qt.ItemDataRole.UserRole)
        if landmark is not None:
            self.asked.emit(landmark)

    def _look_closely(self, item: QTreeWidgetItem) -> None:
        landmark = item.data(0, Qt.ItemDataRole.UserRole)
        if landmark is not None:
            self.closeup_wanted.emit(landmark)


def deviations(marks: Marks) -> Floats:
    """(L,) standard deviation along the worst direction in % of the normaliser; NaN where unknown.

    A landmark that a person placed is as sure as it gets: NaN, so that nothing is shown.
    """
    result = np.full(len(marks.points), np.nan)
    known = np.isfinite(marks.covariances).all(axis=(1, 2))
    box = marks.measured or marks.box
    if known.any() and box is not None:
        largest = np.linalg.eigvalsh(marks.covariances[known])[:, -1]
        unit = marks.scheme.normaliser_length(marks.points, box)
        result[known] = 100 * np.sqrt(np.maximum(largest, 0.0)) / unit
    for landmark, provenance in enumerate(marks.provenance):
        if provenance is not None and provenance.is_evidence:
            result[landmark] = np.nan
    return result


def group_titles(groups: Sequence[Sequence[str]]) -> list[str]:
    """What to call each group of landmark names: the words that most of its names share.

    Numbers do not count. Groups that would be called the same are numbered. By their first and last
    landmark are called those whose names share nothing, and those that a number would give another
    landmark's name.
    """
    titles = [_shared_words(names) or _first_to_last(names) for names in groups]
    # A landmark that stands alone has no title above it.
    totals = Counter(title for title, names in zip(titles, groups, strict=True) if len(names) > 1)
    taken, seen = {name for names in groups for name in names}, Counter[str]()
    for i, (title, names) in enumerate(zip(titles, groups, strict=True)):
        if totals[title] < 2 or len(names) < 2:
            continue
        seen[title] += 1
        titles[i] = f"{title} {seen[title]}"
        if taken & {f"{title} {number}" for number in range(1, totals[title] + 1)}:
            titles[i] = _first_to_last(names)
    return titles


def _first_to_last(names: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys((names[0], names[-1])))


def _shared_words(names: Sequence[str]) -> str:
    words = [[word for word in name.split() if not word.isdigit()] for name in names]
    counts = Counter(word for name in words for word in set(name))
    places = {
        word: np.mean([name.index(word) for name in words if word in name]) for word in counts
    }
    shared = [word for word, count in counts.items() if count >= _OFTEN * len(names)]
    said = sorted(shared, key=lambda word: (places[word], word))
    telling = [place for place, word in enumerate(said) if word not in _JOINING]
    return " ".join(said[telling[0] : telling[-1] + 1]) if telling else ""


class _Tree(QTreeWidget):
    resized = Signal()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
