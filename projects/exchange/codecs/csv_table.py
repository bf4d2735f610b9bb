"""CSV: one row an instance. Three layouts are read; the first is the one that is written.

Named: the columns `image`, `source` (a key of the instance), `annotator`, `labelled_at` (ISO 8601,
in UTC), `scheme`, `scheme_version`, `box_centre_x`, `box_centre_y`, `box_width`, `box_height`,
`box_angle` (radians), then for each landmark `NAME.x`, `NAME.y`, `NAME.visibility` (0, 1 or 2 as
in COCO) and `NAME.provenance`. Only `image` and the `.x` and `.y` of the landmarks that the file
knows have to be there. It carries all that a shape holds but its covariances. Of frames of videos
`image` is the video, and there are the columns `frame`, from 0, and `track`.

Wide: `image,x0,y0,x1,y1,...` with all landmarks in the scheme's order.

Long: `image,landmark,x,y`, one row a landmark; a column `object` tells those of an image apart.

Other people's names for columns are understood where they speak for themselves (`file`, `nose_x`),
or are told (`--columns image=Filename,{}.x={}_X,{}.y={}_Y`); cells may be parted by commas,
semicolons, tabs or bars.

Numbers are 0-based pixels, pixel centres at whole numbers; an empty cell or NaN is unknown.
`image` is relative to the file. Text that spreadsheets would take for a formula begins with a '.
A column `annotator` says whose labels a row holds; it is written. Of several annotators the rows of
the one that is asked for are read, or else those called `mean`, or else, where the rows have a
`source`, all of them, each as that person's.
"""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import time_read, time_text
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    beginning,
    cell,
    from_cell,
    image_cell,
    note_open_end,
    read_text,
)
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos
from landmark_annotator.projects.exchange.codecs.csv_columns import (
    Columns,
    delimiter_of,
    gathered,
    guessed,
    is_long,
    said,
)
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError, closest

_ABOUT = ("image", "source", "annotator", "labelled_at", "scheme", "scheme_version")
_OF_A_ROW = ("frame", "track", "landmark", "x", "y", "visibility", "provenance", "object")
_TOLD = 40
_BOX = ("box_centre_x", "box_centre_y", "box_width", "box_height", "box_angle")
_PARTS = ("x", "y", "visibility", "provenance")
_MOST_DIGITS = 10
_MEAN = "mean"
"""The annotator who is none: the mean of all."""
_WIDE = re.compile(r"([xy])(\d+)", re.ASCII)

Row = Mapping[str, str]


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    text = beginning(source)
    try:
        names = next(csv.reader(text.splitlines()[:1], delimiter=delimiter_of(text)), [])
    except csv.Error:
        return False
    names = [name.strip() for name in names]
    return _is_own(names) or guessed(names, None) is not None


def _is_own(names: Sequence[str]) -> bool:
    return "image" in names and any(n.endswith(".x") or _WIDE.fullmatch(n) for n in names)


def read(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    columns: Columns | None = None,
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own.
    columns: what other people's columns are."""
    contents = Contents()
    header, rows = _table(source, contents, scheme.landmarks, columns)
    wide = _is_wide(header)
    places = _wide_columns(header, scheme, source) if wide else _named(header, scheme, source)
    if "annotator" in header:
        rows = _of_one_annotator(rows, annotator, source, contents)
    elif annotator is not None:
        raise FormatError(f"{source} has no column annotator: leave out the annotator.")
    seen: Counter[str] = Counter()
    of_videos = {row["image"] for _, row in rows if row.get("frame", "").strip()}
    videos = NamedVideos(source, images, len(of_videos), contents.notes)
    for line, row in rows:
        try:
            shape, box = _shape(row, places, scheme), _box(row)
            frame = _frame(row)
            at = time_read(from_cell(row.get("labelled_at", "").strip()))
            path = named_path(row["image"], images or source.parent)
            if frame is not None:
                path = videos.path(row["image"])
        except ODD as error:
            contents.unreadable.append(Unreadable(source, f"Line {line}: {error}"))
            continue
        image = row["image"] if frame is None else f"{row['image']} frame {frame}"
        track = from_cell(row.get("track", "")) if frame is not None else ""
        person = from_cell(row.get("annotator", "").strip()) if annotator is None else ""
        person = "" if person == _MEAN else person
        key = from_cell(row.get("source", "")) or f"{source.name}:{image}#{seen[image]}"
        seen[image] += 1
        if wide:
            shape = shape.with_provenance(Provenance.IMPORTED)
        contents.instances.append(
            ImportedInstance(
                path, shape, box, key, annotator=person, frame=frame, track=track, at=at
            )
        )
    _note_other_version(rows, scheme, contents)
    return contents


def landmarks(source: Path) -> Scheme:
    """Of the layout that names them."""
    header, rows = _table(source, Contents(), None, None)
    names = dict.fromkeys(name[:-2] for name in header if name.endswith((".x", ".y")))
    called = next((row["scheme"] for _, row in rows if row.get("scheme")), None)
    return declared(source, called, list(names))


def _table(
    source: Path, contents: Contents, landmarks: Sequence[str] | None, columns: Columns | None
) -> tuple[list[str], list[tuple[int, Row]]]:
    """The header, and the rows with their line numbers; rows of another length are reported."""
    text = read_text(source)
    note_open_end(text, source, contents.notes)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows: list[tuple[int, Row]] = []
    try:
        theirs = [from_cell(name.strip()) for name in next(reader, [])]
        header = _our_names(theirs, landmarks, columns, contents)
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) == len(header):
                rows.append((reader.line_num, dict(zip(header, cells, strict=True))))
            else:
                reason = f"{len(cells)} cells, the header has {len(header)}."
                contents.unreadable.append(Unreadable(source, f"Line {reader.line_num}: {reason}"))
    except csv.Error as error:
        raise FormatError(f"{source}, line {reader.line_num}: {error}.") from error
    if not rows and not contents.unreadable and not text.endswith(("\n", "\r")):
        raise FormatError(
            f"{source} has no rows, or is cut short before them.", remedy="Copy the file again."
        )
    repeated = [name for name, count in Counter(header).items() if count > 1]
    if "image" not in header or repeated:
        wrong = f"the column {repeated[0]} twice" if repeated else "no column image"
        raise FormatError(
            f"{source} has {wrong}.",
            remedy="Its first line must name the columns, with commas between them; "
            "--columns says which is which.",
        )
    return gathered(header, rows) if is_long(header) else (header, rows)


