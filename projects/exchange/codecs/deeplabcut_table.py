"""The cells of DeepLabCut's table, from text to columns of names and rows of numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, UNKNOWN
from landmark_annotator.projects.exchange.codecs.csv_cells import (
    NO_COMMA,
    cells_of,
    with_points,
)
from landmark_annotator.projects.exchange.codecs.csv_decimals import MADE_A_DATE, is_date
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

LEVELS = ("scorer", "individuals", "bodyparts", "coords")

Column = tuple[str, str, str, str]
"""Scorer, individual (empty where there is one an image), body part, x or y or likelihood."""


@dataclass(frozen=True)
class Table:
    """rows: where it is (for messages), image, and a number for each column; NaN is empty.

    A row that cannot be read is its reason instead of numbers.
    """

    columns: Sequence[Column]
    rows: Sequence[tuple[str, str, Sequence[float] | str]]


def parsed(text: str, source: Path, notes: list[str] | None = None) -> Table:
    """notes: get what a person should know of how numbers were read. Raises FormatError."""
    delimiter, lines = cells_of(text, source)
    levels, exact = {}, {}
    while lines and lines[0][1][0].strip() in LEVELS:
        cells = lines.pop(0)[1]
        exact[cells[0].strip()] = cells
        levels[cells[0].strip()] = [cell.strip() for cell in cells]
    if not {"scorer", "bodyparts", "coords"} <= set(levels):
        raise FormatError(
            f"{source} is not a table of DeepLabCut.",
            remedy="Its first lines begin with scorer, bodyparts and coords.",
        )
    width = len(levels["coords"])
    if any(len(cells) != width for cells in levels.values()):
        raise FormatError(f"{source} has header lines of different length: it is cut short.")
    width = max((i + 1 for i in range(width) if any(row[i] for row in levels.values())), default=0)
    lines = [(line, _cut(cells, width)) for line, cells in lines]
    first = next((i for i, word in enumerate(levels["coords"][1:], 1) if word), width)
    columns = _columns(levels, first, width)
    if len(set(columns)) < len(columns):  # names that differ in spaces at an end alone
        columns = _columns({**exact, "coords": levels["coords"]}, first, width)
    names = [*[""] * first, *(f"{part} {coord}" for _, _, part, coord in columns)]
    lines = with_points(lines, names, range(first, width), delimiter, source, notes)
    rows = [_row(number, cells, first, width, delimiter) for number, cells in lines]
    return Table(columns, rows)


def _columns(levels: Mapping[str, Sequence[str]], first: int, width: int) -> list[Column]:
    individuals = levels.get("individuals", [""] * width)
    return [
        (levels["scorer"][i], individuals[i], levels["bodyparts"][i], levels["coords"][i])
        for i in range(first, width)
    ]


def _cut(cells: list[str], width: int) -> list[str]:
    """Without what spreadsheets leave on the right of the last column."""
    return cells[:width] if len(cells) > width and not any(cells[width:]) else cells


def _row(
    line: int, cells: Sequence[str], first: int, width: int, delimiter: str
) -> tuple[str, str, Sequence[float] | str]:
    where, image = f"Line {line}", "/".join(cells[:first])
    if len(cells) != width:
        parted = delimiter == "," and len(cells) > width
        return (
            where,
            image,
            f"{counted(len(cells), 'cell')}, the header has {width}"
            + (f"; {NO_COMMA}" if parted else "."),
        )
    values = []
    for cell in (cell.strip() for cell in cells[first:]):
        if cell.lower() in UNKNOWN:
            values.append(math.nan)
        elif NUMBER.fullmatch(cell) and math.isfinite(float(cell)):
            values.append(float(cell))
        else:
            return where, image, f'"{cell[:40]}" is not a finite number{_why(cell)}.'
    return where, image, values


def _why(cell: str) -> str:
    if "," in cell:
        return ": write decimals with a point, and nothing between thousands"
    return f": {MADE_A_DATE}" if is_date(cell) else ""
