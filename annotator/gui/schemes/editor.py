"""The editor of a scheme: a table, a picture, and buttons that do the same as the hands."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from landmark_annotator.annotator.gui.schemes.colour_menu import ask_colour
from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.annotator.gui.schemes.pair_choice import PairChoice
from landmark_annotator.annotator.gui.schemes.picture import SchemePicture
from landmark_annotator.annotator.gui.schemes.region_list import RegionList
from landmark_annotator.annotator.gui.schemes.table import LandmarkTable
from landmark_annotator.projects.vocabulary.scheme_parts import MOST_LETTERS
from landmark_annotator.projects.vocabulary.sides import partners_by_name
from landmark_annotator.projects.vocabulary.wording import counted


class SchemeEditor(QSplitter):
    """Steps of the draft; what is selected in the table is selected in the picture."""

    noted = Signal(str)

    def __init__(self, draft: Draft) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.draft = draft
        self.table = LandmarkTable(draft)
        self.picture = SchemePicture(draft)
        self.normaliser = PairChoice("Errors are divided by", "diagonal of the box", "to")
        self.heading = PairChoice("The object points", "upright", "to")
        self.definition = QLineEdit()
        self.definition.setAccessibleName("Where the landmark is")
        self.definition.setMaxLength(MOST_LETTERS)
        self.regions = RegionList(draft)
        self.tabs = QTabWidget()
        self.buttons: dict[str, QPushButton] = {}
        self._compose()
        self.table.selected.connect(self._show_selected)
        self.picture.picked.connect(self._pick)
        self.picture.placed.connect(lambda landmark: self.table.select([landmark]))
        self.normaliser.chosen.connect(draft.normalise_by)
        self.heading.chosen.connect(draft.head)
        self.definition.editingFinished.connect(self._define)
        # Else a click on it would add a landmark behind the list of regions.
        self.tabs.currentChanged.connect(
            lambda: self.picture.setEnabled(self.tabs.currentWidget() is not self.regions)
        )
        draft.changed.connect(self._show_draft)
        self._show_draft()

    def _compose(self) -> None:
        self.tabs.addTab(self._landmarks(), "Landmarks")
        self.tabs.addTab(self.regions, "Regions")
        left, steps = QWidget(), QHBoxLayout()
        for name, key, slot in (
            ("undo", "Ctrl+Z", self.draft.undo),
            ("redo", "Ctrl+Shift+Z", self.draft.redo),
        ):
            steps.addWidget(self._button(self, name, name.capitalize(), key, "", slot))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.tabs, 1)
        column.addLayout(steps)
        self.addWidget(left)
        self.addWidget(self.picture)
        self.setStretchFactor(0, 2)
        self.setStretchFactor(1, 3)
        self.setChildrenCollapsible(False)

    def _landmarks(self) -> QWidget:
        page, grid = QWidget(), QGridLayout()
        grid.setSpacing(6)
        parts: tuple[tuple[str, str, str, str, Callable[[], object]], ...] = (
            ("add", "&Add", "Ins", "A new landmark behind the one that is selected", self.add),
            ("remove", "&Remove", "Del", "Take what is selected out of the scheme", self.remove),
            ("up", "&Up", "", "Earlier in the order (Alt+Up)", lambda: self.table.shift(-1)),
            ("down", "&Down", "", "Later in the order (Alt+Down)", lambda: self.table.shift(1)),
            (
                "pair",
                "&Pair",
                "Ctrl+P",
                "The two that are selected are left and right of each other, or no longer",
                self.pair,
            ),
            ("line", "&Line", "Ctrl+L", "Draw a line between the two, or none", self.line),
            (
                "curve",
                "Cur&ve",
                "Ctrl+U",
                "The three or more that are selected lie on a contour, along the lines between "
                "them, or no longer: clicks on it say where it passes",
                self.curve,
            ),
            (
                "evenly",
                "&Evenly",
                "Ctrl+E",
                "Space what lies on the contour evenly when a shape is accepted, or no longer",
                self.evenly,
            ),
            ("names", "Pairs by &names", "", "Pair what differs in left and right", self.names),
            ("colour", "&Colour", "Ctrl+K", "A colour for what is selected", self.choose_colour),
        )
        for place, (name, title, key, tip, slot) in enumerate(parts):
            button = self._button(page, name, title, key, tip, slot)
            grid.addWidget(button, place // 4, place % 4)
        QShortcut(QKeySequence("F2"), page, activated=self.rename)  # type: ignore[call-overload]
        column = QVBoxLayout(page)
        column.addWidget(self.table, 1)
        column.addLayout(grid)
        self.definition.setPlaceholderText("In words, for those who place it")
        pairs = QFormLayout()
        pairs.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        pairs.addRow("Where it is", self.definition)
        pairs.addRow("Errors are in % of the distance", self.normaliser)
        pairs.addRow("The object points from", self.heading)
        column.addLayout(pairs)
        return page

    def _button(
        self, page: QWidget, name: str, title: str, key: str, tip: str, slot: Callable[[], object]
    ) -> QPushButton:
        """Its key is one while the page is to be seen."""
        button = QPushButton(title)
        button.setAutoDefault(False)
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{tip} ({shown})".strip() if key else tip)
        button.clicked.connect(slot)
        if key:
            QShortcut(QKeySequence(key), page, activated=button.click)  # type: ignore[call-overload]
        self.buttons[name] = button
        return button

    # Steps

    def add(self) -> None:
        """Its name is written at once."""
        chosen = self.table.chosen
        at = self.draft.add(after=chosen[-1] if chosen else None)
        self.table.select([at])
        self.table.setFocus()
        self.table.edit_name(at)

    def rename(self) -> None:
        """Also while hands are at the picture, where the landmark was just placed."""
        if len(self.table.chosen) == 1:
            self.table.setFocus()
            self.table.edit_name(self.table.chosen[0])

    def remove(self) -> None:
        for landmark in reversed(self.table.chosen):
            if not self.draft.remove(landmark):
                return

    def pair(self) -> None:
        """Names say which of the two is left, else their order."""
        if len(self.table.chosen) == 2:
            a, b = self.table.chosen
            names = [self.draft.scheme.landmarks[i] for i in (a, b)]
            turned = partners_by_name(names) == ((1, 0),)
            self.draft.switch_pair(*((b, a) if turned else (a, b)))
        elif len(self.table.chosen) == 1:
            self.draft.unpair(self.table.chosen[0])

    def line(self) -> None:
        if len(self.table.chosen) == 2:
            self.draft.switch_edge(*self.table.chosen)

    def curve(self) -> None:
        self.draft.switch_curve(self.table.chosen)

    def evenly(self) -> None:
        self.draft.space_evenly(self.table.chosen)

    def names(self) -> None:
        made = self.draft.pair_by_names()
        self.noted.emit(f"{counted(made, 'pair')} made by names.")

    def choose_colour(self) -> None:
        if self.table.chosen:
            ask_colour(self.buttons["colour"], self.colour)

    def colour(self, colour: str | None) -> None:
        for landmark in self.table.chosen:
            self.draft.colour(landmark, colour)

    def _define(self) -> None:
        if len(self.table.chosen) == 1:
            self.draft.define(self.table.chosen[0], self.definition.text())

    # What is seen

    def _pick(self, landmark: int, several: bool) -> None:
        chosen = [one for one in self.table.chosen if one != landmark] if several else []
        taken = several and landmark in self.table.chosen
        self.table.select(chosen if taken else [*chosen, landmark])

    def _show_selected(self, landmarks: tuple[int, ...]) -> None:
        self.picture.show_selected(landmarks)
        self._show_definition()
        self._show_buttons()

    def _show_draft(self) -> None:
        scheme = self.draft.scheme
        self.normaliser.show_pair(scheme.landmarks, scheme.normaliser)
        self.heading.show_pair(scheme.landmarks, scheme.heading)
        self._show_definition()
        count = f" ({len(scheme.regions)})" if scheme.regions else ""
        self.tabs.setTabText(self.tabs.indexOf(self.regions), f"Regions{count}")
        self._show_buttons()

    def _show_definition(self) -> None:
        one = self.table.chosen if len(self.table.chosen) == 1 else ()
        told = dict(self.draft.scheme.definitions)
        self.definition.setEnabled(bool(one))
        self.definition.setText(told.get(one[0], "") if one else "")

    def _show_buttons(self) -> None:
        chosen, draft = self.table.chosen, self.draft
        count = len(chosen)
        paired = count == 1 and draft.scheme.mirror[chosen[0]] != chosen[0]
        for name, possible in (
            ("remove", 0 < count < len(draft.scheme)),
            ("up", count == 1 and chosen[0] > 0),
            ("down", count == 1 and chosen[0] + 1 < len(draft.scheme)),
            ("pair", count == 2 or paired),
            ("line", count == 2),
            ("curve", count > 2),
            ("evenly", any(set(chosen) & set(curve.landmarks) for curve in draft.scheme.curves)),
            ("names", bool(draft.suggested_pairs())),
            ("colour", count > 0),
            ("undo", bool(draft.undoable)),
            ("redo", bool(draft.redoable)),
        ):
            self.buttons[name].setEnabled(possible)
        for name, title in (("undo", draft.undoable), ("redo", draft.redoable)):
            self.buttons[name].setToolTip(f"{name.capitalize()}: {title}" if title else "")