def _our_names(
    theirs: Sequence[str],
    landmarks: Sequence[str] | None,
    columns: Columns | None,
    contents: Contents,
) -> list[str]:
    """What the columns are called here; that they were taken so is noted."""
    if columns is None and (_is_own(theirs) or is_long(theirs)):
        return list(theirs)
    found = guessed(theirs, landmarks) if columns is None else columns.of(theirs, landmarks)
    if found is None:
        return list(theirs)
    places = {n for n in found if n.rpartition(".")[2] in _PARTS or _WIDE.fullmatch(n)}
    known = {*_ABOUT, *_BOX, *_OF_A_ROW, *places}
    told = list(said(theirs, found, known))
    if told:
        more = f"; {len(told) - _TOLD:,} more" if len(told) > _TOLD else ""
        contents.notes.append(f"Columns were taken so: {'; '.join(told[:_TOLD])}{more}.")
    return found


def _is_wide(header: Sequence[str]) -> bool:
    return any(_WIDE.fullmatch(name) for name in header)


def _wide_columns(header: Sequence[str], scheme: Scheme, source: Path) -> dict[int, dict[str, str]]:
    """Landmark to its columns, for `x0,y0,x1,...` with numbers from 0."""
    count = sum(_WIDE.fullmatch(name) is not None for name in header) / 2
    columns = {i: {"x": f"x{i}", "y": f"y{i}"} for i in range(len(scheme))}
    missing = [name for c in columns.values() for name in c.values() if name not in header]
    if missing or count != len(scheme):
        raise FormatError(
            f"{source} has columns for {count:g} landmarks from x0 on; scheme {scheme.name} has "
            f"{len(scheme)}.",
            remedy="Import it into a project of its own scheme.",
        )
    return columns


def _named(header: Sequence[str], scheme: Scheme, source: Path) -> dict[int, dict[str, str]]:
    columns: dict[int, dict[str, str]] = {}
    known = set(scheme.landmarks)
    for column in header:
        name, _, part = column.rpartition(".")
        if part not in _PARTS or not (name or column in (".x", ".y")):
            continue
        if name not in known:
            raise FormatError(
                f'{source} has a landmark "{name}" that scheme {scheme.name} has not.'
                f"{closest(name, scheme.landmarks)}",
                remedy="Rename the column, or import into a project of its own scheme.",
            )
        columns.setdefault(scheme.index(name), {})[part] = column
    halves = [scheme.landmarks[i] for i, parts in columns.items() if not {"x", "y"} <= {*parts}]
    if not columns or halves:
        wrong = f'no x or no y for "{halves[0]}"' if halves else "no columns of landmarks"
        raise FormatError(
            f"{source} has {wrong}.", remedy="The columns are NAME.x and NAME.y, or x0,y0,x1,..."
        )
    return columns


