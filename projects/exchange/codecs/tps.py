"""`.tps` of Rohlf's programs: one text file for all images.

    LM=19              how many landmarks
    207.73 412.0       x and y of each; -1 -1 where it is missing (NA is read as well)
    ...
    CURVES=1           how many contours; none where the scheme has none
    POINTS=3           how many points this one has
    207.73 412.0       x and y of each
    ...
    IMAGE=001.jpg      which image
    ID=0               counts the entries from 0
    SCALE=0.4          millimetres a pixel, where the project knows them

The y axis points up: y here is (height - 1) - y of the tool, so the centre of the lowest row of
pixels is at 0, as the centre of the leftmost column is at x = 0. Programs differ by up to two
pixels in where they put that zero; these programs' own analyses do not see a shift. The height is
the image's, which therefore has to be there. Both ways in decimal arithmetic: a float64 comes
back as it was.

SCALE= is read as it is written; other programs write it in the unit of whoever measured, and do not
say which. 1 is none: geomorph's readland.tps takes a file without scales as one of SCALE=1, and
programs that always write the line write that where nobody has set a scale. Landmarks are pixels
with it and without. Other entries are passed over, RADII= and CHAIN= of outlines with the rows that
follow them.
All landmarks stand below LM=, in the scheme's order, so that tables that name them by number fit
(`exchange.curve_files`); each of the scheme's curves is there once more as a contour, a closed one
back to its first point. Read are files in which LM= has all landmarks; or those that do not slide,
and each contour its own, with its ends or without; or the first ones, and CURVES= the others.
Decimals may have a comma, as tpsDig writes them in much of Europe. LM=0 without curves, as tpsUtil
lists the images of a folder, is an image that waits for labels.

The format has no names, no boxes and no visibility. A landmark that would be written as -1 -1 is
one that is missing.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    WHERE_IMAGES_ARE,
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.losses import (
    in_order,
    labelled,
    occlusion_not_marked,
)
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    beginning,
    one_line,
    read_text,
)
from landmark_annotator.projects.exchange.codecs.csv_decimals import Decimals
from landmark_annotator.projects.images import upright_size
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FileMissing, FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_EXACT = Context(prec=60)
_ENTRY = re.compile(r"([A-Za-z]+\d?)\s*+=(.*)")
_MISSING = ("-1", "-1")
_MOST_DIGITS = 9
_OUTLINES = ("RADII", "CHAIN")
"""Outlines that are no points: distances from a centre, and steps from pixel to pixel."""
_UNSET = 1.0
"""The scale that says nothing."""


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    lines = (line for line in beginning(source, 4096).splitlines() if line.strip())
    return re.fullmatch(r"\s*LM3?\s*=\s*\d+\s*", next(lines, ""), re.IGNORECASE) is not None


@dataclass
class _Specimen:
    """One LM= block. points: its rows with their line numbers, and those of its curves. lengths: of
    the curves. solid: its points have three coordinates. outlined: it has outlines that are no
    points, whose rows are nowhere."""

    line: int
    declared: int
    points: list[tuple[int, str]] = field(default_factory=list)
    curves: list[tuple[int, str]] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    solid: bool = False
    outlined: bool = False
    entries: dict[str, str] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """It names an image that nobody has placed anything on."""
        return self.declared == 0 and not (self.solid or self.points or self.curves)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own."""
    refuse_annotator(annotator, ".tps files")
    contents = Contents()
    seen: Counter[str] = Counter()
    scaled = odd = unset = 0
    specimens = list(_specimens(read_text(source), source))
    _with_points(specimens, source, contents.notes)
    for specimen in specimens:
        try:
            image = specimen.entries.get("IMAGE")
            if not image:
                raise FormatError("it has no IMAGE=.")
            path = named_path(image, images or source.parent)
            if specimen.nothing:
                shape = Shape.unknown(len(scheme))
            else:
                shape = _shape(specimen, scheme, _height(path))
        except ODD as error:
            reason = f"The entry at line {specimen.line}: {error}"
            contents.unreadable.append(Unreadable(source, reason))
            continue
        scale = _scale(specimen.entries.get("SCALE", ""))
        odd += scale is None and "SCALE" in specimen.entries
        unset += scale == _UNSET
        scale = None if scale == _UNSET else scale
        scaled += scale is not None
        key = f"{source.name}:{image}#{seen[image]}"
        seen[image] += 1
        entry = ImportedInstance(path, shape, None, key, mm_per_pixel=scale)
        contents.instances.append(entry)
    if scaled:
        of = counted(scaled, "entry", "entries")
        contents.notes.append(
            f"SCALE= of {of} is read as millimetres a pixel, for the file does not say its unit: "
            "where it is another, annotator scale corrects it. Landmarks are pixels."
        )
    if unset:
        of = counted(unset, "entry", "entries")
        contents.notes.append(
            f"SCALE=1 of {of} was not taken for 1 mm a pixel: programs write it where no scale was "
            "set. Where a pixel measures that, say so: annotator scale PROJECT 1."
        )
    outlined = sum(specimen.outlined for specimen in specimens)
    if outlined:
        of = counted(outlined, "entry", "entries")
        contents.notes.append(
            f"Outlines of {of} (RADII=, CHAIN=) were passed over: they are no landmarks."
        )
    if odd:
        of = counted(odd, "entry", "entries")
        contents.notes.append(f"SCALE= of {of} is no number above 0 and was passed over.")
    return contents


