"""CSV: one row an instance. Three layouts are read; the first is the one that is written.

Named: the columns `image`, `source` (a key of the instance), `annotator`, `labelled_at` (ISO 8601,
in UTC), `scheme`, `scheme_version`, `box_centre_x`, `box_centre_y`, `box_width`, `box_height`,
`box_angle` (radians), then for each landmark `NAME.x`, `NAME.y`, `NAME.visibility` (0, 1 or 2 as
in COCO) and `NAME.provenance`. Only `image` and the `.x` and `.y` of the landmarks that the file
knows have to be there. It carries all that a shape holds but its covariances. Of frames of videos
`image` is the video, and there are the columns `frame`, from 0, and `track`; of numbered images
`image` is the file, and `frame` is empty. Where shapes that are not accepted were written too, the
column `state` says accepted, started or untouched: what is started comes back so, however complete
it is. Any other word in it says nothing.

Wide: `image,x0,y0,x1,y1,...`, or from x1 on, with all landmarks in the scheme's order.

Long: `image,landmark,x,y`, one row a landmark; a column `object` tells those of an image apart.

Other people's names for columns are understood where they speak for themselves (`file`, `nose_x`),
or are told (`--columns image=Filename,{}.x={}_X,{}.y={}_Y`); cells may be parted by commas,
semicolons, tabs or bars. Decimals may have a comma, as in European spreadsheets, between commas in
quotes; a table whose commas may as well part thousands is refused.

Numbers are 0-based pixels, pixel centres at whole numbers; an empty cell, NaN or NA is unknown.
`image` is relative to the file. Text that spreadsheets would take for a formula begins with a '.
A column `annotator` says whose labels a row holds; it is written. Of several annotators the rows of
the one that is asked for are read, or else those called `mean`, or else, where the rows have a
`source`, all of them, each as that person's.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Stream,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    is_started,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.on_disk import Counted
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    UNKNOWN,
    beginning,
    cell,
    from_cell,
    image_cell,
)
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos
from landmark_annotator.projects.exchange.codecs.csv_cells import row_of
from landmark_annotator.projects.exchange.codecs.csv_columns import Columns, guessed
from landmark_annotator.projects.exchange.codecs.csv_decimals import MADE_A_DATE, is_date
from landmark_annotator.projects.exchange.codecs.csv_rows import (
    ABOUT,
    BOX,
    PARTS,
    STATE,
    WIDE,
    Row,
    Table,
    is_own,
    names_in,
    refuse_numbered,
)
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Progress,
    Provenance,
    Scheme,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.errors import Cancelled, FormatError, closest

_MOST_DIGITS = 10
_MEAN = "mean"
"""The annotator who is none: the mean of all."""
_LOOKS = 1000
"""Rows between two questions whether to stop."""


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    names = names_in(beginning(source))
    return is_own(names) or guessed(names, None) is not None


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
    return stream(source, scheme, images=images, annotator=annotator, columns=columns).whole()


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
    columns: Columns | None = None,
) -> Stream:
    """A table with a row a landmark is read whole: an object's rows may be anywhere in it."""
    unreadable: list[Unreadable] = []
    notes: list[str] = []
    table, about = Table(source, scheme.landmarks, columns, unreadable, notes), _About()
    table.look_through(lambda row: about.look(row, progress))
    header = table.header
    wide = _is_wide(header)
    places = _wide_columns(header, scheme, source) if wide else _named(header, scheme, source)
    if "annotator" not in header and annotator is not None:
        raise FormatError(f"{source} has no column annotator: leave out the annotator.")
    wanted = None
    if "annotator" in header:
        wanted = _annotator(about, annotator, source, apart="source" in header)
        if wanted is not None and len(about.annotators) > 1:
            notes.append(f'Only the rows of annotator "{wanted}" were read.')
    videos = NamedVideos(source, images, len(about.videos(wanted)), notes)
    rows = table.rows() if wanted is None else _only(table.rows(), wanted)
    named = annotator is not None

    def entries() -> Iterator[ImportedInstance]:
        seen = Counted()
        for line, row in rows:
            try:
                if not row["image"].strip():
                    raise FormatError("it names no image.")
                shape, box = _shape(row, places, scheme), _box(row)
                frame = _frame(row)
                at = time_read(from_cell(row.get("labelled_at", "").strip()))
                path = named_path(row["image"], images or source.parent)
                if frame is not None:
                    path = videos.path(row["image"])
            except ODD as error:
                unreadable.append(Unreadable(source, f"Line {line}: {error}"))
                continue
            image = row["image"] if frame is None else f"{row['image']} frame {frame}"
            track = from_cell(row.get("track", ""))
            person = "" if named else from_cell(row.get("annotator", "").strip())
            person = "" if person == _MEAN else person
            number = seen.again(image) - 1
            key = from_cell(row.get("source", "")) or f"{source.name}:{image}#{number}"
            if wide:
                shape = shape.with_provenance(Provenance.IMPORTED)
            started = is_started(row.get(STATE))
            yield ImportedInstance(
                *(path, shape, box, key),
                annotator=person,
                frame=frame,
                track=track,
                at=at,
                started=started,
            )

    _note_other_version(about, wanted, scheme, notes)
    return Stream(entries(), unreadable, notes, about.of(wanted))


