"""COCO-WholeBody: COCO with a body's 17 keypoints and, beside them, its feet, face and hands.

A scheme of 133 landmarks is all of it, in this order; of 68 the face; of 21 a hand, of which an
annotation has two. What a scheme has not is written as not labelled, and passed over on reading.
Each part is `x, y, v` a landmark, with v as in COCO, and coordinates as of `coco`; `face_box` and
those of the hands are x, y, width, height, and `face_valid` and so on say whether the part is
there. A hand is written as the left one. The part's landmarks have no names in the file.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs import coco, coco_images
from landmark_annotator.projects.exchange.codecs.common.coco_boxes import bbox_of, box_of
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import replace_file, written_paths
from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    imported,
    is_started,
    refuse_annotator,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.losses import labelled, losses
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

_SIZES = {"body": 17, "foot": 6, "face": 68, "lefthand": 21, "righthand": 21}
_WHOLE = sum(_SIZES.values())
_OF_SCHEME = {
    _WHOLE: (tuple(_SIZES),),
    _SIZES["face"]: (("face",),),
    _SIZES["lefthand"]: (("lefthand",), ("righthand",)),
}
"""Of which parts an object of so many landmarks is made; a hand may be either."""
_LOOKED_AT = 1 << 20


def sniff(source: Path) -> bool:
    if not coco.sniff(source):
        return False
    return '"face_kpts"' in beginning(source, _LOOKED_AT)


def _key(part: str) -> str:
    return "keypoints" if part == "body" else f"{part}_kpts"


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own."""
    refuse_annotator(annotator, "COCO files")
    kinds = _kinds(scheme)
    content = coco.content_of(source)
    contents = Contents()
    folder, unreadable = images or source.parent, contents.unreadable
    paths = coco_images.image_paths(content["images"], folder, source, unreadable)
    sizes = coco_images.sizes(content["images"])
    waiting = dict(paths)
    for place, annotation in enumerate(content["annotations"]):
        name = annotation.get("id", place) if isinstance(annotation, dict) else place
        for parts in kinds:
            try:
                path = paths[annotation["image_id"]]
                shape = _shape(annotation, parts)
                box = box_of(annotation.get("bbox" if "body" in parts else f"{parts[0]}_box"))
                key = str(annotation.get("source") or f"{source.name}#{name}")
                at = time_read(annotation.get("labelled_at"))
                who = str(annotation.get("annotator") or "")
                begun = is_started(annotation.get("state"))
            except KeyError as error:
                reason = f"Annotation {name}: {coco_images.lacking(annotation, error)}"
                contents.unreadable.append(Unreadable(source, reason))
            except ODD as error:
                contents.unreadable.append(Unreadable(source, f"Annotation {name}: {error}"))
            else:
                if shape.known.any() or (parts == kinds[0] and box is not None):
                    key = key if parts == kinds[0] else f"{key} {parts[0]}"
                    size = sizes.get(annotation["image_id"])
                    one = ImportedInstance(
                        path, shape, box, key, annotator=who, at=at, size=size, started=begun
                    )
                    contents.instances.append(one)
                    waiting.pop(annotation["image_id"], None)
    empty = Shape.unknown(len(scheme))
    for image_id, path in waiting.items():
        key = f"{source.name}#image {image_id}"
        contents.instances.append(ImportedInstance(path, empty, None, key))
    return contents


def _kinds(scheme: Scheme) -> Sequence[tuple[str, ...]]:
    if len(scheme) not in _OF_SCHEME:
        raise FormatError(
            f"COCO-WholeBody has {_WHOLE} landmarks, of which 68 are a face and 21 a hand; scheme "
            f"{scheme.name} has {len(scheme)}.",
            remedy="Use coco, which takes every scheme.",
        )
    return _OF_SCHEME[len(scheme)]


def _shape(annotation: Mapping[str, Any], parts: Sequence[str]) -> Shape:
    rows = []
    for part in parts:
        values = annotation.get(_key(part)) or [0] * (3 * _SIZES[part])
        row = numbers(values)
        if row.shape != (3 * _SIZES[part],) or not np.isfinite(row).all():
            raise FormatError(f"its {_key(part)} are not {_SIZES[part]} keypoints.")
        rows.append(row.reshape(-1, 3))
    all_rows = np.concatenate(rows)
    if not np.isin(all_rows[:, 2], (0, 1, 2)).all():
        raise FormatError("its keypoints have not a visibility of 0, 1 or 2.")
    points = np.where(all_rows[:, 2:] > 0, all_rows[:, :2], np.nan)
    return imported(points, all_rows[:, 2].astype(np.int8))


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Raises FormatError or DiskFull."""
    parts = _kinds(scheme)[0]
    instances = list(instances)
    name = written_paths(target.parent)
    images: dict[Path, dict[str, Any]] = {}
    annotations = []
    for number, each in enumerate(instances, 1):
        size = {"width": each.width, "height": each.height}
        about = {"id": len(images) + 1, "file_name": name(each.image), **size}
        image = images.setdefault(each.image, about)
        annotations.append(
            {"id": number, "image_id": image["id"], "category_id": 1, **_annotation(each, parts)}
        )
    body = list(scheme.landmarks[: _SIZES["body"]]) if len(scheme) == _WHOLE else []
    content = {
        "info": {"scheme": scheme.name, "scheme_version": scheme.version},
        "categories": [{"id": 1, "name": "person", "keypoints": body, "skeleton": []}],
        "images": list(images.values()),
        "annotations": annotations,
    }
    replace_file(target, json.dumps(content, allow_nan=False))
    return Written(len(instances), len(images), losses(instances))


def _annotation(instance: ExportedInstance, parts: Sequence[str]) -> dict[str, Any]:
    known = labelled(instance.shape)
    values = np.zeros((len(instance.shape), 3))
    values[known, :2] = instance.shape.points[known]
    values[:, 2] = np.where(known, instance.shape.visibility, 0)
    box = bbox_of(instance)
    written: dict[str, Any] = {
        "bbox": box,
        "area": box[2] * box[3],
        "iscrowd": 0,
        "num_keypoints": int(np.count_nonzero(known[: _SIZES["body"]])) if "body" in parts else 0,
        "source": instance.source,
    }
    if instance.annotator:
        written["annotator"] = instance.annotator
    if instance.at is not None:
        written["labelled_at"] = time_text(instance.at)
    if instance.state:
        written["state"] = instance.state
    start = 0
    for part, size in _SIZES.items():
        own = part in parts
        some = values[start : start + size] if own else np.zeros((size, 3))
        start += size if own else 0
        written[_key(part)] = some.ravel().tolist()
        if part not in ("body", "foot"):
            written[f"{part}_box"] = box if own else [0.0] * 4
        written["foot_valid" if part == "foot" else f"{part}_valid"] = bool((some[:, 2] > 0).any())
    written.pop("body_valid")
    return written
