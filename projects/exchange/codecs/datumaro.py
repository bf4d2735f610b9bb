"""Datumaro, version 1 of its JSON: a folder as its package opens it, each instance `points`.

    annotations/default.json
    images/default/...

Read are also files alone, and the skeletons of CVAT's own version of the program. Coordinates are
CVAT's, where the format comes from: pixels counted from the corner of the first one, so 0.5 is
added on writing and subtracted on reading. Points are in the order of the category's labels, which
is the scheme's, with a visibility of 0 not labelled, 1 hidden, 2 visible; the attribute `absent`
has the places, from 0, of those that are not in the image. `joints` count from 1. Points are
matched by those labels.

| Not carried | Instead |
|---|---|
| provenance, uncertainty | nothing |
| a turned box | the upright rectangle around it, a `bbox` of the points' group |
| the box of an instance without one | the square around its points |
| the scheme's version | `infos` |
| the key of an instance | the attribute `source` |
| whose labels they are, since when, what is accepted | the attributes `annotator`, `labelled_at` \
and `state` |
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import pixel_corners
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
    exists,
    make_folder,
    named_path,
    replace_file,
    written_path,
)
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    imported,
    is_started,
    refuse_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses, upright_box
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning
from landmark_annotator.projects.remote import is_address
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

_NOT_DATUMARO = "A Datumaro file is a JSON object with categories and items."
_SUBSET = "default"
_KINDS = ("points", "skeleton")


def sniff(source: Path) -> bool:
    if source.is_dir():
        files = _files(source)
        return bool(files) and all(sniff(file) for file in files)
    if not source.is_file():
        return False
    text = beginning(source).lstrip()
    return text.startswith("{") and '"categories"' in text and '"items"' in text


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file, or all in a data set's folder. images: the folder that the names of the images start
    from. By default that of Datumaro's own layout, `images` beside the folder `annotations`, where
    there is one, or else the file's.

    Annotations of other kinds than points, skeletons and boxes are passed over.
    """
    refuse_annotator(annotator, "Datumaro files")
    if not source.is_dir():
        return _read_file(source, scheme, images)
    contents = Contents()
    for file in _files(source):
        part = _read_file(file, scheme, images)
        contents.instances.extend(part.instances)
        contents.unreadable.extend(part.unreadable)
        contents.notes.extend(part.notes)
    return contents


def _files(folder: Path) -> list[Path]:
    return sorted((folder / "annotations").glob("*.json"))


def _read_file(source: Path, scheme: Scheme, images: Path | None) -> Contents:
    content = pixel_corners.read_json(source)
    items = content.get("items") if isinstance(content, dict) else None
    if not isinstance(items, list) or not isinstance(content.get("categories"), dict):
        raise FormatError(f"{source} is not a Datumaro file.", remedy=_NOT_DATUMARO)
    contents = Contents()
    orders = _orders(content["categories"], scheme, source, contents.notes)
    folders = [images] if images else _image_folders(source)
    for place, item in enumerate(items):
        try:
            name = str(item["image"]["path"]) if "image" in item else f"{item['id']}.jpg"
            annotations = list(item["annotations"])
            path = _image(name, folders)
            objects = _objects(annotations, orders)
        except ODD:
            reason = f"Item {place} has no image or no annotations."
            contents.unreadable.append(Unreadable(source, reason))
            continue
        key = f"{source.name}:{name}"
        read_before = len(contents.instances), len(contents.unreadable)
        for number, (skeleton, box) in enumerate(objects):
            try:
                instance = ImportedInstance(
                    path,
                    _shape(skeleton, orders, len(scheme)),
                    _box(box),
                    _attribute(skeleton or box, "source") or f"{key}#{number}",
                    annotator=_attribute(skeleton or box, "annotator"),
                    at=time_read(_attribute(skeleton or box, "labelled_at")),
                    size=_size(item),
                    started=is_started(_attribute(skeleton or box, "state")),
                )
            except ODD as error:
                contents.unreadable.append(Unreadable(source, f"{name}, {number}: {error}"))
            else:
                contents.instances.append(instance)
        if (len(contents.instances), len(contents.unreadable)) == read_before:
            empty = Shape.unknown(len(scheme))
            contents.instances.append(ImportedInstance(path, empty, None, key))
    return contents