def _height(image: Path) -> int:
    try:
        return upright_size(image)[1]
    except FileMissing as error:
        raise FileMissing(error.happened, remedy=WHERE_IMAGES_ARE) from error


def _scale(text: str) -> float | None:
    """None where it is no size of a pixel."""
    size = float(text) if NUMBER.fullmatch(text) else 0.0
    return size if 0 < size < math.inf else None


def _specimens(text: str, source: Path) -> Iterator[_Specimen]:
    """Raises FormatError where the file does not begin with LM=."""
    current: _Specimen | None = None
    rows: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _ENTRY.fullmatch(line.strip())
        value = match[2].strip() if match else ""
        key = match[1].upper() if match else ""
        if match and key in ("LM", "LM3"):
            if current is not None:
                yield current
            current = _Specimen(number, _count(value, -1))
            current.solid = key == "LM3"
            rows = current.curves if current.solid else current.points
        elif current is None:
            raise FormatError(f"{source}, line {number}: there is no LM= before this line.")
        elif match and key == "POINTS":
            rows = current.curves
            current.lengths.append(_count(value, 0))
        elif match and key in _OUTLINES:
            rows = []
            current.outlined = True
        elif match:
            current.entries.setdefault(key, value)
        else:
            rows.append((number, line))
    if current is None:
        raise FormatError(f"{source} holds no LM= entry.", remedy="Copy the file again.")
    yield current


def _with_points(specimens: Sequence[_Specimen], source: Path, notes: list[str]) -> None:
    """tpsDig writes its numbers as the country's spreadsheets do: with points from here on. Commas
    that may mean something else stay, and are mistakes of their entries."""
    decimals = Decimals(source, ("x", "y"), (0, 1), by_row=True)
    for line, text in (row for each in specimens for row in (*each.points, *each.curves)):
        words = text.split()
        if len(words) == 2:
            decimals.look(line, words)
    if not decimals.with_comma():
        return
    notes.append(Decimals.NOTE)
    for each in specimens:
        each.points = [(line, text.replace(",", ".")) for line, text in each.points]
        each.curves = [(line, text.replace(",", ".")) for line, text in each.curves]
        if "SCALE" in each.entries:
            each.entries["SCALE"] = each.entries["SCALE"].replace(",", ".")


