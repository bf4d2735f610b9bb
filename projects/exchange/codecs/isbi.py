"""The cephalogram challenge of ISBI 2015: `.txt` of the image's name, a line `x,y` a landmark.

    835,996
    1473,1029
    ...
    1

The challenge's own files have 19 landmarks in whole pixels, and after them the classes of the
diagnoses, one number a line, which are passed over. Coordinates are the tool's: 0-based pixels. The
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
    lines = beginning(file, 4096).splitlines()[:_FEWEST]
    return len(lines) == _FEWEST and all(_numbers(line) is not None for line in lines)


def _numbers(line: str) -> tuple[float, float] | None:
    words = [word.strip() for word in line.split(",")]
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
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    points = []
    for number, line in rows[:size]:
        point = _numbers(line)
        if point is None:
            raise FormatError(f'{path}, line {number}: "{line[:40]}" is not x,y.')
        points.append(point)
    rest = rows[size:]
    wrong = next((row for row in rest if not _CLASS.fullmatch(row[1])), None)
    if len(points) < size or wrong is not None:
        count = sum(_numbers(line) is not None for _, line in rows)
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
