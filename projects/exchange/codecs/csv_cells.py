"""The cells of a table that is read whole, as spreadsheets write it: its first line shows what
stands between cells, or says it (Excel's `sep=;`), and decimals may have a comma; and the rows of
tables that are written."""

import csv
import io
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.csv_columns import delimiter_of, said_delimiter
from landmark_annotator.projects.exchange.codecs.csv_decimals import Decimals
from landmark_annotator.projects.vocabulary.errors import FormatError

NO_COMMA = "decimals have a point where commas part the cells."

Rows = list[tuple[int, list[str]]]
"""Cells, with the numbers of their lines."""


def cells_of(text: str, source: Path) -> tuple[str, Rows]:
    """What stands between the cells, and the rows that are not empty. Raises FormatError."""
    lines = io.StringIO(text, newline="")
    said = said_delimiter(lines.readline())
    before = int(said is not None)
    if not before:
        lines.seek(0)
    delimiter = said or delimiter_of(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return delimiter, [(before + reader.line_num, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise FormatError(f"{source}, line {before + reader.line_num}: {error}.") from error


def row_of(cells: Sequence[str]) -> str:
    """As a line of a table. One with a carriage return is in quotes throughout: before Python 3.13
    csv leaves that bare, where readers take it for the end of the line."""
    text = io.StringIO(newline="")
    if any("\r" in cell for cell in cells):
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    else:
        csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def first_cells(text: str, count: int) -> list[list[str]]:
    """Of the first rows, of a table's beginning; fewer where it is no table."""
    lines = io.StringIO(text, newline="")
    said = said_delimiter(lines.readline())
    if said is None:
        lines.seek(0)
    reader = csv.reader(lines, delimiter=said or delimiter_of(text))
    found: list[list[str]] = []
    try:
        for cells in islice(reader, count):
            found.append([cell.strip() for cell in cells])
    except csv.Error:
        return found
    return found


def with_points(
    rows: Rows,
    names: Sequence[str],
    columns: Sequence[int],
    delimiter: str,
    source: Path,
    notes: list[str] | None = None,
) -> Rows:
    """The rows with points before their decimals. names: of all columns, which rows of another
    number of cells have not. columns: which of them are numbers.

    Raises FormatError where it cannot be told what the commas of numbers mean.
    """
    decimals = Decimals(source, names, columns, by_row=delimiter == ",")
    for line, cells in rows:
        if len(cells) == len(names):
            decimals.look(line, cells)
    if not decimals.with_comma():
        return rows
    if notes is not None:
        notes.append(decimals.NOTE)
    size = len(names)
    return [(n, decimals.with_points(c) if len(c) == size else c) for n, c in rows]
