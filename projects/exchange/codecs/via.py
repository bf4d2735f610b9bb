"""VIA, the VGG Image Annotator, version 2: a project of points, and a rectangle for each object.

A point's attribute `landmark` is its name, `object` the number of its object in the image,
`visibility` is `occluded` where it is hidden; the rectangle around the object has its key,
annotator and the landmarks that are not in the image. Points are the tool's: 0-based pixels, as a
click in VIA's canvas gives them. Rectangles count from the corner of the first pixel, as VIA's own
export to COCO takes them over: that of the whole image has x and y 0 and its width and height.
Of other people's projects a point's landmark is whichever of its attributes is the name of one,
and its object whichever attribute `object`, `id`, `instance` or `person` says; without that, an
image has one object. Regions of other kinds are passed over and counted. VIA's CSV, a row
a region, is read, too.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.coco_boxes import bbox_of, box_of
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Size,
    Unreadable,
    Written,
    size_said,
)
from landmark_annotator.projects.exchange.codecs.common.files import (
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.json_numbers import one_number
from landmark_annotator.projects.exchange.codecs.common.json_per_image import content_of
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_landmarks,
    absent_names,
    imported,
    is_started,
    refuse_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning, read_text
from landmark_annotator.projects.exchange.codecs.csv_cells import cells_of, first_cells
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import FormatError, closest, why

_IMAGES = "_via_img_metadata"
_COLUMNS = ("filename", "region_shape_attributes", "region_attributes")
"""Of VIA's CSV, among others."""
_OBJECTS = ("object", "id", "instance", "person")
_SAYS = {
    "landmark": "name of the landmark",
    "object": "number of the object in the image",
    "visibility": "occluded, or nothing",
}
Region = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What it is, and what is said of it."""


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    text = beginning(source).lstrip()
    if _is_table(text):
        return True
    marked = '"shape_attributes"' in text and '"region_attributes"' in text
    return text.startswith("{") and (f'"{_IMAGES}"' in text or '"_via_' in text or marked)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own."""
    refuse_annotator(annotator, "VIA files")
    contents, passed = Contents(), PassedOver()
    for key, image in _images(source).items():
        try:
            path = named_path(str(image["filename"]), images or source.parent)
            regions = _regions(image.get("regions"))
        except ODD:
            contents.unreadable.append(Unreadable(source, f"{key} names no image, or no regions."))
            continue
        passed.update(str(kind.get("name")) for kind, _ in regions if _is_other(kind))
        about = path, f"{source.name}:{path.name}", _size(image.get("file_attributes"))
        _read_image(*about, regions, scheme, source, contents)
    contents.notes.extend(passed.notes(source, scheme))
    return contents


def _is_table(text: str) -> bool:
    names = next(iter(first_cells(text, 1)), [])
    return set(_COLUMNS) <= {name.removeprefix("#") for name in names}


def _table(text: str, source: Path) -> Mapping[str, Mapping[str, Any]]:
    """The images of VIA's CSV, as they are in its JSON. Raises FormatError."""
    rows = cells_of(text, source)[1]
    names = [name.strip().removeprefix("#") for name in rows[0][1]]
    images: dict[str, dict[str, Any]] = {}
    for line, cells in rows[1:]:
        try:
            row = dict(zip(names, cells, strict=True))
            kind, said = (json.loads(row[name] or "{}") for name in _COLUMNS[1:])
        except (ValueError, RecursionError) as error:
            raise FormatError(
                f"{source}, line {line}: {why(error)}.", remedy="Export it from VIA again, as JSON."
            ) from error
        file = row["filename"]
        image = images.setdefault(file, {"filename": file, "regions": []})
        if kind:
            image["regions"].append({"shape_attributes": kind, "region_attributes": said})
    return images


def _images(source: Path) -> Mapping[str, Mapping[str, Any]]:
    if _is_table(beginning(source)):
        return _table(read_text(source), source)
    content = content_of(source)
    found = content.get(_IMAGES, content) if isinstance(content, dict) else None
    if not isinstance(found, dict) or not all(isinstance(image, dict) for image in found.values()):
        raise FormatError(
            f"{source} is not a project of VIA.", remedy="Save the project in VIA, version 2."
        )
    return {key: image for key, image in found.items() if "filename" in image}


def _size(said: Any) -> Size | None:
    """VIA's own `size` is the file's, in bytes; some people have the image's as attributes."""
    return size_said(said.get("width"), said.get("height")) if isinstance(said, dict) else None


def _regions(regions: Any) -> list[Region]:
    """Version 1 numbers them in an object, later ones have a list."""
    several = regions.values() if isinstance(regions, dict) else regions or []
    return [
        (region["shape_attributes"], region.get("region_attributes") or {}) for region in several
    ]


