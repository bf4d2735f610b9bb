"""The rows of a table, one after the other, with the names that columns have here."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import Unreadable
from landmark_annotator.projects.exchange.codecs.common.text import (
    LargeText,
    from_cell,
    note_open_ends,
    read_bytes,
)
from landmark_annotator.projects.exchange.codecs.csv_cells import NO_COMMA
from landmark_annotator.projects.exchange.codecs.csv_columns import (
    Columns,
    delimiter_of,
    gathered,
    guessed,
    is_long,
    said,
    said_delimiter,
    speaks_for_itself,
)
from landmark_annotator.projects.exchange.codecs.csv_decimals import Decimals
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

ABOUT = ("image", "source", "annotator", "labelled_at", "scheme", "scheme_version")
BOX = ("box_centre_x", "box_centre_y", "box_width", "box_height", "box_angle")
PARTS = ("x", "y", "visibility", "provenance")
WIDE = re.compile(r"([xy])(\d+)", re.ASCII)
STATE = "state"
PREDICTED_ERROR = "predicted_error"
"""The column that tables of predictions have, and those of labels have not."""
_OF_A_ROW = ("frame", "track", STATE, "landmark", "x", "y", *PARTS[2:], "object")
_TOLD = 40

Row = Mapping[str, str]


class Table:
    """landmarks: those of the scheme, None where it is not known. columns: what was told of them.
    unreadable, notes: get what is wrong with single rows, and what a person should know.

    Raises FormatError where it is no table.
    """

    def __init__(
        self,
        source: Path,
        landmarks: Sequence[str] | None,
        columns: Columns | None,
        unreadable: list[Unreadable],
        notes: list[str],
    ) -> None:
        self._source, self._unreadable = source, unreadable
        self._text = LargeText.of(source)
        cut = not (self._text.ended or self._text.empty)
        note_open_ends([source.name] if cut else [], 1, notes)
        first = next(self._text.lines(), "")
        self._said_first = said_delimiter(first) is not None
        self._delimiter = said_delimiter(first) or delimiter_of(first)
        _, theirs = next(self._cells(), (1, []))
        theirs = [_column(name, landmarks or ()) for name in theirs]
        self.header = _our_names(theirs, landmarks, columns, notes)
        self._notes = notes
        self._with_comma: Decimals | None = None
        self._gathered: Sequence[tuple[int, Row]] | None = None

    def look_through(self, look: Callable[[Row], None]) -> None:
        """All rows, once, before anything is made of them; those of another length are reported."""
        count = 0
        places = [i for i, name in enumerate(self.header) if _is_number(name)]
        decimals = Decimals(self._source, self.header, places, by_row=self._delimiter == ",")
        for line, cells in self._body():
            if len(cells) == len(self.header):
                decimals.look(line, cells)
                look(dict(zip(self.header, cells, strict=True)))
                count += 1
            else:
                reason = f"{counted(len(cells), 'cell')}, the header has {len(self.header)}"
                parted = self._delimiter == "," and len(cells) > len(self.header)
                reason += f"; {NO_COMMA}" if parted else "."
                self._unreadable.append(Unreadable(self._source, f"Line {line}: {reason}"))
        if not count and not self._unreadable and not self._text.ended:
            raise FormatError(
                f"{self._source} has no rows, or is cut short before them.",
                remedy="Copy the file again.",
            )
        repeated = [name for name, times in Counter(self.header).items() if times > 1]
        if "image" not in self.header or repeated:
            wrong = f"the column {repeated[0]} twice" if repeated else "no column image"
            raise FormatError(
                f"{self._source} has {wrong}.",
                remedy="Its first line must name the columns, with commas between them; "
                "--columns says which is which.",
            )
        if decimals.with_comma():
            self._with_comma = decimals
            self._notes.append(Decimals.NOTE)
        if is_long(self.header):
            read_bytes(self._source)  # which refuses what is too large to be read whole
            self.header, self._gathered = gathered(self.header, list(self.rows()))

    def rows(self) -> Iterator[tuple[int, Row]]:
        """With the numbers of their lines; those of another length are passed over."""
        if self._gathered is not None:
            yield from self._gathered
            return
        for line, cells in self._body():
            if len(cells) == len(self.header):
                yield line, dict(zip(self.header, cells, strict=True))

    def _body(self) -> Iterator[tuple[int, list[str]]]:
        everything = self._cells()
        next(everything, None)
        rows = ((line, cells) for line, cells in everything if any(cells))
        if (pointed := self._with_comma) is None:
            return rows
        size = len(self.header)
        return ((n, pointed.with_points(c) if len(c) == size else c) for n, c in rows)

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        lines = self._text.lines()
        before = 0 if not self._said_first else len([next(lines)])
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            for cells in reader:
                yield before + reader.line_num, cells
        except csv.Error as error:
            line = before + reader.line_num
            raise FormatError(f"{self._source}, line {line}: {error}.") from error


def names_in(text: str) -> list[str]:
    """The names of the columns, of a table's beginning; [] where it is none."""
    lines = text.splitlines()[:2]
    said_first = said_delimiter(lines[0]) if lines else None
    names = lines[1:] if said_first else lines[:1]
    try:
        reader = csv.reader(names, delimiter=said_first or delimiter_of("".join(names)))
        return [name.strip() for name in next(reader, [])]
    except csv.Error:
        return []


def _column(name: str, landmarks: Collection[str]) -> str:
    """Without spaces at its ends, but for one of a landmark whose name begins with them."""
    exact = from_cell(name)
    spaced = name != name.strip() and exact.rpartition(".")[0] in landmarks
    return exact if spaced else from_cell(name.strip())


def _is_number(name: str) -> bool:
    """Whether the column of that name, which is ours, holds numbers that may have decimals."""
    of_a_place = name in ("x", "y") or name.endswith((".x", ".y"))
    return of_a_place or name in BOX or WIDE.fullmatch(name) is not None


def is_own(names: Sequence[str]) -> bool:
    return "image" in names and any(n.endswith(".x") or WIDE.fullmatch(n) for n in names)


def refuse_numbered(names: Sequence[str], source: Path) -> None:
    """Raises FormatError where these columns of landmarks have numbers alone."""
    numbered = [name for name in names if WIDE.fullmatch(name)]
    if numbered:
        raise FormatError(
            f"{source} numbers its {len(numbered) // 2} landmarks ({', '.join(numbered[:2])}, ...) "
            "and does not name them.",
            remedy="Write their names into a text file (.txt), one on each line in the order of "
            "the columns, and begin with that; the table can then be imported as it is.",
        )


def _our_names(
    theirs: Sequence[str],
    landmarks: Sequence[str] | None,
    columns: Columns | None,
    notes: list[str],
) -> list[str]:
    """What the columns are called here; that they were taken so is noted."""
    if columns is None and (is_own(theirs) or is_long(theirs)):
        return list(theirs)
    found = guessed(theirs, landmarks) if columns is None else columns.of(theirs, landmarks)
    if found is None:
        return list(theirs)
    places = {n for n in found if n.rpartition(".")[2] in PARTS or WIDE.fullmatch(n)}
    known = {*ABOUT, *BOX, *_OF_A_ROW, *places}
    told = list(said(theirs, found, known))
    by_name = sum(map(speaks_for_itself, theirs, found))
    parts = told[:_TOLD]
    parts += [f"{len(told) - _TOLD:,} more"] if len(told) > _TOLD else []
    parts += [f"{by_name:,} by the names of their landmarks"] if by_name else []
    if parts:
        notes.append(f"Columns were taken so: {'; '.join(parts)}.")
    return found
