"""Columns and rows of a table that are as large as their letters need, and that scroll at once."""

from collections.abc import Mapping

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QTreeView

from landmark_annotator.annotator.gui.style.restyling import Restyling


def fit_columns(view: QTableView | QTreeView, longest: Mapping[int, str], beside: int = 18) -> None:
    """From now on, also when the letters change.

    longest: by column, the longest text that it has to show, or a longer heading. beside: pixels
    round a text that are not its letters.
    """

    def fit() -> None:
        header = _header(view)
        for column, text in longest.items():
            heading = str(header.model().headerData(column, header.orientation()))
            wide = max(view.fontMetrics().horizontalAdvance(said) for said in (text, heading))
            header.resizeSection(column, wide + beside)

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
