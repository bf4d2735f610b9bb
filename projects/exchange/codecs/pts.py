"""`.pts` of 300-W: one file an image, of the image's name, with the landmarks in order.

    version: 1
    n_points: 68
    {
    64.7188 102.7368
    ...
    }

The file counts pixels from 1, the tool from 0: reading subtracts 1 and writing adds 1, both in
decimal arithmetic, so what was read is written again digit for digit and a float64 comes back
as it was. The header may be missing, as in the original Helen labels. Blank lines and comments
(`//` or `#`) are skipped.

The format has no boxes, no visibility, no unknown landmarks and one object an image.
"""

import math
import re
from collections.abc import Sequence
from decimal import Context, Decimal
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import file_per_image
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    Stream,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import files_below
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.text import NUMBER, beginning
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

# Enough digits for 17 significant ones after any number of zeros that a coordinate can have.
_DECIMALS = Context(prec=60)
_COMMENT = re.compile(r"(//|#).*")
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_HEADER = re.compile(r"(version|n_points)\s*:\s*(\S+)\s*", re.IGNORECASE)


def sniff(source: Path) -> bool:
    if source.is_dir():
        return any(file.suffix.lower() == ".pts" for file in files_below(source)[0])
    lines = [line for _, line in _meaningful(beginning(source, 4096))]
    if not lines:
        return False
    numbers = lines[0].split()
    plain = len(numbers) == 2 and all(NUMBER.fullmatch(number) for number in numbers)
    return plain or _HEADER.fullmatch(lines[0]) is not None


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file or a folder of them; see `file_per_image.stream`."""
    return stream(source, scheme, images=images, annotator=annotator).whole()


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
) -> Stream:
    refuse_annotator(annotator, ".pts files")
    return file_per_image.stream(source, scheme, ".pts", parse, images)


def parse(text: str, path: Path, size: int) -> Floats:
    """(size, 2) points in 0-based pixels. Raises FormatError with the line that is wrong."""
    lines = _meaningful(text)
    declared: int | None = None
    if lines and (lines[0][1] == "{" or _HEADER.fullmatch(lines[0][1])):
        lines, declared = _body(lines, path)
    points = np.array([_point(line, number, path) for number, line in lines]).reshape(-1, 2)
    if declared is not None and len(points) != declared:
        raise FormatError(
            f"{path} holds {counted(len(points), 'point')}; its header says {declared}.",
            remedy="Copy the file again.",
        )
    if len(points) != size:
        raise FormatError(
            f"{path} holds {counted(len(points), 'point')}; the scheme has {size} landmarks.",
            remedy="Copy the file again, or import it into a project of its own scheme.",
        )
    return points


def _meaningful(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers from 1, without comments and blank ones."""
    lines = text.splitlines()
    if "//" in text or "#" in text:
        lines = [_COMMENT.sub("", line) for line in lines]
    return [(number, line) for number, each in enumerate(lines, 1) if (line := each.strip())]


def _body(lines: list[tuple[int, str]], path: Path) -> tuple[list[tuple[int, str]], int | None]:
    """The lines between the braces, and how many the header says that there are."""
    texts = [line for _, line in lines]
    if "{" not in texts:
        raise FormatError(f"{path} has a header but no opening brace.", remedy="Copy it again.")
    start = texts.index("{")
    declared = None
    for number, line in lines[:start]:
        match = _HEADER.fullmatch(line)
        if match is None or (match[1].lower() == "n_points" and not _COUNT.fullmatch(match[2])):
            raise FormatError(f'{path}, line {number}: "{line[:40]}" is not a header of .pts.')
        if match[1].lower() == "n_points":
            declared = int(match[2])
    if "}" not in texts:
        raise FormatError(
            f"{path} ends before its closing brace: it is cut short.", remedy="Copy it again."
        )
    end = texts.index("}")
    if end + 1 < len(lines):
        number = lines[end + 1][0]
        raise FormatError(f"{path}, line {number}: something follows the closing brace.")
    return lines[start + 1 : end], declared


def _point(line: str, number: int, path: Path) -> tuple[float, float]:
    values = line.split()
    if len(values) == 2 and NUMBER.fullmatch(values[0]) and NUMBER.fullmatch(values[1]):
        x = float(_DECIMALS.subtract(Decimal(values[0]), 1))
        y = float(_DECIMALS.subtract(Decimal(values[1]), 1))
        if math.isfinite(x) and math.isfinite(y):
            return x, y
    raise _no_point(f'{path}, line {number}: "{line[:40]}"', line)


def _no_point(where: str, line: str) -> FormatError:
    if "," in line:
        return FormatError(
            f"{where} has a comma.",
            remedy="Write numbers with a point, and a space between the two.",
        )
    if len(line.split()) != 2:
        return FormatError(f"{where} is not two numbers.")
    return FormatError(
        f"{where} is not two finite numbers.",
        remedy="A .pts file cannot leave a landmark open; use csv or coco for such labels.",
    )


def formatted(points: Floats) -> str:
    """(L, 2) known points in 0-based pixels to the text of a file."""
    rows = [" ".join(_one_based(float(value)) for value in point) for point in points]
    return "\n".join(["version: 1", f"n_points: {len(points)}", "{", *rows, "}", ""])


def _one_based(value: float) -> str:
    return format(_DECIMALS.add(Decimal(repr(value)), 1), "f")


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`; see `beside_images.write`."""
    return file_per_image.write(
        target, instances, scheme, ".pts", lambda each: formatted(each.shape.points)
    )