def landmarks(source: Path) -> Scheme:
    """Of the layouts that name them. Raises FormatError."""
    table, schemes = Table(source, None, None, [], []), dict[str, None]()
    refuse_numbered(table.header, source)
    table.look_through(lambda row: schemes.update(dict.fromkeys([row.get("scheme", "")])))
    names = dict.fromkeys(name[:-2] for name in table.header if name.endswith((".x", ".y")))
    return declared(source, next(filter(None, schemes), None), list(names))


def _is_wide(header: Sequence[str]) -> bool:
    return any(WIDE.fullmatch(name) for name in header)


def _wide_columns(header: Sequence[str], scheme: Scheme, source: Path) -> dict[int, dict[str, str]]:
    """Landmark to its columns, for `x0,y0,x1,...` with numbers from 0, or all from 1."""
    count = sum(WIDE.fullmatch(name) is not None for name in header) / 2
    first = int("x0" not in header and "y0" not in header)
    columns = {i: {"x": f"x{i + first}", "y": f"y{i + first}"} for i in range(len(scheme))}
    missing = [name for c in columns.values() for name in c.values() if name not in header]
    if missing or count != len(scheme):
        raise FormatError(
            f"{source} has columns for {count:g} landmarks by their numbers; scheme {scheme.name} "
            f"has {len(scheme)}, from x{first} to y{len(scheme) - 1 + first}.",
            remedy="Import it into a project of its own scheme, or name the columns so.",
        )
    return columns


def _named(header: Sequence[str], scheme: Scheme, source: Path) -> dict[int, dict[str, str]]:
    columns: dict[int, dict[str, str]] = {}
    known = set(scheme.landmarks)
    for column in header:
        name, _, part = column.rpartition(".")
        if part not in PARTS or not (name or column in (".x", ".y")):
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


class _About:
    """What the rows of a table say besides their entries, by annotator."""

    def __init__(self) -> None:
        self.count = 0
        self.annotators: dict[str, int] = {}
        self._said: dict[tuple[str, str, str], None] = {}

    def look(self, row: Row, progress: Progress) -> None:
        self.count += 1
        if self.count % _LOOKS == 0 and progress.cancelled():
            raise Cancelled("Reading the labels was stopped.", kept="Nothing was written.")
        person = row.get("annotator", "")
        self.annotators[person] = self.annotators.get(person, 0) + 1
        self._said[person, "scheme", from_cell(row.get("scheme", ""))] = None
        self._said[person, "version", row.get("scheme_version", "")] = None
        if row.get("frame", "").strip():
            self._said[person, "video", row["image"]] = None

    def of(self, annotator: str | None) -> int:
        """How many rows of one, or of all."""
        return self.count if annotator is None else self.annotators.get(annotator, 0)

    def videos(self, annotator: str | None) -> set[str]:
        return self.said("video", annotator)

    def said(self, what: str, annotator: str | None) -> set[str]:
        known = (None, annotator)
        return {
            value
            for person, kind, value in self._said
            if kind == what and (annotator is None or person in known)
        }


