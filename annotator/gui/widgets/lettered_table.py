"""Columns and rows of a table that are as large as their letters need, and that scroll at once."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTreeView
from typing_extensions import override

from landmark_annotator.annotator.gui.style.restyling import Restyling

_MOST_LETTERS = 16


class NamesFirst(QObject):
    """The first column keeps room for a name, for which other columns leave where there is little.

    name: about as long as most, see `expect`; giving_way: columns, the one that is missed least
    first; beside: pixels of the first column that are not letters.
    """

    def __init__(
        self, view: QTableView | QTreeView, name: str, giving_way: Sequence[int], beside: int
    ) -> None:
        super().__init__(view)
        self._view, self._name = view, name
        self._giving_way, self._beside = tuple(giving_way), beside
        view.viewport().installEventFilter(self)
        _header(view).sectionResized.connect(self.choose)
        self._looking = False

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.choose()
        return False

    def expect(self, name: str) -> None:
        """Names are as long as this one: where each begins alike, no fewer letters tell them apart.
        Of very long ones the middle may be missing."""
        if len(name[:_MOST_LETTERS]) > len(self._name):
            self._name = name[:_MOST_LETTERS]
            self.choose()

    def show_all(self) -> None:
        """Until `choose`, which follows whenever a width changes."""
        self._looking = True
        for column in self._giving_way:
            self._view.setColumnHidden(column, False)
        self._looking = False

    def choose(self) -> None:
        if self._looking:
            return
        self.show_all()
        self._looking = True
        view, header = self._view, _header(self._view)
        needed = view.fontMetrics().horizontalAdvance(self._name) + self._beside
        needed += sum(header.sectionSize(column) for column in range(1, header.count()))
        for column in self._giving_way:
            if needed <= view.viewport().width():
                break
            needed -= header.sectionSize(column)
            view.setColumnHidden(column, True)
        self._looking = False


def longest_of(names: Iterable[str], most: int = 26) -> str:
    """The longest name, or so many letters of it: what is longer takes no more room."""
    return max(names, key=len, default="")[:most]


def fit_columns(
    view: QTableView | QTreeView,
    longest: Mapping[int, str],
    beside: int = 18,
    names: NamesFirst | None = None,
) -> None:
    """From now on, also when the letters change.

    longest: by column, the longest text that it has to show, or a longer heading. beside: pixels
    round a text that are not its letters. names: what chooses the columns that there is room for.
    """

    def fit() -> None:
        header = _header(view)
        if names is not None:
            names.show_all()  # Hidden, a heading has no width.
        headings = {column: header.sectionSizeHint(column) for column in longest}
        for column, text in longest.items():
            wide = view.fontMetrics().horizontalAdvance(text) + beside
            header.resizeSection(column, max(wide, headings[column]))
        # A column that is away tells nobody that it would need less room now.
        if names is not None:
            names.choose()

    fit()
    Restyling(view).done.connect(fit)


def fit_rows(view: QTableView, between: int, smallest: int = 0) -> None:
    """All as high as a line and so many pixels; what is measured row by row is slow when long."""
    rows = view.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def fit() -> None:
        rows.setDefaultSectionSize(max(view.fontMetrics().height() + between, smallest))

    fit()
    Restyling(view).done.connect(fit)


def scroll_by_moving(view: QAbstractItemView) -> None:
    """From now on what stays in sight is moved when the view scrolls, and not painted anew.

    Qt does so where a view fills its own background, which any style sheet keeps it from.
    """

    def fill() -> None:
        view.viewport().setAutoFillBackground(True)

    fill()
    Restyling(view).done.connect(fill)


def _header(view: QTableView | QTreeView) -> QHeaderView:
    return view.header() if isinstance(view, QTreeView) else view.horizontalHeader()