def _size(item: Mapping[str, Any]) -> Size | None:
    """Datumaro names the height first."""
    image = item.get("image")
    said = image.get("size") if isinstance(image, dict) else None
    return size_said(said[1], said[0]) if isinstance(said, list) and len(said) >= 2 else None


def _orders(
    categories: Mapping[str, Any], scheme: Scheme, source: Path, notes: list[str]
) -> dict[int, list[int]]:
    """For each skeleton's label that fits the scheme: the landmark of each of its points."""
    orders: dict[int, list[int]] = {}
    misfit = "it has no skeletons"
    try:
        for item in categories.get("points", {}).get("items", []):
            try:
                where = f"Skeleton {item['label_id']}"
                order = landmark_order(list(item["labels"]), scheme, where, notes)
            except FormatError as error:
                misfit = str(error)
                continue
            if not isinstance(item["label_id"], int):
                raise TypeError
            orders[item["label_id"]] = order
    except ODD as error:
        raise FormatError(f"{source} is not a Datumaro file.", remedy=_NOT_DATUMARO) from error
    if not orders:
        raise FormatError(
            f"{source} has no skeleton with the landmarks of scheme {scheme.name}: {misfit}",
            remedy="Import it into a project of its own scheme, or rename its points.",
        )
    return orders


def _image_folders(source: Path) -> list[Path]:
    if source.parent.name != "annotations":
        return [source.parent]
    images = source.parent.parent / "images"
    return [images / source.stem, images, source.parent]


def _image(name: str, folders: Sequence[Path]) -> Path:
    if is_address(name):
        return named_path(name, folders[0])
    # A way out of a folder that is not there leads somewhere all the same.
    joined = [(os.path.normpath(Path.cwd() / folder / name), folder) for folder in folders]
    paths = [named_path(written, folder) for written, folder in joined]
    return next((path for path in paths if exists(path)), paths[0])


