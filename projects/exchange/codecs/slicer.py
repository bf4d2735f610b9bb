"""3D Slicer's markups: `NAME.mrk.json` an image, a list of named control points an object.

A flat image has the centre of its first pixel at the origin there; positions in LPS, in which they
are written, are then the tool's own 0-based pixels, in millimetres and with 0 for z. A pixel is as
large as the image's file says (`stated_spacing`), and a millimetre where it says nothing. Files
that this program wrote say by how much they were made larger (`pixelSize`), which Slicer leaves out
of what it writes. Of positions in RAS x and y are turned round. A landmark with a position is
`defined` there, one that is not in the image `missing`, all others are `undefined`; `description`
of an occluded one is `occluded`. Points are matched by their label. Boxes are not written.

Older versions wrote `NAME.fcsv`, a table of one list: it is read in the same way.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import json_per_image
from landmark_annotator.projects.exchange.codecs.common.declared import declared
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import any_below
from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers
from landmark_annotator.projects.exchange.codecs.common.labelling import imported, refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.losses import half_labelled, labelled
from landmark_annotator.projects.exchange.codecs.common.staging import staging
from landmark_annotator.projects.exchange.codecs.common.text import (
    NUMBER,
    ODD,
    beginning,
    read_text,
)
from landmark_annotator.projects.images.stated_spacing import NONE_SAID, Spacing, stated_spacing
from landmark_annotator.projects.vocabulary import Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import FormatError, ImageError
from landmark_annotator.projects.vocabulary.wording import counted

_ENDING = ".mrk.json"
_ENDINGS = (_ENDING, ".fcsv")
_TABLE = "# Markups fiducial file"
_COLUMNS = "id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID"
_SCHEMA = (
    "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/"
    "Schema/markups-schema-v1.0.3.json#"
)
_KINDS = ("Fiducial", "Curve", "ClosedCurve", "Line")
_TURNED = {"LPS": 1.0, "1": 1.0, "RAS": -1.0, "0": -1.0}
"""The numbers are those of Slicer's own enumeration."""
_UNITS = {"mm": 1.0, "um": 1000.0}
"""How many of them a millimetre has."""
_HIDDEN = "occluded"
_PIXEL = "pixelSize"


