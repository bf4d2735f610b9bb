"""Lists of points of programs for microscopy: `.csv` of the image's name, a row a landmark.

napari: `index,axis-0,axis-1`, of which axis-0 is the row y and axis-1 the column x; of stacks of
images more axes come before them, which are passed over. ImageJ: a table of results with columns
`X` and `Y`, and whatever else was measured. Both count pixels from 0; napari has their centres at
whole numbers, and of ImageJ nothing is added or taken away either. Rows are the landmarks in the
scheme's order. As of all tables, what stands between cells and before decimals may be what
European spreadsheets write.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import file_per_image
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import any_below, files_below
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, beginning
from landmark_annotator.projects.exchange.codecs.csv_cells import (
    cells_of,
    first_cells,
    with_points,
)
from landmark_annotator.projects.exchange.codecs.csv_columns import guessed
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_LOOKED_AT = 20
"""Files of a folder: there may be a million of another format."""


@dataclass(frozen=True)
class PointList:
    """head: of what is written. order: whether x or y comes first in it."""

    head: str
    x_first: bool

    def sniff(self, source: Path) -> bool:
        if source.is_dir():
            if not any_below(source, ".csv"):
                return False
            files = (file for file in files_below(source)[0] if file.suffix.lower() == ".csv")
            some = islice(files, _LOOKED_AT)
            return any(self._columns(_header(beginning(file))) for file in some)
        return self._columns(_header(beginning(source))) is not None

    def _columns(self, names: Sequence[str]) -> tuple[int, int] | None:
        """Where x and y are; None where it is another table."""
        if self.x_first:
            wanted = ("X", "Y") if guessed(names, None) is None else ()
        else:
            axes = [name for name in names if name.startswith("axis-")]
            wanted = (axes[-1], axes[-2]) if len(axes) > 1 and names[0] == "index" else ()
        if not wanted or any(list(names).count(name) != 1 for name in wanted):
            return None
        return names.index(wanted[0]), names.index(wanted[1])

    def read(
        self,
        source: Path,
        scheme: Scheme,
        *,
        images: Path | None = None,
        annotator: str | None = None,
    ) -> Contents:
        """A file or a folder of them; see `file_per_image.stream`."""
        refuse_annotator(annotator, "Lists of points")
        return file_per_image.stream(source, scheme, ".csv", self.parse, images).whole()

    def parse(self, text: str, path: Path, size: int) -> Floats:
        """(size, 2) points in pixels. Raises FormatError with the line that is wrong."""
        delimiter, rows = cells_of(text, path)
        columns = self._columns([name.strip() for name in rows[0][1]]) if rows else None
        if columns is None:
            raise FormatError(f"{path} is no list of points: its first line is another.")
        if len(rows) - 1 != size:
            raise FormatError(
                f"{path} holds {len(rows) - 1} points; the scheme has {size} landmarks.",
                remedy="Copy the file again, or import it into a project of its own scheme.",
            )
        for number, cells in rows[1:]:
            if any(cell.strip() for cell in cells[len(rows[0][1]) :]):
                raise FormatError(
                    f"{path}, line {number}: it has {counted(len(cells), 'cell')}, the first line "
                    f"{len(rows[0][1])}.",
                    remedy="Write decimals with a point where commas part the cells.",
                )
        rows = with_points(rows, rows[0][1], columns, delimiter, path)
        points = [_point(cells, columns, number, path) for number, cells in rows[1:]]
        return np.array(points, dtype=np.float64).reshape(-1, 2)

    def formatted(self, points: Floats) -> str:
        """(L, 2) known points in pixels to the text of a file."""
        rows = []
        for number, (x, y) in enumerate(points.tolist()):
            pair = f"{x!r},{y!r}" if self.x_first else f"{y!r},{x!r}"
            rows.append(f"{number + self.x_first},{pair}")
        return "\n".join([self.head, *rows, ""])

    def write(self, target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
        """One file an image in the folder `target`; see `file_per_image.write`."""
        return file_per_image.write(
            target, instances, scheme, ".csv", lambda each: self.formatted(each.shape.points)
        )


NAPARI = PointList("index,axis-0,axis-1", x_first=False)
IMAGEJ = PointList(" ,X,Y", x_first=True)


def _header(text: str) -> list[str]:
    return next(iter(first_cells(text, 1)), [])


def _point(
    cells: Sequence[str], columns: tuple[int, int], number: int, path: Path
) -> tuple[float, float]:
    words = [cells[column].strip() for column in columns if column < len(cells)]
    if len(words) == 2 and all(NUMBER.fullmatch(word) for word in words):
        x, y = float(words[0]), float(words[1])
        if math.isfinite(x) and math.isfinite(y):
            return x, y
    raise FormatError(f"{path}, line {number}: its x and y are not two finite numbers.")