def _read_image(
    path: Path,
    key: str,
    size: Size | None,
    regions: Sequence[Region],
    scheme: Scheme,
    source: Path,
    contents: Contents,
) -> None:
    objects: dict[str, list[Region]] = {}
    sound = [r for r in regions if isinstance(r[0], dict) and isinstance(r[1], dict)]
    known = () if any("landmark" in said for _, said in sound) else scheme.landmarks
    for region in sound:
        kind, said = region
        if kind.get("name") in _KINDS:
            others = {name: said.get(name) for name in _OBJECTS}
            number = next((str(v) for v in others.values() if v and v not in known), "")
            objects.setdefault(number, []).append(region)
    for place, members in enumerate(objects.values()):
        rectangle = next((one for one in members if one[0]["name"] == "rect"), ({}, {}))
        said = rectangle[1]
        try:
            absent = json.loads(said["absent"]) if said.get("absent") else None
            shape = _shape(members, absent, scheme)
            box = _box(rectangle[0])
            at = time_read(said.get("labelled_at"))
            begun = is_started(said.get("state"))
        except ODD as error:
            contents.unreadable.append(Unreadable(source, f"{path.name}, {place}: {why(error)}"))
            continue
        own, who = str(said.get("source") or f"{key}#{place}"), str(said.get("annotator") or "")
        one = ImportedInstance(
            path, shape, box, own, annotator=who, at=at, size=size, started=begun
        )
        contents.instances.append(one)
    if not objects:
        empty = Shape.unknown(len(scheme))
        contents.instances.append(ImportedInstance(path, empty, None, key))


_KINDS = ("point", "rect")


def _is_other(kind: Any) -> bool:
    return isinstance(kind, dict) and kind.get("name") not in _KINDS


def _shape(members: Sequence[Region], absent: Any, scheme: Scheme) -> Shape:
    points = np.full((len(scheme), 2), np.nan)
    visibility = np.zeros(len(scheme), dtype=np.int8)
    known = set(scheme.landmarks)
    for kind, said in members:
        if kind["name"] != "point":
            continue
        words = [said.get("landmark"), *said.values()]
        words = [word for word in words if isinstance(word, str)]
        name = next((word for word in words if word in known), None)
        if name is None:
            given = words[0] if words else ""
            raise FormatError(
                f'a point is called "{given}", which is no landmark of {scheme.name}.'
                f"{closest(given, scheme.landmarks)}"
            )
        landmark = scheme.index(name)
        if visibility[landmark]:
            raise FormatError(f'"{name}" is there twice: give each object an attribute object.')
        at = one_number(kind["cx"]), one_number(kind["cy"])
        if not np.isfinite(at).all():
            raise FormatError(f'"{name}" has no finite position.')
        points[landmark] = at
        hidden = said.get("visibility") == "occluded"
        visibility[landmark] = Visibility.OCCLUDED if hidden else Visibility.VISIBLE
    return imported(points, visibility, absent_landmarks(absent, scheme))


def _box(rectangle: Mapping[str, Any]) -> Box | None:
    if not rectangle:
        return None
    values = [one_number(rectangle[name]) for name in ("x", "y", "width", "height")]
    return box_of(values)


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    instances = list(instances)
    images: dict[str, dict[str, Any]] = {}
    objects = Counter[str]()
    for each in instances:
        name = written_path(each.image, target.parent)
        image = images.setdefault(
            f"{name}-1", {"filename": name, "size": -1, "regions": [], "file_attributes": {}}
        )
        objects[name] += 1
        image["regions"] += _written(each, scheme, str(objects[name]))
    content = {
        "_via_settings": {
            "ui": {"annotation_editor_height": 25, "annotation_editor_fontsize": 0.8},
            "core": {"buffer_size": 18, "filepath": {}, "default_filepath": ""},
            "project": {"name": scheme.name},
        },
        _IMAGES: images,
        "_via_attributes": {
            "region": {
                name: {"type": "text", "description": words, "default_value": ""}
                for name, words in _SAYS.items()
            },
            "file": {},
        },
        "_via_data_format_version": "2.0.10",
        "_via_image_id_list": list(images),
    }
    replace_file(target, json.dumps(content, ensure_ascii=False, allow_nan=False))
    return Written(len(instances), len(images), losses(instances))


def _written(instance: ExportedInstance, scheme: Scheme, number: str) -> list[dict[str, Any]]:
    x, y, width, height = bbox_of(instance)
    absent = absent_names(instance.shape, scheme)
    said = {
        "source": instance.source,
        "annotator": instance.annotator,
        "labelled_at": time_text(instance.at),
        "absent": json.dumps(absent) if absent else "",
        "state": instance.state,
    }
    told = {key: value for key, value in said.items() if value}
    rectangle = {"name": "rect", "x": x, "y": y, "width": width, "height": height}
    regions = [
        {"shape_attributes": rectangle, "region_attributes": {"object": number, **told}},
    ]
    for landmark in np.flatnonzero(labelled(instance.shape)).tolist():
        cx, cy = instance.shape.points[landmark].tolist()
        about = {"landmark": scheme.landmarks[landmark], "object": number}
        if instance.shape.visibility[landmark] == Visibility.OCCLUDED:
            about["visibility"] = "occluded"
        point = {"name": "point", "cx": cx, "cy": cy}
        regions.append({"shape_attributes": point, "region_attributes": about})
    return regions