def _of_one_annotator(
    rows: list[tuple[int, Row]], wanted: str | None, source: Path, contents: Contents
) -> list[tuple[int, Row]]:
    present = list(dict.fromkeys(row["annotator"] for _, row in rows))
    # Rows with a key of their own are told apart when they come again.
    apart = len(present) <= 1 or "source" in rows[0][1]
    if wanted is None and _MEAN not in present and apart:
        return rows
    if wanted is None:
        wanted = _MEAN
    if present and wanted not in present:
        raise FormatError(
            f'{source} has no rows of an annotator "{wanted}".{closest(wanted, present)}',
            remedy=f"Choose one of {', '.join(present)}.",
        )
    if len(present) > 1:
        contents.notes.append(f'Only the rows of annotator "{wanted}" were read.')
    return [(line, row) for line, row in rows if row["annotator"] == wanted]


def _shape(row: Row, columns: Mapping[int, Mapping[str, str]], scheme: Scheme) -> Shape:
    points = np.full((len(scheme), 2), np.nan)
    visibility = np.zeros(len(scheme), dtype=np.int8)
    provenance: list[Provenance | None] = [None] * len(scheme)
    for i, parts in columns.items():
        points[i] = _number(row, parts["x"]), _number(row, parts["y"])
        cell = row[parts["visibility"]].strip() if "visibility" in parts else ""
        if cell not in ("", "0", "1", "2"):
            raise FormatError(f'{parts["visibility"]} is "{cell}" and not 0, 1 or 2.')
        known = bool(np.isfinite(points[i]).all())
        visibility[i] = int(cell) if cell else Visibility.VISIBLE if known else 0
        word = row[parts["provenance"]].strip() if "provenance" in parts else ""
        if word and word not in [*Provenance]:
            raise FormatError(
                f'{parts["provenance"]} is "{word}", which is none.{closest(word, [*Provenance])}'
            )
        provenance[i] = Provenance(word) if word else None
    return Shape(points, visibility, tuple(provenance))


def _number(row: Row, column: str) -> float:
    """NaN where the cell is empty."""
    cell = row[column].strip()
    if cell.lower() in ("", "nan"):
        return math.nan
    if "," in cell:
        raise FormatError(f'{column} is "{cell}": write decimals with a point.')
    if NUMBER.fullmatch(cell) is None or not math.isfinite(float(cell)):
        raise FormatError(f'{column} is "{cell}" and not a finite number.')
    return float(cell)


def _frame(row: Row) -> int | None:
    cell = row.get("frame", "").strip()
    if not cell:
        return None
    if not (cell.isdecimal() and len(cell) < _MOST_DIGITS):
        raise FormatError(f'frame is "{cell[:40]}" and no number from 0 on.')
    return int(cell)


def _box(row: Row) -> Box | None:
    if any(name not in row for name in _BOX[:4]):
        return None
    values = [_number(row, name) for name in _BOX if name in row]
    if all(math.isnan(value) for value in values):
        return None
    return Box(*values)


def _note_other_version(rows: list[tuple[int, Row]], scheme: Scheme, contents: Contents) -> None:
    others = {from_cell(row.get("scheme", "")) for _, row in rows} - {"", scheme.name}
    if others:
        named = ", ".join(f'"{name}"' for name in sorted(others))
        contents.notes.append(
            f"Some rows were written for another scheme, {named}; landmarks are matched by name."
        )
    versions = {row.get("scheme_version", "") for _, row in rows} - {"", str(scheme.version)}
    if versions:
        contents.notes.append(
            f"The file was written with version {', '.join(sorted(versions))} of its scheme; "
            f"the project has version {scheme.version}."
        )


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    landmarks = [f"{name}.{part}" for name in scheme.landmarks for part in _PARTS]
    about = list(_ABOUT)
    of_frames = any(instance.place[1] is not None for instance in instances)
    about += ["frame", "track"] if of_frames else []
    writer.writerow([*about, *_BOX, *map(cell, landmarks)])
    for instance in instances:
        box, shape = instance.box, instance.shape
        cells = [image_cell(written_path(instance.image, target.parent)), cell(instance.source)]
        cells += [cell(instance.annotator), time_text(instance.at)]
        cells += [cell(scheme.name), str(scheme.version)]
        if of_frames:
            frame = instance.place[1]
            cells += ["" if frame is None else str(frame), cell(instance.track)]
        if box is None:
            cells += [""] * len(_BOX)
        else:
            values = (box.centre_x, box.centre_y, box.width, box.height, box.angle)
            cells += [repr(float(value)) for value in values]
        for point, seen, origin in zip(
            shape.points.tolist(), shape.visibility.tolist(), shape.provenance, strict=True
        ):
            cells += ["" if math.isnan(value) else repr(value) for value in point]
            cells += [str(seen), origin or ""]
        writer.writerow(cells)
    replace_file(target, text.getvalue())
    images = {instance.place for instance in instances}
    note = "Uncertainty (the covariances of the landmarks) is not written."
    return Written(len(instances), len(images), [note])
