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
import os
import re
from collections.abc import Sequence
from decimal import Context, Decimal
from pathlib import Path

import numpy as np

from projects.exchange.files import files_below, replace_file
from projects.exchange.instances import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from projects.exchange.text import NUMBER, beginning, read_text
from projects.images import IMAGE_SUFFIXES
from projects.vocabulary import Provenance, Scheme, Shape
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import FormatError

# Enough digits for 17 significant ones after any number of zeros that a coordinate can have.
_DECIMALS = Context(prec=60)
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
    """A file, or all in a folder and its subfolders, each with the image of the same name.

    By default images are beside their labels, and those without labels are instances of which
    nothing is known yet. images: a folder with the same tree that holds the images instead; those
    without labels are passed over.
    """
    if annotator is not None:
        raise FormatError(".pts files do not say who made them: leave out the annotator.")
    contents = Contents()
    root = source if source.is_dir() else source.parent
    labels = [source]
    if source.is_dir():
        files, unreadable = files_below(source)
        labels = [file for file in files if file.suffix.lower() == ".pts"]
        contents.unreadable.extend(unreadable)
    named = _images_by_name(images or root, deep=source.is_dir())
    for file in labels:
        name = file.relative_to(root).with_suffix("")
        try:
            image = _only(named.pop(name, []), file)
            points = parse(read_text(file), file, len(scheme))
        except FormatError as error:
            contents.unreadable.append(Unreadable(file, str(error)))
            continue
        shape = Shape(points).with_provenance(Provenance.IMPORTED)
        contents.instances.append(ImportedInstance(image, shape, None, f"{file.name}#0"))
    if source.is_dir() and images is None:
        for image in (image for several in named.values() for image in several):
            empty = Shape.unknown(len(scheme))
            contents.instances.append(ImportedInstance(image, empty, None, f"{image.name}#0"))
    contents.instances.sort(key=lambda instance: instance.image)
    return contents


def _images_by_name(root: Path, deep: bool) -> dict[Path, list[Path]]:
    """The images below `root`, or only those right in it, by their path without suffix."""
    named: dict[Path, list[Path]] = {}
    for file in files_below(root)[0] if deep else sorted(root.glob("*.*")):
        if file.suffix.lower() in IMAGE_SUFFIXES:
            named.setdefault(file.relative_to(root).with_suffix(""), []).append(file)
    return named


def _only(images: list[Path], file: Path) -> Path:
    if not images:
        raise FormatError(
            f"There is no image of the name {file.stem}.", remedy="Put it beside the .pts file."
        )
    if len(images) > 1:
        raise FormatError(
            f"Several images have its name: {', '.join(image.name for image in images)}.",
            remedy="Keep the one that was labelled.",
        )
    return images[0]


def parse(text: str, path: Path, size: int) -> Floats:
    """(size, 2) points in 0-based pixels. Raises FormatError with the line that is wrong."""
    lines = _meaningful(text)
    declared: int | None = None
    if lines and (lines[0][1] == "{" or _HEADER.fullmatch(lines[0][1])):
        lines, declared = _body(lines, path)
    points = np.array([_point(line, number, path) for number, line in lines]).reshape(-1, 2)
    if declared is not None and len(points) != declared:
        raise FormatError(
            f"{path} holds {len(points)} points; its header says {declared}.",
            remedy="Copy the file again.",
        )
    if len(points) != size:
        raise FormatError(
            f"{path} holds {len(points)} points; the scheme has {size} landmarks.",
            remedy="Copy the file again, or import it into a project of its own scheme.",
        )
    return points


def _meaningful(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers from 1, without comments and blank ones."""
    stripped = enumerate((re.sub(r"(//|#).*", "", line).strip() for line in text.splitlines()), 1)
    return [(number, line) for number, line in stripped if line]


def _body(lines: list[tuple[int, str]], path: Path) -> tuple[list[tuple[int, str]], int | None]:
    """The lines between the braces, and how many the header says that there are."""
    texts = [line for _, line in lines]
    if "{" not in texts:
        raise FormatError(f"{path} has a header but no opening brace.", remedy="Copy it again.")
    start = texts.index("{")
    declared = None
    for number, line in lines[:start]:
        match = _HEADER.fullmatch(line)
        if match is None or (match[1].lower() == "n_points" and not match[2].isdecimal()):
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
    where = f'{path}, line {number}: "{line[:40]}"'
    if "," in line:
        raise FormatError(
            f"{where} has a comma.",
            remedy="Write numbers with a point, and a space between the two.",
        )
    values = line.split()
    if len(values) != 2:
        raise FormatError(f"{where} is not two numbers.")
    if all(NUMBER.fullmatch(value) for value in values):
        x, y = (float(_DECIMALS.subtract(Decimal(value), 1)) for value in values)
        if math.isfinite(x) and math.isfinite(y):
            return x, y
    raise FormatError(
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
    """One file an image in the folder `target`, in the images' own tree of folders.

    Raises FormatError or DiskFull; every file that is there then is complete.
    """
    parents = [instance.image.parent for instance in instances]
    root = Path(os.path.commonpath(parents)) if parents else Path()
    written: set[Path] = set()
    incomplete = further = hidden = 0
    for instance in instances:
        file = target / instance.image.relative_to(root).with_suffix(".pts")
        if not instance.shape.complete:
            incomplete += 1
        elif file in written:
            further += 1
        else:
            _make_folder(file.parent)
            replace_file(file, formatted(instance.shape.points))
            written.add(file)
            hidden += int((instance.shape.visibility == 1).sum())
    notes = [f"The {len(scheme)} landmarks are in the scheme's order, without their names."]
    if incomplete:
        notes.append(f"{incomplete} shapes with unknown landmarks were left out.")
    if further:
        notes.append(f"{further} shapes were left out: their image already has a .pts file.")
    if hidden:
        notes.append(f"{hidden} occluded landmarks are not marked as such.")
    notes.append("Boxes, provenance and uncertainty are not written.")
    return Written(len(written), len(written), notes)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FormatError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            remedy="Choose a folder that you may write to.",
        ) from error
