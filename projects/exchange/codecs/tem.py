"""`.tem` of Psychomorph and WebMorph: one file an image, of the image's name.

    189                  how many points
    213.971\t239.381      x and y of each
    ...
    44                   how many lines
    0                    each line: a 0 (a closed one comes back to its first point),
    2                    how many points it goes through,
    0 1                  and which, counted from 0

Coordinates are the tool's: 0-based pixels, pixel centres at whole numbers, y down. Lines draw
curves through the points: reading labels passes them over (`curves` makes contours of those that
go through three points or more), and writing makes them of the scheme's curves and of the edges
that lie on none. The format has no names, no boxes, no visibility, no unknown landmarks and one
object an image.
"""

import math
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import file_per_image
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import files_below
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, beginning
from landmark_annotator.projects.vocabulary import Curve, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError

_INDEX = re.compile(r"\d{1,6}", re.ASCII)


def sniff(source: Path) -> bool:
    if source.is_dir():
        return any(file.suffix.lower() == ".tem" for file in files_below(source)[0])
    lines = beginning(source, 4096).split("\n")
    point = lines[1].split() if len(lines) > 1 else []
    return (
        re.fullmatch(r"\d+", lines[0].strip(), re.ASCII) is not None
        and len(point) == 2
        and all(NUMBER.fullmatch(number) for number in point)
    )


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file or a folder of them; see `file_per_image.stream`."""
    refuse_annotator(annotator, ".tem files")
    return file_per_image.stream(source, scheme, ".tem", parse, images).whole()


def parse(text: str, path: Path, size: int) -> Floats:
    """(size, 2) points in pixels. Raises FormatError with the line that is wrong."""
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    count = _whole(rows, 0, path)
    if count != size:
        raise FormatError(
            f"{path} holds {count} points; the scheme has {size} landmarks.",
            remedy="Import it into a project of its own scheme.",
        )
    if len(rows) <= count:
        raise _cut_short(path)
    points = np.array([_point(line, number, path) for number, line in rows[1 : count + 1]])
    _check_lines(text, rows, count + 1, count, path)
    return points.reshape(-1, 2)


def curves(text: str, path: Path, size: int) -> tuple[Curve, ...]:
    """The contours that the file draws, named by its lines. Raises FormatError where it has not
    `size` points, or breaks off."""
    parse(text, path, size)
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return curves_of(_check_lines(text, rows, size + 1, size, path))


def curves_of(lines: Iterable[Sequence[int]]) -> tuple[Curve, ...]:
    """Of lines that go through three landmarks or more, and through none twice; one that comes back
    to its first landmark is closed. Each is named by the number of its line, from 1."""
    found = []
    for number, line in enumerate(lines, 1):
        closed = len(line) > 0 and line[0] == line[-1]
        through = tuple(line[:-1] if closed else line)
        if len(through) > 2 and len(set(through)) == len(through):
            found.append(Curve(f"curve {number}", through, closed))
    return tuple(found)


def along(curves: Iterable[Curve]) -> list[list[int]]:
    """The lines that draw the curves."""
    return [[*each.landmarks, *(each.landmarks[:1] if each.closed else ())] for each in curves]


def steps(lines: Iterable[Sequence[int]]) -> set[frozenset[int]]:
    """Pairs of landmarks that lines go from one to the other of."""
    return {frozenset(pair) for line in lines for pair in pairwise(line)}


def _check_lines(
    text: str, rows: Sequence[tuple[int, str]], at: int, size: int, path: Path
) -> list[list[int]]:
    """The landmarks of each line. Labels do not need them, but a file that breaks off in them may
    lack more."""
    found = []
    if at >= len(rows) and not text.endswith(("\n", "\r")):  # within its last number, it may be
        raise _cut_short(path)
    lines = _whole(rows, at, path) if at < len(rows) else 0
    for start in range(at + 1, at + 1 + 3 * lines, 3):
        through = _whole(rows, start + 1, path)
        if start + 2 >= len(rows):
            raise _cut_short(path)
        number, line = rows[start + 2]
        named = [int(word) for word in line.split() if _INDEX.fullmatch(word)]
        if len(named) != through or any(landmark >= size for landmark in named):
            raise FormatError(
                f'{path}, line {number}: "{line[:40]}" does not name {through} points.'
            )
        if named:
            found.append(named)
    return found


def _whole(rows: Sequence[tuple[int, str]], at: int, path: Path) -> int:
    if at >= len(rows):
        raise _cut_short(path)
    number, text = rows[at]
    if re.fullmatch(r"\s*\d{1,6}\s*", text, re.ASCII) is None:
        raise FormatError(f'{path}, line {number}: "{text[:40]}" is not a count.')
    return int(text)


def _cut_short(path: Path) -> FormatError:
    return FormatError(f"{path} is cut short.", remedy="Copy the file again.")


def _point(line: str, number: int, path: Path) -> tuple[float, float]:
    values = line.split()
    if len(values) == 2 and all(NUMBER.fullmatch(value) for value in values):
        x, y = (float(value) for value in values)
        if math.isfinite(x) and math.isfinite(y):
            return x, y
    raise FormatError(
        f'{path}, line {number}: "{line[:40]}" is not two finite numbers.',
        remedy="A .tem file cannot leave a landmark open; use csv or coco for such labels.",
    )


def formatted(points: Floats, lines: Sequence[Sequence[int]]) -> str:
    """(L, 2) known points in pixels, and lines through them, to the text of a file."""
    rows = [str(len(points)), *(f"{x!r}\t{y!r}" for x, y in points.tolist()), str(len(lines))]
    for line in lines:
        rows += ["0", str(len(line)), " ".join(str(landmark) for landmark in line)]
    return "\n".join([*rows, ""])


def lines_of(edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Edges that follow each other, in the scheme's order, joined to lines."""
    lines: list[list[int]] = []
    for a, b in edges:
        if lines and lines[-1][-1] == a and lines[-1][0] != a:
            lines[-1].append(b)
        else:
            lines.append([a, b])
    return lines


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`; see `beside_images.write`."""
    lines = along(scheme.curves)
    drawn = steps(lines)
    lines += lines_of(edge for edge in scheme.edges if frozenset(edge) not in drawn)
    return file_per_image.write(
        target, instances, scheme, ".tem", lambda each: formatted(each.shape.points, lines)
    )
