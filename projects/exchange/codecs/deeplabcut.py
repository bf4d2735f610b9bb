"""DeepLabCut's table of labels (CollectedData): one file for the images of a folder.

    scorer,anna,anna,anna,anna
    individuals,...            only where images hold several animals
    bodyparts,nose,nose,tail,tail
    coords,x,y,x,y
    img001.png,12.5,30.0,,

Coordinates are the tool's: 0-based pixels, pixel centres at whole numbers, y down. An empty cell
is a landmark that is not labelled. Semicolons between cells and commas before decimals, as European
spreadsheets write them, are read too (`csv_cells`). Images are named from the file, or from the
project's folder where the file is in a folder of labeled-data; newer versions spread that name over
three columns.
Columns `likelihood` are how sure a prediction is. The scorer is who labelled; of several one is
read: the annotator asked for. Of the labels of several people it is this program's name.

Rows that are numbered and not named are the frames of a video, whose name the file's begins with:
so DeepLabCut and Lightning Pose write what they tracked. Individuals with own names are tracks.

The format has no boxes and no visibility of single landmarks.
"""

import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
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
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, occlusion_not_marked
from landmark_annotator.projects.exchange.codecs.common.text import (
    ODD,
    beginning,
    image_cell,
    note_open_end,
    read_text,
)
from landmark_annotator.projects.exchange.codecs.common.videos import NamedVideos
from landmark_annotator.projects.exchange.codecs.csv_cells import first_cells, row_of
from landmark_annotator.projects.exchange.codecs.deeplabcut_table import (
    LEVELS,
    Table,
    parsed,
)
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError, closest
from landmark_annotator.projects.vocabulary.wording import counted

_COORDS = ("x", "y", "likelihood")
SCORER = "landmark-annotator"
_FOLDER = "labeled-data"
_FRAME = re.compile(r"\d{1,9}(\.0+)?")

_NO_TRACK, _INDIVIDUAL = "untracked", "individual"
"""Begin the names of individuals that are of no track."""
_UNTRACKED = re.compile(rf"{_NO_TRACK}|{_INDIVIDUAL}\d*$")


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    words = [cells[0] for cells in first_cells(beginning(source), len(LEVELS)) if cells]
    return words[:1] == ["scorer"] and "coords" in words


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """annotator: the scorer. images: the folder that the names of the images start from."""
    text, notes = read_text(source), list[str]()
    contents = contents_of(parsed(text, source, notes), source, scheme, images, annotator)
    contents.notes.extend(notes)
    note_open_end(text, source, contents.notes)
    return contents


def landmarks(source: Path) -> Scheme:
    return landmarks_of(parsed(read_text(source), source), source)


def landmarks_of(table: Table, source: Path) -> Scheme:
    """Those of the individual that has most."""
    parts: dict[str, dict[str, None]] = {}
    for _, individual, part, _ in table.columns:
        parts.setdefault(individual, {})[part] = None
    most = max(parts.values(), key=lambda names: len(names), default={})
    return declared(source, None, list(most))


def contents_of(
    table: Table, source: Path, scheme: Scheme, images: Path | None, annotator: str | None
) -> Contents:
    """Raises FormatError where no individual has the scheme's landmarks."""
    contents = Contents()
    scorer = _scorer(table, source, annotator)
    individuals: dict[str, dict[str, dict[str, int]]] = {}
    for at, (who, individual, part, coord) in enumerate(table.columns):
        if who == scorer:
            individuals.setdefault(individual, {}).setdefault(part, {})[coord] = at
    orders = _orders(individuals, scheme, source, contents)
    folder = images or _base(source)
    video = _video(table, source, images, contents.notes)
    for where, image, values in table.rows:
        if isinstance(values, str):
            contents.unreadable.append(Unreadable(source, f"{where}: {values}"))
            continue
        frame = None
        try:
            if video is None:
                path = named_path(image, folder)
            else:
                path, frame = video, int(float(image))
        except ODD as error:
            contents.unreadable.append(Unreadable(source, f"{where}: {error}"))
            continue
        if images is None and not os.path.exists(path):  # noqa: PTH110 - on long names
            path = named_path(image, source.parent)
        found = []
        for individual, order in orders.items():
            try:
                shape, sure = _shape(values, individuals[individual], order, len(scheme))
            except ActionableError as error:
                contents.unreadable.append(Unreadable(source, f"{where}: {error}"))
                continue
            if shape.known.any() or not individual:
                key = f"{source.name}:{image}#{individual or 0}"
                track = "" if _UNTRACKED.match(individual) else individual
                person = scorer if annotator is None and sure is None and scorer != SCORER else ""
                found.append(
                    ImportedInstance(
                        path, shape, None, key, sure, annotator=person, frame=frame, track=track
                    )
                )
        if not found and "" not in orders:
            key = f"{source.name}:{image}#0"
            empty = Shape.unknown(len(scheme))
            found.append(ImportedInstance(path, empty, None, key, frame=frame))
        contents.instances.extend(found)
    return contents