def _count(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else otherwise


def _shape(specimen: _Specimen, scheme: Scheme, height: int) -> Shape:
    size = len(scheme)
    if specimen.solid:
        raise FormatError("LM3= has three coordinates a landmark; images have two.")
    if len(specimen.points) != specimen.declared or len(specimen.curves) != sum(specimen.lengths):
        found = len(specimen.points) + len(specimen.curves)
        raise FormatError(
            f"it has {found} points, its LM= and POINTS= say "
            f"{max(specimen.declared, 0) + sum(specimen.lengths)}.",
            remedy="Copy the file again.",
        )
    rows = specimen.points
    if len(rows) != size:
        rows = _by_curves(specimen, scheme) or rows + specimen.curves
    if len(rows) != size:
        raise FormatError(
            f"it has {counted(len(rows), 'point')}; the scheme has {counted(size, 'landmark')}."
        )
    points = np.array([_point(line, number, height) for number, line in rows])
    return Shape(points).with_provenance(Provenance.IMPORTED)


def _by_curves(specimen: _Specimen, scheme: Scheme) -> list[tuple[int, str]]:
    """The rows in the scheme's order where LM= has the landmarks that do not slide, and each curve
    its landmarks, those that do not slide as well or not; [] where that does not fit."""
    fixed = [j for j in range(len(scheme)) if j not in scheme.semilandmarks]
    if len(specimen.points) != len(fixed) or len(specimen.lengths) != len(scheme.curves):
        return []
    found = dict(zip(fixed, specimen.points, strict=True))
    at = 0
    for curve, length in zip(scheme.curves, specimen.lengths, strict=True):
        rows, at = specimen.curves[at : at + length], at + length
        sliding = [j for j in curve.landmarks if j in scheme.semilandmarks]
        if length == len(sliding):
            found |= dict(zip(sliding, rows, strict=True))
        elif length == len(curve.landmarks) + curve.closed:
            through = zip(curve.landmarks, rows, strict=False)
            found |= {j: row for j, row in through if j not in found}
        else:
            return []
    return [found[j] for j in range(len(scheme)) if j in found]


def _point(line: str, number: int, height: int) -> tuple[float, float]:
    """NaN where it is missing."""
    words = line.split()
    if len(words) == 2 and all(NUMBER.fullmatch(word) for word in words):
        x, y = (Decimal(word) for word in words)
        if x == y == -1:
            return math.nan, math.nan
        point = float(x), float(_EXACT.subtract(height - 1, y))
        if all(math.isfinite(value) for value in point):
            return point
    if len(words) == 2 and all(word.upper() in ("NA", "NAN") for word in words):
        return math.nan, math.nan
    why = ": write decimals with a point, and nothing between thousands" if "," in line else ""
    raise FormatError(f'line {number}: "{line[:40]}" is not two finite numbers{why}.')


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    counts: Counter[str] = Counter()
    rows: list[str] = []
    for number, instance in enumerate(instances):
        known = labelled(instance.shape)
        points = []
        for i, point in enumerate(instance.shape.points.tolist()):
            words = _written(point, instance.height) if known[i] else _MISSING
            counts["missing"] += bool(known[i]) and all(Decimal(word) == -1 for word in words)
            counts["negative"] += bool(known[i]) and any(word.startswith("-") for word in words)
            points.append(" ".join(words))
        rows += [f"LM={len(scheme)}", *points]
        rows += [f"CURVES={len(scheme.curves)}"] if scheme.curves else []
        for curve in scheme.curves:
            through = [*curve.landmarks, *(curve.landmarks[:1] if curve.closed else ())]
            rows += [f"POINTS={len(through)}", *(points[j] for j in through)]
        counts["hidden"] += int((known & (instance.shape.visibility == 1)).sum())
        rows += [f"IMAGE={one_line(written_path(instance.image, target.parent))}", f"ID={number}"]
        if instance.mm_per_pixel is not None:
            rows.append(f"SCALE={Decimal(repr(instance.mm_per_pixel)):f}")
            counts["unset"] += instance.mm_per_pixel == _UNSET
    replace_file(target, "\n".join([*rows, ""]))
    images = {instance.image for instance in instances}
    return Written(len(instances), len(images), _notes(counts, scheme))


def _written(point: Sequence[float], height: int) -> tuple[str, str]:
    x, y = Decimal(repr(point[0])), _EXACT.subtract(height - 1, Decimal(repr(point[1])))
    return format(x, "f"), format(y, "f")


def _notes(counts: Mapping[str, int], scheme: Scheme) -> list[str]:
    notes = [
        f"{in_order(len(scheme))} y points up.",
        "Boxes, provenance and uncertainty are not written.",
    ]
    notes += occlusion_not_marked(counts["hidden"])
    if counts["missing"]:
        at = counted(counts["missing"], "landmark is at -1 -1", "landmarks are at -1 -1")
        lost = "it is lost" if counts["missing"] == 1 else "they are lost"
        notes.append(f"{at}, which is how the format says that one is missing: {lost}.")
    if counts["unset"]:
        of = counted(counts["unset"], "entry", "entries")
        notes.append(f"SCALE=1 of {of} is what programs, this one too, read as no scale.")
    if counts["negative"]:
        one, several = "landmark outside its image has", "landmarks outside their image have"
        notes.append(
            f"{counted(counts['negative'], one, several)} a negative coordinate, which some "
            "programs take for a missing landmark."
        )
    return notes
