"""Which mark a table's numbers have before their decimals: a point, or a comma, as spreadsheets of
much of Europe write it. Commas may part thousands, too: what cannot be told is refused, for either
reading may be a thousand times too large or too small.

Where commas part the cells as well, numbers with one are in quotes ("12,5"). They are read where no
number has a point and half of the rows have such numbers; else each is a mistake of its row."""

import re
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.text import NUMBER
from landmark_annotator.projects.vocabulary.errors import FormatError

_MAY_BE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)
_LARGEST = 300_000
"""No image has a side of more pixels: a coordinate beyond it has its comma before decimals."""
_REMEDY = "Write decimals with a point, and nothing between thousands."

MADE_A_DATE = (
    "a spreadsheet has made a date of a number, and may have changed others: take the file as it "
    "was before, or import it there as text"
)
_DATE = re.compile(r"\d{1,2}[. /-]{1,2}([^\W\d]{3,9}\.?|\d{1,2}[./-]\d{2,4})([. /-]\d{2,4})?")


def is_date(cell: str) -> bool:
    """Whether it looks like what spreadsheets make of 12.5, the 12th of May."""
    return _DATE.fullmatch(cell) is not None


class Decimals:
    """What the cells of all rows say together. columns: which of the header's are numbers.
    by_row: whether commas that do not agree are mistakes of their rows, or of the whole table."""

    NOTE = "The commas of its numbers were read as those before decimals."

    def __init__(
        self, source: Path, header: Sequence[str], columns: Sequence[int], *, by_row: bool
    ) -> None:
        self._source, self._header, self.columns = source, header, tuple(columns)
        self._by_row = by_row
        self._numbers = itemgetter(*columns) if len(columns) > 1 else None
        self._comma = self._point = self._unclear = ""
        self._told = False
        self._rows = self._rows_with_comma = 0

    def look(self, line: int, cells: Sequence[str]) -> None:
        """At one row, of as many cells as the header has."""
        if self._numbers is None:
            return
        together = " ".join(self._numbers(cells))
        self._rows += bool(together.strip())
        if "," in together:
            self._rows_with_comma += 1
            for i in self.columns:
                if "," in cells[i]:
                    self._look_at(line, i, cells[i].strip())
        if not self._point and "." in together:
            where = (i for i in self.columns if "." in cells[i])
            numbers = (i for i in where if NUMBER.fullmatch(cells[i].strip()))
            self._point = next((self._at(line, i, cells[i].strip()) for i in numbers), "")

    def _look_at(self, line: int, column: int, cell: str) -> None:
        at = self._at(line, column, cell)
        if "." in cell and _GROUPED.fullmatch(cell):
            self._comma, self._point = self._comma or at, self._point or at
        elif _is_decimal(cell):
            self._comma = self._comma or at
            if _MAY_BE_THOUSANDS.fullmatch(cell) and int(cell.replace(",", "")) <= _LARGEST:
                self._unclear = self._unclear or at
            else:
                self._told = True

    def _at(self, line: int, column: int, cell: str) -> str:
        return f'line {line}: {self._header[column]} is "{cell[:40]}"'

    def with_comma(self) -> bool:
        """Whether numbers have a comma before their decimals.

        Raises FormatError where some have a comma and some a point, and where all commas may as
        well part thousands; `by_row` it is False then.
        """
        alone = self._point or not self._told or 2 * self._rows_with_comma < self._rows
        if self._by_row and alone:
            return False
        if self._comma and self._point:
            both = self._comma if self._comma == self._point else f"{self._comma}; {self._point}"
            raise FormatError(
                f"{self._source} has numbers with commas and with points ({both}).", remedy=_REMEDY
            )
        if self._comma and not self._told:
            raise FormatError(
                f"{self._source}: whether the commas of its numbers part decimals or thousands "
                f"cannot be told ({self._unclear}).",
                remedy=_REMEDY,
            )
        return bool(self._comma)

    def with_points(self, cells: Sequence[str]) -> list[str]:
        """A row whose numbers have commas, with points in their place."""
        found = list(cells)
        for i in self.columns:
            if _is_decimal(found[i].strip()):
                found[i] = found[i].replace(",", ".")
        return found


def _is_decimal(cell: str) -> bool:
    """Whether it is a number with one comma and no point."""
    once = cell.count(",") == 1 and "." not in cell
    return once and NUMBER.fullmatch(cell.replace(",", ".")) is not None