def sniff(source: Path) -> bool:
    if source.is_dir():
        return any(any_below(source, ending) for ending in _ENDINGS)
    text = beginning(source).lstrip()
    if text.startswith(_TABLE):
        return True
    return text.startswith("{") and '"markups"' in text and '"controlPoints"' in text


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file or a folder of them; see `json_per_image.read`."""
    refuse_annotator(annotator, "Markups")

    def objects(
        content: Any, file: Path, image: Path, contents: Contents
    ) -> Iterable[ImportedInstance]:
        others.update(_other_kinds(content))
        for number, markup in enumerate(_lists(content, file)):
            key = markup.get("name")
            try:
                spacing = _spacing(markup, image)
                shape = _shape(markup, scheme, spacing)
            except ODD as error:
                contents.unreadable.append(Unreadable(file, f"Markup {number}: {error}"))
                continue
            if _PIXEL not in markup and (said := _of_image(image)) != NONE_SAID:
                scaled[image] = said
            named = isinstance(key, str) and key
            yield ImportedInstance(
                image, shape, None, str(key) if named else f"{file.name}#{number}"
            )

    scaled: dict[Path, Spacing] = {}
    others = Counter[str]()
    contents = json_per_image.read(source, scheme, _ENDINGS, objects, images, _content_of)
    contents.notes.extend(_larger_or_smaller(scaled, "were taken in these"))
    if others:
        are = counted(others.total(), "markup is", "markups are")
        contents.notes.append(
            f"{are} no list of points ({', '.join(sorted(others))}) and passed over."
        )
    return contents


def landmarks(source: Path) -> Scheme:
    """Of the first list of points."""
    for file in json_per_image.json_files(source, _ENDINGS)[:1]:
        for markup in _lists(_content_of(file), file):
            points = markup.get("controlPoints")
            labels = [p.get("label") for p in points or () if isinstance(p, dict)]
            return declared(file, None, labels)
    raise FormatError(f"{source} has no list of points.", remedy="Write a scheme file.")


def _content_of(file: Path) -> Any:
    """Of a table, what the JSON of its list would be. Raises FormatError."""
    if not beginning(file).lstrip().startswith(_TABLE):
        return json_per_image.content_of(file)
    said, points = {"coordinatesystem": "RAS", "columns": _COLUMNS}, list[dict[str, Any]]()
    for number, line in enumerate(read_text(file).splitlines(), 1):
        if line.startswith("#"):
            name, _, value = line.lstrip("# ").partition("=")
            said[name.strip().lower()] = value.strip()
        elif line.strip():
            cells = _cells(line)
            cell = dict(zip(said["columns"].split(","), cells, strict=False))
            where = [cell.get(axis, "") for axis in "xyz"]
            if not cell.get("label") or not all(NUMBER.fullmatch(each) for each in where):
                raise FormatError(
                    f"{file}, line {number}: it is no point with x, y, z and a label.",
                    remedy="Copy the file again.",
                )
            points.append(
                {
                    "label": cell["label"],
                    "description": cell.get("desc", ""),
                    "position": [float(each) for each in where],
                }
            )
    system = said["coordinatesystem"]
    kind = {"type": "Fiducial", "coordinateSystem": system, "controlPoints": points}
    return {"markups": [kind]}


def _cells(line: str) -> list[str]:
    """None of a line that is no row of a table."""
    try:
        return next(csv.reader([line]))
    except csv.Error:
        return []


def _spacing(markup: Mapping[str, Any], image: Path) -> Spacing:
    """In which the positions are. Raises FormatError."""
    if _PIXEL not in markup:
        unit = markup.get("coordinateUnits", "mm")
        unit = unit[0] if isinstance(unit, list) and unit else unit
        if not isinstance(unit, str) or unit not in _UNITS:
            raise FormatError(f"its coordinates are in {unit!a:.40}, not in mm or um.")
        width, height = _of_image(image)
        return width * _UNITS[unit], height * _UNITS[unit]
    said = numbers(markup[_PIXEL])
    if said.shape != (2,) or not np.isfinite(said).all() or (said <= 0).any():
        raise FormatError(f'its "{_PIXEL}" is not the width and the height of a pixel.')
    return float(said[0]), float(said[1])


def _of_image(image: Path) -> Spacing:
    """What its file says. Of one that cannot be read nothing, nor of one that lies elsewhere."""
    export = staging()
    waiting = None if export is None else export.waiting(image)
    try:
        return stated_spacing(waiting or image)
    except ImageError:
        return NONE_SAID


def _larger_or_smaller(images: Mapping[Path, Spacing], positions: str) -> list[str]:
    if not images:
        return []
    first, (width, _) = next(iter(images.items()))
    say = counted(len(images), "image says", "images say")
    return [
        f"{say} how large a pixel is ({first.name}: {width:.4g} mm), which Slicer goes by: "
        f"positions {positions} millimetres."
    ]


def _lists(content: Any, file: Path) -> list[Mapping[str, Any]]:
    markups = content.get("markups") if isinstance(content, dict) else None
    if not isinstance(markups, list):
        raise FormatError(f"{file} is not a file of markups.")
    found = [m for m in markups if isinstance(m, dict) and m.get("type") in _KINDS]
    return [m for m in found if isinstance(m.get("controlPoints"), list)]


def _other_kinds(content: Any) -> Iterable[str]:
    markups = content.get("markups") if isinstance(content, dict) else None
    for markup in markups if isinstance(markups, list) else ():
        if isinstance(markup, dict) and markup.get("type") not in _KINDS:
            yield f"{markup.get('type')!s:.40}"


def _shape(markup: Mapping[str, Any], scheme: Scheme, spacing: Spacing) -> Shape:
    turned = _TURNED.get(str(markup.get("coordinateSystem", "LPS")))
    if turned is None:
        raise FormatError(f"its coordinates are in {markup.get('coordinateSystem')}, not LPS.")
    points = np.full((len(scheme), 2), np.nan)
    visibility = np.zeros(len(scheme), dtype=np.int8)
    absent: list[int] = []
    seen: set[int] = set()
    for point in markup["controlPoints"]:
        landmark = scheme.index(str(point["label"]))
        if landmark in seen:
            raise FormatError(f'"{point["label"]}" is there twice.')
        seen.add(landmark)
        status = point.get("positionStatus", "defined")
        if status == "missing":
            absent.append(landmark)
        if status != "defined":
            continue
        position = numbers(point["position"])
        if position.shape != (3,) or not np.isfinite(position).all():
            raise FormatError(f'"{point["label"]}" has no position of three finite numbers.')
        points[landmark] = turned * position[:2] / spacing + 0.0
        hidden = point.get("description") == _HIDDEN
        visibility[landmark] = Visibility.OCCLUDED if hidden else Visibility.VISIBLE
    return imported(points, visibility, absent)


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`. Raises FormatError or DiskFull."""
    spacings = {image: _of_image(image) for image in {each.image for each in instances}}
    images = json_per_image.write(
        target,
        instances,
        _ENDING,
        lambda several: {
            "@schema": _SCHEMA,
            "markups": [_markup(i, scheme, spacings[i.image]) for i in several],
        },
    )
    notes = ["Boxes, provenance and uncertainty are not written.", *half_labelled(instances)]
    scaled = {i.image: spacings[i.image] for i in instances if spacings[i.image] != NONE_SAID}
    notes += _larger_or_smaller(scaled, "are in its")
    return Written(len(instances), images, notes)


def _millimetres(points: Floats, spacing: Spacing) -> Floats:
    """(L, 2) positions, of which a division by the spacing gives the very pixels back, where there
    are such numbers."""
    found = points * spacing
    for towards in (-np.inf, np.inf):
        other = np.nextafter(found, towards)
        better = (found / spacing != points) & (other / spacing == points)
        found = np.where(better, other, found)
    return found


def _markup(instance: ExportedInstance, scheme: Scheme, spacing: Spacing) -> dict[str, Any]:
    shape, known = instance.shape, labelled(instance.shape)
    places, points = _millimetres(shape.points, spacing), []
    for i, name in enumerate(scheme.landmarks):
        at = [*places[i].tolist(), 0.0] if known[i] else [0.0, 0.0, 0.0]
        status = "defined" if known[i] else "missing" if shape.absent[i] else "undefined"
        hidden = known[i] and shape.visibility[i] == Visibility.OCCLUDED
        points.append(
            {
                "id": str(i + 1),
                "label": name,
                "description": _HIDDEN if hidden else "",
                "associatedNodeID": "",
                "position": at,
                "orientation": [-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0],
                "selected": True,
                "locked": False,
                "visibility": True,
                "positionStatus": status,
            }
        )
    return {
        "type": "Fiducial",
        "coordinateSystem": "LPS",
        "coordinateUnits": "mm",
        "locked": False,
        "labelFormat": "%N-%d",
        "name": instance.source,
        _PIXEL: list(spacing),
        "controlPoints": points,
    }
