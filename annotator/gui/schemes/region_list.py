"""The regions of a scheme in a table: their order, names, colours, and which may lie on others."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.schemes.colour_menu import ask_colour
from landmark_annotator.annotator.gui.schemes.draft import Draft
from landmark_annotator.annotator.gui.schemes.row_model import Index, RowModel
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.lettered_table import fit_columns, fit_rows
from landmark_annotator.annotator.gui.widgets.swatch import swatch
from landmark_annotator.projects.vocabulary import Region
from landmark_annotator.projects.vocabulary.region import region_colours, region_set, region_sets
from landmark_annotator.projects.vocabulary.wording import counted

_HEADINGS = ("#", "Region", "Lies on others")
_NUMBER, _NAME, _OVERLAPS = range(3)
_TOLD = (
    "Regions have masks beside the landmarks. Of two regions a pixel belongs to one at most; one "
    "that lies on others, as glasses on skin, takes nothing from them. The first nine have the "
    "keys 1 to 9."
)


class RegionModel(RowModel):
    """Names and the ticks are changed in place."""

    def __init__(self, draft: Draft, parent: QWidget) -> None:
        super().__init__(draft, _HEADINGS, lambda: len(draft.scheme.regions), parent)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        regions, row, column = self._draft.scheme.regions, index.row(), index.column()
        if row >= len(regions):
            return None
        region = regions[row]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return {_NUMBER: row + 1, _NAME: region.name}.get(column)
        if role == Qt.ItemDataRole.DecorationRole and column == _NUMBER:
            return swatch(region_colours(regions)[region.name])
        if role == Qt.ItemDataRole.CheckStateRole and column == _OVERLAPS:
            return Qt.CheckState.Checked if region.overlaps else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole and column == _OVERLAPS:
            return "may lie on others" if region.overlaps else "shares no pixel with others"
        if role == Qt.ItemDataRole.ToolTipRole and column == _NAME:
            return self._history(row)
        return None

    def _history(self, row: int) -> str | None:
        change = self._draft.change
        origin = change.regions_of[row]
        if origin is None:
            return "New: it has no mask yet"
        before = change.before.regions[origin].name
        return f"Was {before}" if before != change.after.regions[row].name else None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, region = index.row(), self._draft.scheme.regions[index.row()]
        if index.column() == _NAME and role == Qt.ItemDataRole.EditRole:
            return self._draft.set_region(row, replace(region, name=str(value)))
        if index.column() == _OVERLAPS and role == Qt.ItemDataRole.CheckStateRole:
            ticked = Qt.CheckState(value) is Qt.CheckState.Checked
            return self._draft.set_region(row, replace(region, overlaps=ticked))
        return False

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        more = {_NAME: Qt.ItemFlag.ItemIsEditable, _OVERLAPS: Qt.ItemFlag.ItemIsUserCheckable}
        return flags | more.get(index.column(), Qt.ItemFlag.NoItemFlags)


class RegionTable(QTableView):
    """Shows the regions of the draft; several rows may be selected."""

    selected = Signal()

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.regions = RegionModel(draft, self)
        self.setModel(self.regions)
        self.setAccessibleName("Regions of the scheme")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        fit_columns(self, {_NUMBER: "88", _OVERLAPS: ""}, 40)
        fit_rows(self, 8)
        self.selectionModel().selectionChanged.connect(lambda: self.selected.emit())
        self.regions.modelReset.connect(self.selected)

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(sorted(index.row() for index in self.selectionModel().selectedRows()))

    def select(self, place: int) -> None:
        index = self.regions.index(place, _NAME)
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        self.scrollTo(index)

    def edit_name(self, place: int) -> None:
        self.edit(self.regions.index(place, _NAME))


class RegionList(QWidget):
    """The table and buttons that add, take away, order and colour."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.table = RegionTable(draft)
        self.buttons: dict[str, QPushButton] = {}
        told = quiet(QLabel(_TOLD))
        told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(told)
        column.addWidget(self.table, 1)
        column.addLayout(self._grid())
        self.table.selected.connect(self._show_buttons)
        draft.changed.connect(self._show_buttons)
        self._show_buttons()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        parts: Sequence[tuple[str, str, str, str, Callable[[], object]]] = (
            ("add", "&Add", "Ins", "A new region", self.add),
            ("remove", "&Remove", "Del", "Take what is selected out of the scheme", self.remove),
            ("colour", "&Colour", "Ctrl+K", "A colour for what is selected", self.choose_colour),
            ("up", "&Up", "Alt+Up", "Earlier in the order", lambda: self.shift(-1)),
            ("down", "&Down", "Alt+Down", "Later in the order", lambda: self.shift(1)),
            ("set", "&Built in", "", "Regions that come with the program", self.choose_set),
        )
        for place, (name, title, key, tip, slot) in enumerate(parts):
            button = QPushButton(title)
            button.setAutoDefault(False)
            shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(f"{tip} ({shown})" if key else tip)
            button.clicked.connect(slot)
            if key:
                shortcut = QShortcut(
                    QKeySequence(key),
                    self,
                    context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
                )
                shortcut.activated.connect(button.click)
            self.buttons[name] = button
            grid.addWidget(button, place // 3, place % 3)
        return grid

    # Steps

    def add(self) -> None:
        """Its name is written at once."""
        place = self.draft.add_region()
        self.table.select(place)
        self.table.setFocus()
        self.table.edit_name(place)

    def remove(self) -> None:
        for place in reversed(self.table.chosen):
            self.draft.remove_region(place)

    def shift(self, by: int) -> None:
        if len(self.table.chosen) != 1:
            return
        (place,) = self.table.chosen
        if self.draft.move_region(place, place + by):
            self.table.select(place + by)

    def choose_colour(self) -> None:
        if self.table.chosen:
            ask_colour(self.buttons["colour"], self.colour)

    def colour(self, colour: str | None) -> None:
        for place in self.table.chosen:
            region = self.draft.scheme.regions[place]
            self.draft.set_region(place, replace(region, colour=colour or ""))

    def choose_set(self) -> None:
        menu, button = QMenu(self), self.buttons["set"]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in region_sets():
            regions = region_set(name)
            action = menu.addAction(f"{said_set(name)} ({counted(len(regions), 'region')})")
            action.triggered.connect(lambda _=False, regions=regions: self.take(regions))
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def take(self, regions: Sequence[Region]) -> None:
        """Those that are not there yet."""
        self.draft.add_regions(regions)

    def _show_buttons(self) -> None:
        chosen, count = self.table.chosen, len(self.draft.scheme.regions)
        one = len(chosen) == 1
        for name, possible in (
            ("remove", bool(chosen)),
            ("colour", bool(chosen)),
            ("up", one and chosen[0] > 0),
            ("down", one and chosen[0] + 1 < count),
        ):
            self.buttons[name].setEnabled(possible)


def said_set(name: str) -> str:
    """For people: "Face parts"."""
    return name.replace("_", " ").capitalize()