def _video(table: Table, source: Path, images: Path | None, notes: list[str]) -> Path | None:
    """Whose frames the rows are; None where these name images. Raises FormatError."""
    if not table.rows or not all(_FRAME.fullmatch(image) for _, image, _ in table.rows):
        return None
    found = NamedVideos(source, images, 1, notes).beginning(source.stem)
    if found is None:
        raise FormatError(
            f"The rows of {source.name} are frames of a video, and none "
            f"{f'in {images}' if images else 'beside it'} has a name that the table's begins with.",
            remedy="Name the file of the video itself as that of the images (--images at a "
            "terminal).",
        )
    return found


def _scorer(table: Table, source: Path, wanted: str | None) -> str:
    present = list(dict.fromkeys(column[0] for column in table.columns))
    if wanted is None and len(present) == 1:
        return present[0]
    if wanted not in present:
        said = f'no scorer "{wanted}".{closest(wanted, present)}' if wanted else "several scorers."
        raise FormatError(
            f"{source} has {said}", remedy=f"Choose an annotator: one of {', '.join(present)}."
        )
    return wanted


def _orders(
    individuals: dict[str, dict[str, dict[str, int]]],
    scheme: Scheme,
    source: Path,
    contents: Contents,
) -> dict[str, list[int]]:
    """The landmark of each body part, for the individuals that have the scheme's landmarks."""
    orders: dict[str, list[int]] = {}
    refusals: list[FormatError] = []
    for individual, parts in individuals.items():
        try:
            halves = [part for part, coords in parts.items() if not {"x", "y"} <= set(coords)]
            if halves:
                raise FormatError(f'{source} has no x or no y for "{halves[0]}".')
            orders[individual] = landmark_order(list(parts), scheme, str(source), contents.notes)
        except FormatError as error:
            refusals.append(error)
    if not orders:
        raise refusals[0] if refusals else FormatError(f"{source} has no body parts.")
    if refusals:
        which = "with other body parts"
        were = counted(len(refusals), f"individual {which} was", f"individuals {which} were")
        contents.notes.append(f"{were} passed over: {refusals[0]}")
    return orders


def _base(file: Path) -> Path:
    """The folder that the names of images start from."""
    here = file.absolute().parent
    return here.parent.parent if here.parent.name == _FOLDER else here


def _shape(
    values: Sequence[float], parts: dict[str, dict[str, int]], order: Sequence[int], size: int
) -> tuple[Shape, tuple[float, ...] | None]:
    points, sure = np.full((size, 2), np.nan), np.zeros(size)
    predicted = False
    for landmark, (part, coords) in zip(order, parts.items(), strict=True):
        x, y = values[coords["x"]], values[coords["y"]]
        if math.isnan(x) != math.isnan(y):
            raise FormatError(f'"{part}" has half a position.')
        points[landmark] = x, y
        if "likelihood" in coords:
            predicted = True
            sure[landmark] = min(max(np.nan_to_num(values[coords["likelihood"]]), 0.0), 1.0)
    shape = Shape(points).with_provenance(Provenance.IMPORTED)
    return shape, tuple(sure.tolist()) if predicted else None


def individuals_of(instances: Sequence[ExportedInstance]) -> tuple[list[str], list[str]]:
    """The names of the tracks, and those of all individuals, which begin with them; one without a
    name where no image holds several."""
    tracks = list(dict.fromkeys(instance.track for instance in instances if instance.track))
    return tracks, [*tracks, *_others(list(_by_image(instances).values()), tracks)]


