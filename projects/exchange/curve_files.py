"""Which landmarks lie on contours, in scheme files and in files of other programs.

A `.tem` file says it in its lines, see `codecs.tem`. A sliders table, as geomorph's gpagen takes
it, has a row a semilandmark: the landmarks before and after it between which it slides, by numbers
from 1.

    before,slide,after
    1,2,3
    2,3,4
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from landmark_annotator.projects.exchange.codecs import tem
from landmark_annotator.projects.exchange.codecs.common.files import replace_file
from landmark_annotator.projects.exchange.codecs.common.text import read_text
from landmark_annotator.projects.exchange.codecs.csv_columns import delimiter_of
from landmark_annotator.projects.vocabulary import Curve, Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.scheme import built_in_names

_HEAD = ["before", "slide", "after"]
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def curves_for(scheme: Scheme, source: Path) -> tuple[Curve, ...]:
    """From a `.tem` file, a sliders table, a scheme file, or the built-in scheme of that name; the
    landmarks of a scheme are this one's by their names. Raises FormatError or SchemeError."""
    named = not source.exists() and str(source) in built_in_names()
    if not named and source.suffix.lower() not in (".toml", ".json"):
        return read_curves(source, len(scheme))
    other = Scheme.named(str(source)) if named else Scheme.load(source)
    return tuple(
        replace(curve, landmarks=tuple(scheme.index(other.landmarks[j]) for j in curve.landmarks))
        for curve in other.curves
    )


def read_curves(source: Path, size: int) -> tuple[Curve, ...]:
    """Of a scheme of `size` landmarks, from a `.tem` file or a sliders table. Raises FormatError
    where the file says nothing of curves, or of other landmarks."""
    text = read_text(source)
    if source.suffix.lower() == ".tem":
        found = tem.curves(text, source, size)
    else:
        found = _joined(_sliders(text, source, size), source)
    if not found:
        raise FormatError(f"{source} names no curve.", kept="The scheme stays as it is.")
    return found


def write_sliders(target: Path, scheme: Scheme) -> int:
    """Returns the number of rows. Where a contour ends in nothing its last landmark has nothing to
    slide to, and stands in no row. Raises FormatError where the scheme has no curves, or something
    else is there: who has a table may think that it is read."""
    rows = [row for row in scheme.sliding.tolist() if len(set(row)) == 3]
    if not rows:
        raise FormatError(
            f"The scheme {scheme.name} has no landmark that slides.",
            remedy="Say in the scheme which landmarks lie on curves.",
        )
    lines = [_HEAD, *([str(landmark + 1) for landmark in row] for row in rows)]
    text = "".join(",".join(line) + "\n" for line in lines)
    if target.is_file() and read_text(target) != text:
        raise FormatError(
            f"{target} is there already, and holds something else than the sliders of scheme "
            f"{scheme.name}.",
            kept="Nothing was written.",
            remedy="Choose another name. A table of yours is read by --curves.",
        )
    replace_file(target, text)
    return len(rows)


def _sliders(text: str, source: Path, size: int) -> list[tuple[int, int, int]]:
    rows = []
    for number, row in enumerate(_rows(text, source), 1):
        # R's write.csv puts the number of the row before it.
        words = [word.strip() for word in row][-3:]
        if not words or words == _HEAD:
            continue
        if len(words) != 3 or not all(
            _NUMBER.fullmatch(word) and 1 <= int(word) <= size for word in words
        ):
            raise FormatError(
                f'{source}, line {number}: "{",".join(row)[:40]}" is not before, slide and after '
                f"among the landmarks 1 to {size}."
            )
        before, slide, after = (int(word) - 1 for word in words)
        if len({before, slide, after}) < 3:
            raise FormatError(f"{source}, line {number}: a landmark slides along itself.")
        rows.append((before, slide, after))
    return rows


def _rows(text: str, source: Path) -> Iterator[list[str]]:
    """Raises FormatError."""
    reader = csv.reader(text.splitlines(), delimiter=delimiter_of(text))
    try:
        yield from reader
    except csv.Error as error:
        raise FormatError(f"{source}, line {reader.line_num}: {error}.") from error


def _joined(rows: Iterable[tuple[int, int, int]], source: Path) -> tuple[Curve, ...]:
    """Rows that continue each other are one contour."""
    left = {slide: (before, after) for before, slide, after in rows}
    curves: list[Curve] = []
    while left:
        starts = [j for j, (before, _) in left.items() if left.get(before, (None, None))[1] != j]
        slide = starts[0] if starts else next(iter(left))
        path = [left[slide][0], slide]
        while path[-1] in left:
            before, after = left.pop(path[-1])
            if before != path[-2]:
                raise FormatError(f"{source}: landmark {path[-1] + 1} slides along two contours.")
            path.append(after)
        closed = not starts
        # Round a closed one the walk ends where it began: with the first two once more.
        through = path[1:-1] if closed else path
        curves.append(Curve(f"curve {len(curves) + 1}", tuple(through), closed))
    return tuple(curves)
