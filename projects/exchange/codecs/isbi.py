"""The cephalogram challenge of ISBI 2015: `.txt` of the image's name, a line `x,y` a landmark.

    835,996
    1473,1029
    ...
    1

The challenge's own files have 19 landmarks in whole pixels, and after them the classes of the
diagnoses, one number a line, which are passed over. `835,5;996` with commas before decimals, as a
European spreadsheet writes it, is read too. Coordinates are the tool's: 0-based pixels. The
images of the challenge are in folders of their own (`--images`).
"""

import math
import re
from collections.abc import Sequence
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
from landmark_annotator.projects.exchange.codecs.csv_cells import with_points
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError

_CLASS = re.compile(r"\s*\d{1,3}\s*", re.ASCII)
_FEWEST = 2
_LOOKED_AT = 20
"""Files of a folder: there may be a million of another format."""


def sniff(source: Path) -> bool:
    if source.is_dir():
        if not any_below(source, ".txt"):
            return False
        files = (file for file in files_below(source)[0] if file.suffix.lower() == ".txt")
        return any(_is_one(file) for file in islice(files, _LOOKED_AT))
    return source.suffix.lower() == ".txt" and _is_one(source)


def _is_one(file: Path) -> bool:
    text = beginning(file, 4096)
    lines = text.splitlines()[:_FEWEST]
    points = [_numbers(_words(line, _between(text), pointed=True)) for line in lines]
    return len(lines) == _FEWEST and all(point is not None for point in points)


def _between(text: str) -> str:
    """What stands between the numbers of a line."""
    return ";" if ";" in text.split("\n", 1)[0] else ","


def _words(line: str, between: str, *, pointed: bool = False) -> list[str]:
    words = [word.strip() for word in line.split(between)]
    return [word.replace(",", ".") for word in words] if pointed else words


def _numbers(words: Sequence[str]) -> tuple[float, float] | None:
    if len(words) != 2 or not all(NUMBER.fullmatch(word) for word in words):
        return None
    x, y = float(words[0]), float(words[1])
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file or a folder of them; see `file_per_image.stream`."""
    refuse_annotator(annotator, "These files")
    return file_per_image.stream(source, scheme, ".txt", parse, images).whole()


def parse(text: str, path: Path, size: int) -> Floats:
    """(size, 2) points in 0-based pixels. Raises FormatError with the line that is wrong."""
    between = _between(text)
    lines = enumerate(text.splitlines(), 1)
    rows = [(number, _words(line, between)) for number, line in lines if line.strip()]
    rows = with_points(rows, ("x", "y"), (0, 1), between, path)
    points = []
    for number, words in rows[:size]:
        point = _numbers(words)
        if point is None:
            line = between.join(words)
            raise FormatError(f'{path}, line {number}: "{line[:40]}" is not x,y.')
        points.append(point)
    rest = rows[size:]
    wrong = any(len(words) != 1 or not _CLASS.fullmatch(words[0]) for _, words in rest)
    if len(points) < size or wrong:
        count = sum(_numbers(words) is not None for _, words in rows)
        raise FormatError(
            f"{path} holds {count} points; the scheme has {size} landmarks.",
            remedy="Copy the file again, or import it into a project of its own scheme.",
        )
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def formatted(points: Floats) -> str:
    return "".join(f"{x!r},{y!r}\n" for x, y in points.tolist())


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`; see `file_per_image.write`."""
    return file_per_image.write(
        target, instances, scheme, ".txt", lambda each: formatted(each.shape.points)
    )
