"""`.asf` of active appearance models (IMM faces): one file an image, of the image's name.

    58                                   how many points
    0 0 0.303125 0.56875 0 12 1          path, type, x, y, number, and the points before and after
    ...
    01-1m.jpg                            the image

Lines that begin with # are comments. x and y are shares of the image's width and height. Paths are
lines through the points: writing makes them of the scheme's curves, reading passes them over. The
format has no names, no boxes, no visibility, no unknown landmarks and one object an image.
"""

import re
from collections.abc import Sequence
from decimal import Context, Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import file_per_image
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import any_below
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, beginning, one_line
from landmark_annotator.projects.images import upright_size
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError

_COUNT = re.compile(r"\d{1,6}", re.ASCII)
_COLUMNS = 7
_EXACT = Context(prec=60)
_DIGITS = (9, 17, 20, 25, 50)
"""Tried one after the other, until a share gives the very coordinate back."""


def sniff(source: Path) -> bool:
    if source.is_dir():
        return any_below(source, ".asf")
    lines = _meaningful(beginning(source, 4096))
    return (
        len(lines) > 1
        and _COUNT.fullmatch(lines[0][1]) is not None
        and len(lines[1][1].split()) == _COLUMNS
        and all(NUMBER.fullmatch(word) for word in lines[1][1].split())
    )


def _meaningful(text: str) -> list[tuple[int, str]]:
    stripped = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in stripped if line and not line.startswith("#")]


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file or a folder of them; see `file_per_image.stream`. The image is the one of the file's
    name."""
    refuse_annotator(annotator, ".asf files")
    return file_per_image.stream(source, scheme, ".asf", None, images, _parsed).whole()


def _parsed(text: str, path: Path, size: int, image: Path) -> Floats:
    return parse(text, path, size, upright_size(image))


def parse(text: str, path: Path, size: int, image: tuple[int, int]) -> Floats:
    """(size, 2) points in pixels. image: its width and height. Raises FormatError with the line
    that is wrong."""
    lines = _meaningful(text)
    count = int(lines[0][1]) if lines and _COUNT.fullmatch(lines[0][1]) else -1
    if count != size:
        raise FormatError(
            f"{path} holds {max(count, 0)} points; the scheme has {size} landmarks.",
            remedy="Copy the file again, or import it into a project of its own scheme.",
        )
    if len(lines) <= size:
        raise FormatError(f"{path} is cut short.", remedy="Copy the file again.")
    points = np.full((size, 2), np.nan)
    for number, line in lines[1 : size + 1]:
        words = line.split()
        if len(words) != _COLUMNS or not all(NUMBER.fullmatch(word) for word in words):
            raise FormatError(f'{path}, line {number}: "{line[:40]}" is not a point of 7 numbers.')
        place = int(float(words[4]))
        if not 0 <= place < size or not np.isnan(points[place, 0]):
            raise FormatError(f"{path}, line {number}: its point {place} is none, or there twice.")
        points[place] = [_pixels(word, side) for word, side in zip(words[2:4], image, strict=True)]
        if not np.isfinite(points[place]).all():
            raise FormatError(f"{path}, line {number}: its position is too large.")
    return points


def _pixels(share: str, side: int) -> float:
    return float(_EXACT.multiply(Decimal(share), Decimal(side)))


def formatted(points: Floats, image: tuple[int, int], name: str, scheme: Scheme) -> str:
    """(L, 2) known points in pixels to the text of a file. image: its width and height."""
    before, after, paths = _neighbours(scheme)
    rows = [
        f"{path} {int(kind)} {_share(x, image[0])} {_share(y, image[1])} {i} {before[i]} {after[i]}"
        for i, ((x, y), (path, kind)) in enumerate(zip(points.tolist(), paths, strict=True))
    ]
    return "\n".join(["# AAM Shape File", "", str(len(points)), "", *rows, "", name, ""])


def _neighbours(scheme: Scheme) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """The point before and after each on its path, and the path's number and kind: 0 is closed, 4
    is open. A point of no curve is a path of its own."""
    size = len(scheme)
    before, after = list(range(size)), list(range(size))
    paths = [(number, 4) for number in range(size)]
    for number, curve in enumerate(scheme.curves):
        through = [*curve.landmarks, *(curve.landmarks[:1] if curve.closed else ())]
        for one, other in pairwise(through):
            after[one], before[other] = other, one
        for landmark in curve.landmarks:
            paths[landmark] = (size + number, 0 if curve.closed else 4)
    return before, after, paths


def _share(value: float, side: int) -> str:
    """With the fewest digits that give the very coordinate back."""
    exact = _EXACT.divide(Decimal(repr(value)), Decimal(side))
    for digits in _DIGITS:
        short = format(Context(prec=digits).plus(exact), "f")
        if _pixels(short, side) == value:
            return short
    return format(exact, "f")


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`; see `file_per_image.write`."""
    return file_per_image.write(
        target,
        instances,
        scheme,
        ".asf",
        lambda each: formatted(
            each.shape.points, (each.width, each.height), one_line(each.image.name), scheme
        ),
    )