def _objects(
    annotations: Sequence[Any], orders: Mapping[int, Any]
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Skeletons with the box of their group, then boxes of skeletons that are yet to be placed."""
    ours = [a for a in annotations if isinstance(a, dict)]
    boxes = [a for a in ours if a.get("type") == "bbox" and _is_id(a.get("group"))]
    ours = [a for a in ours if _is_id(a.get("group")) and _is_id(a.get("label_id"))]
    grouped = {box["group"]: box for box in boxes if box.get("group")}
    found: list[tuple[dict[str, Any] | None, dict[str, Any] | None]] = [
        (a, grouped.pop(a.get("group"), None))
        for a in ours
        if a.get("type") in _KINDS and a.get("label_id") in orders
    ]
    return found + [(None, box) for box in grouped.values() if _attribute(box, "source")]


def _is_id(value: Any) -> bool:
    """None, or what numbers and names things; lists and objects do not."""
    return value is None or isinstance(value, int | str)


def _attribute(annotation: Mapping[str, Any] | None, name: str) -> str:
    attributes = (annotation or {}).get("attributes")
    return str(attributes.get(name) or "") if isinstance(attributes, dict) else ""


def _shape(skeleton: Mapping[str, Any] | None, orders: Mapping[int, list[int]], size: int) -> Shape:
    if skeleton is None:
        return Shape.unknown(size)
    order = orders[skeleton["label_id"]]
    values = _triples(skeleton, len(order))
    points, visibility = np.full((size, 2), np.nan), np.zeros(size, dtype=np.int8)
    attributes = skeleton.get("points_attributes")
    attributes = attributes if isinstance(attributes, list) else []
    absent = [
        landmark
        for landmark, said in zip(order, attributes, strict=False)
        if isinstance(said, dict) and said.get("absent") is True
    ]
    own = skeleton.get("attributes")
    named = own.get("absent") if isinstance(own, dict) else None
    absent += [order[n] for n in named if n in range(len(order))] if isinstance(named, list) else []
    for place, landmark in enumerate(order):
        x, y, seen = values[3 * place : 3 * place + 3]
        if isinstance(seen, bool) or seen not in (0, 1, 2):
            raise FormatError(f"a visibility is {seen} and not 0, 1 or 2.")
        visibility[landmark] = int(seen)
        if seen:
            points[landmark] = pixel_corners.to_centre(x), pixel_corners.to_centre(y)
    return imported(points, visibility, absent)


def _triples(points: Mapping[str, Any], count: int) -> list[Any]:
    """x, y and visibility of each; `points` have the last in a list of its own, or not at all."""
    values = points["points"]
    if points["type"] == "points":
        seen = points.get("visibility")
        seen = [2] * count if seen is None else seen
        if isinstance(values, list) and isinstance(seen, list) and len(values) == 2 * len(seen):
            pairs = zip(values[::2], values[1::2], seen, strict=True)
            values = [value for triple in pairs for value in triple]
    if not isinstance(values, list) or len(values) != 3 * count:
        raise FormatError(f"it has not the x, y and visibility of {count} points.")
    return values


def _box(box: Mapping[str, Any] | None) -> Box | None:
    if box is None:
        return None
    values = box["bbox"]
    if not isinstance(values, list) or len(values) != 4:
        raise FormatError("its bbox is not four numbers.")
    x, y = (pixel_corners.to_centre(value) for value in values[:2])
    width, height = (pixel_corners.number(value) for value in values[2:])
    return Box.from_corner(x, y, width, height)


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Into the folder `target`. Raises FormatError or DiskFull."""
    file = target / "annotations" / f"{_SUBSET}.json"
    images = target / "images" / _SUBSET
    instances = list(instances)
    items: dict[Path, dict[str, Any]] = {}
    ids = set[str]()
    for number, instance in enumerate(instances, 1):
        name = written_path(instance.image, images)
        if instance.image not in items:
            key, ending = os.path.splitext(name)  # noqa: PTH122 - an address is no path
            while key in ids:  # Datumaro keeps one item of an id: not a.jpg and a.png as a
                key += ending or "_"
            ids.add(key)
            items[instance.image] = {
                "id": key,
                "annotations": [],
                "attr": {"frame": len(items)},
                "image": {"path": name, "size": [instance.height, instance.width]},
            }
        items[instance.image]["annotations"] += _annotations(instance, number)
    content = {
        "media_type": 2,  # an image, to later versions
        "infos": {"scheme": scheme.name, "scheme_version": scheme.version},
        "categories": _categories(scheme),
        "items": list(items.values()),
    }
    make_folder(file.parent)
    replace_file(file, pixel_corners.dump_json(content))
    return Written(len(instances), len(items), losses(instances))


def _categories(scheme: Scheme) -> dict[str, Any]:
    """The object is label 0, the boxes label 1, the landmarks follow."""
    labels = [(scheme.name, ""), (f"{scheme.name} box", "")]
    labels += [(name, scheme.name) for name in scheme.landmarks]
    skeleton = {
        "label_id": 0,
        "labels": list(scheme.landmarks),
        "joints": [[a + 1, b + 1] for a, b in scheme.lines],
    }
    return {
        "label": {
            "labels": [{"name": n, "parent": p, "attributes": []} for n, p in labels],
            "attributes": ["source", "annotator", "labelled_at", "state"],
        },
        "points": {"items": [skeleton]},
    }


def _annotations(instance: ExportedInstance, group: int) -> list[dict[str, Any]]:
    carried, absent = labelled(instance.shape), instance.shape.absent
    points: list[Any] = []
    for (x, y), known in zip(instance.shape.points.tolist(), carried.tolist(), strict=True):
        exact = [pixel_corners.from_centre(x), pixel_corners.from_centre(y)] if known else [0, 0]
        points += exact
    x, y, width, height = upright_box(instance)
    attributes: dict[str, Any] = {"source": instance.source}
    if instance.annotator:
        attributes["annotator"] = instance.annotator
    if instance.at is not None:
        attributes["labelled_at"] = time_text(instance.at)
    if instance.state:
        attributes["state"] = instance.state
    common = {"group": group, "attributes": attributes, "z_order": 0}
    shape = {
        "id": 2 * group - 1,
        "type": "points",
        "label_id": 0,
        "points": points,
        "visibility": np.where(carried, instance.shape.visibility, 0).tolist(),
        **common,
    }
    if absent.any():
        shape["attributes"] = {**attributes, "absent": np.flatnonzero(absent).tolist()}
    box = {
        "id": 2 * group,
        "type": "bbox",
        "label_id": 1,
        "bbox": [pixel_corners.from_centre(x), pixel_corners.from_centre(y), width, height],
        **common,
    }
    return [shape, box] if (carried | absent).any() else [box]