def _annotator(about: _About, wanted: str | None, source: Path, *, apart: bool) -> str | None:
    """Whose rows are read; None: all. apart: rows have a key of their own, by which they are known
    when they come again."""
    present = list(about.annotators)
    if wanted is None and _MEAN not in present and (apart or len(present) <= 1):
        return None
    if wanted is None and _MEAN not in present:
        raise FormatError(
            f"{source} holds several people's labels and no column source, which says of which "
            "object each one is.",
            remedy="Import one person's after the other's (Whose, or --annotator): "
            f"{', '.join(present)}.",
        )
    wanted = wanted or _MEAN
    if present and wanted not in present:
        raise FormatError(
            f'{source} has no rows of an annotator "{wanted}".{closest(wanted, present)}',
            remedy=f"Choose one of {', '.join(present)}.",
        )
    return wanted


def _only(rows: Iterator[tuple[int, Row]], annotator: str) -> Iterator[tuple[int, Row]]:
    return ((line, row) for line, row in rows if row["annotator"] == annotator)


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
    """NaN where the cell says that it is unknown."""
    cell = row[column].strip()
    if cell.lower() in UNKNOWN:
        return math.nan
    if "," in cell:
        raise FormatError(
            f'{column} is "{cell}": write decimals with a point, and nothing between thousands.'
        )
    if NUMBER.fullmatch(cell) is None or not math.isfinite(float(cell)):
        why = f": {MADE_A_DATE}" if is_date(cell) else ""
        raise FormatError(f'{column} is "{cell}" and not a finite number{why}.')
    return float(cell)


def _frame(row: Row) -> int | None:
    cell = row.get("frame", "").strip()
    if not cell:
        return None
    if not (cell.isdecimal() and len(cell) < _MOST_DIGITS):
        raise FormatError(f'frame is "{cell[:40]}" and no number from 0 on.')
    return int(cell)


def _box(row: Row) -> Box | None:
    if any(name not in row for name in BOX[:4]):
        return None
    values = [_number(row, name) for name in BOX if name in row]
    if all(math.isnan(value) for value in values):
        return None
    return Box(*values)


def _note_other_version(
    about: _About, annotator: str | None, scheme: Scheme, notes: list[str]
) -> None:
    others = about.said("scheme", annotator) - {"", scheme.name}
    if others:
        named = ", ".join(f'"{name}"' for name in sorted(others))
        notes.append(
            f"Some rows were written for another scheme, {named}; landmarks are matched by name."
        )
    versions = about.said("version", annotator) - {"", str(scheme.version)}
    if versions:
        notes.append(
            f"The file was written with version {', '.join(sorted(versions))} of its scheme; "
            f"the project has version {scheme.version}."
        )


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    landmarks = [f"{name}.{part}" for name in scheme.landmarks for part in PARTS]
    about = list(ABOUT)
    of_frames = any(one.place[1] is not None or one.track for one in instances)
    with_state = any(instance.state for instance in instances)
    about += [*(["frame", "track"] if of_frames else []), *([STATE] if with_state else [])]
    rows = [row_of([*about, *BOX, *map(cell, landmarks)])]
    for instance in instances:
        box, shape = instance.box, instance.shape
        cells = [image_cell(written_path(instance.image, target.parent)), cell(instance.source)]
        cells += [cell(instance.annotator), time_text(instance.at)]
        cells += [cell(scheme.name), str(scheme.version)]
        if of_frames:
            frame = instance.place[1]
            cells += ["" if frame is None else str(frame), cell(instance.track)]
        cells += [instance.state] if with_state else []
        if box is None:
            cells += [""] * len(BOX)
        else:
            cells += [repr(float(value)) for value in box.numbers]
        for point, seen, origin in zip(
            shape.points.tolist(), shape.visibility.tolist(), shape.provenance, strict=True
        ):
            cells += ["" if math.isnan(value) else repr(value) for value in point]
            cells += [str(seen), origin or ""]
        rows.append(row_of(cells))
    replace_file(target, rows)
    images = {instance.place for instance in instances}
    note = "Uncertainty (the covariances of the landmarks) is not written."
    return Written(len(instances), len(images), [note])