def _by_image(
    instances: Iterable[ExportedInstance],
) -> dict[tuple[Path, int | None], list[ExportedInstance]]:
    several: dict[tuple[Path, int | None], list[ExportedInstance]] = {}
    for instance in instances:
        several.setdefault(instance.place, []).append(instance)
    return several


def scorer_of(instances: Iterable[ExportedInstance]) -> str:
    """Whose labels they are, where that is one person."""
    people = {instance.annotator for instance in instances}
    return people.pop() or SCORER if len(people) == 1 else SCORER


def table_of(
    target: Path,
    instances: Sequence[ExportedInstance],
    scheme: Scheme,
    individuals: tuple[list[str], list[str]] | None = None,
    scorer: str | None = None,
) -> Table:
    """Individuals have columns of their own where an image holds several. individuals: those of
    all tables that belong together, as of `individuals_of`, and the scorer as of `scorer_of`; by
    default of this one."""
    scorer = scorer_of(instances) if scorer is None else scorer
    several = _by_image(instances)
    tracks, names = individuals_of(instances) if individuals is None else individuals
    _refuse_several_videos(several)
    coords = _COORDS if any(i.confidence is not None for i in instances) else _COORDS[:2]
    columns = [
        (scorer, individual, part, coord)
        for individual in names
        for part in scheme.landmarks
        for coord in coords
    ]
    rows = []
    for (image, frame), group in several.items():
        values = np.full((len(names), len(scheme), len(coords)), np.nan)
        free = list(range(len(tracks), len(names)))
        for instance in group:
            known = labelled(instance.shape)
            n = tracks.index(instance.track) if instance.track else free.pop(0)
            values[n, known, :2] = instance.shape.points[known]
            if instance.confidence is not None:
                values[n, known, 2] = np.array(instance.confidence)[known]
        named = str(frame) if frame is not None else image_cell(written_path(image, _base(target)))
        rows.append(("", named, values.ravel().tolist()))
    return Table(columns, rows)


def _others(groups: Sequence[Sequence[ExportedInstance]], tracks: Sequence[str]) -> list[str]:
    """Individuals for the objects of no track, as many as an image has at most; one without a name
    where no image holds more than one object. None is called as a track is."""
    most = max((sum(not i.track for i in group) for group in groups), default=1)
    if most <= 1 and not tracks:
        return [""]
    of_frames = any(i.place[1] is not None for group in groups for i in group)
    word = _NO_TRACK if of_frames else _INDIVIDUAL
    names = (f"{word}{n}" for n in count(1))
    return list(islice((name for name in names if name not in tracks), most))


def _refuse_several_videos(places: Iterable[tuple[Path, int | None]]) -> None:
    named = {image if frame is not None else None for image, frame in places}
    if len(named) > 1 and named != {None}:
        raise FormatError(
            "The rows of this format are images, or the frames of one video, which it does not "
            "name; these labels are of several.",
            kept="Nothing was written.",
            remedy="Let the frames of videos be written as PNG files (in the export's dialog, or "
            "with --frames), or use sleap, csv or coco.",
        )


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    table = table_of(target, instances, scheme)
    write_table(target, table)
    return written(table, instances)


def write_table(target: Path, table: Table) -> None:
    """Raises FormatError or DiskFull."""
    rows = [row_of([level, *words]) for level, words in header(table)]
    for _, image, values in table.rows:
        rows.append(row_of([image, *("" if math.isnan(float(v)) else repr(v) for v in values)]))
    replace_file(target, rows)


def header(table: Table) -> Iterator[tuple[str, list[str]]]:
    """The name of each level of the columns, and its words; individuals only where there are."""
    for level, name in enumerate(LEVELS):
        words = [column[level] for column in table.columns]
        if any(words):
            yield name, words


def written(table: Table, instances: Sequence[ExportedInstance]) -> Written:
    notes = ["Boxes, visibility, provenance and uncertainty are not written."]
    hidden = sum(int((i.shape.known & (i.shape.visibility == 1)).sum()) for i in instances)
    notes += occlusion_not_marked(hidden)
    half = sum(int((i.shape.known & (i.shape.visibility == 0)).sum()) for i in instances)
    if half:
        notes.append(f"{counted(half, 'landmark')} with a position but no visibility: unlabelled.")
    return Written(len(instances), len(table.rows), notes)
