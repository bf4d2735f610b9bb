"""OpenPose's JSON: `NAME_keypoints.json` an image, its people with `x, y, c` a landmark.

Coordinates are the tool's: 0-based pixels. c is how sure OpenPose was, and 0 where it found
nothing; labels are written with 1, and files in which every c is 0 or 1 are read as labels, all
others as predictions. Schemes of 70 landmarks are the face, of 21 a hand, all others the body
(`pose_keypoints_2d`); reading takes the first part of as many landmarks as the scheme has, in
order. The format has no names, no boxes and no visibility.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common import json_per_image
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ExportedInstance,
    ImportedInstance,
    Unreadable,
    Written,
)
from landmark_annotator.projects.exchange.codecs.common.files import any_below
from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.losses import in_order, labelled
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.wording import counted

_ENDING = "_keypoints.json"
_PARTS = ("pose", "face", "hand_left", "hand_right")
_PART_OF = {70: "face", 21: "hand_right"}


def sniff(source: Path) -> bool:
    if source.is_dir():
        return any_below(source, _ENDING)
    text = beginning(source).lstrip()
    return text.startswith("{") and '"people"' in text and "keypoints_2d" in text


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """A file or a folder of them; see `json_per_image.read`."""
    refuse_annotator(annotator, "OpenPose files")
    size = len(scheme)

    def objects(
        content: Any, file: Path, image: Path, contents: Contents
    ) -> Iterable[ImportedInstance]:
        people = content.get("people") if isinstance(content, dict) else None
        if not isinstance(people, list):
            raise FormatError(f"{file} is not a file of OpenPose: it has no people.")
        for number, person in enumerate(people):
            try:
                shape, sure = _shape(person, size)
            except ODD as error:
                contents.unreadable.append(Unreadable(file, f"Person {number}: {error}"))
                continue
            yield ImportedInstance(image, shape, None, f"{file.name}#{number}", sure)

    contents = json_per_image.read(source, scheme, _ENDING, objects, images)
    if all(set(each.confidence or ()) <= {0.0, 1.0} for each in contents.instances):
        bare = [replace(each, confidence=None) for each in contents.instances]
        return replace(contents, instances=bare)
    return contents


def _shape(person: Any, size: int) -> tuple[Shape, tuple[float, ...]]:
    found = [person.get(f"{part}_keypoints_2d") for part in _PARTS]
    lists = [values for values in found if isinstance(values, list) and values]
    fitting = next((values for values in lists if len(values) == 3 * size), None)
    if fitting is None:
        counts = ", ".join(str(len(values) // 3) for values in lists) or "no"
        raise FormatError(
            f"it has parts of {counts} keypoints; the scheme has {size} landmarks.",
            remedy="Import it into a project of its own scheme.",
        )
    values = numbers(fitting).reshape(-1, 3)
    if not np.isfinite(values).all() or (values[:, 2] < 0).any():
        raise FormatError("its keypoints are not finite numbers with a certainty from 0 on.")
    points = np.where(values[:, 2:] > 0, values[:, :2], np.nan)
    sure = tuple(values[:, 2].clip(0, 1).tolist())
    return Shape(points).with_provenance(Provenance.IMPORTED), sure


def write(target: Path, instances: Sequence[ExportedInstance], scheme: Scheme) -> Written:
    """One file an image in the folder `target`. Raises FormatError or DiskFull."""
    own = _PART_OF.get(len(scheme), _PARTS[0])

    def person(instance: ExportedInstance) -> dict[str, Any]:
        known = labelled(instance.shape)
        values = np.zeros((len(scheme), 3))
        sure = 1.0 if instance.confidence is None else np.array(instance.confidence)
        values[known, :2], values[:, 2] = instance.shape.points[known], known * sure
        parts: dict[str, list[float]] = {f"{part}_keypoints_2d": [] for part in _PARTS}
        parts[f"{own}_keypoints_2d"] = values.ravel().tolist()
        solid: dict[str, list[float]] = {f"{part}_keypoints_3d": [] for part in _PARTS}
        return {"person_id": [-1], **parts, **solid}

    images = json_per_image.write(
        target,
        instances,
        _ENDING,
        lambda several: {"version": 1.3, "people": [person(each) for each in several]},
    )
    hidden = sum(int((labelled(i.shape) & (i.shape.visibility == 1)).sum()) for i in instances)
    notes = [
        in_order(len(scheme)),
        "Boxes, provenance and uncertainty are not written.",
    ]
    if hidden:
        notes.append(f"{counted(hidden, 'occluded landmark')} cannot be told from visible ones.")
    return Written(len(instances), images, notes)
