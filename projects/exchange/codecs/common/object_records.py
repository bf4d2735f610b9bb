"""An object as values that JSON and tables hold: what data sets keep of an image beside its pixels.

In the words of COCO: `keypoints` is a row of x, y and visibility a landmark, 0 0 0 where it is not
labelled, and `bbox` the upright box as of `coco_boxes`. Beside them: `id`, the key; `box`, the box
as it is, centre, width, height and angle in radians, or nothing; `annotator` and `labelled_at`, who
labelled it and when; `absent`, the names of landmarks that are not in the image; `state`, accepted,
started or untouched, empty where all are accepted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.coco_boxes import bbox_of, box_of
from landmark_annotator.projects.exchange.codecs.common.entries import (
    ExportedInstance,
    ImportedInstance,
    Size,
    Unreadable,
    size_said,
)
from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers, one_number
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_landmarks,
    absent_names,
    imported,
    is_started,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.losses import (
    half_labelled,
    labelled,
)
from landmark_annotator.projects.exchange.codecs.common.text import ODD
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, why
from landmark_annotator.projects.vocabulary.wording import counted

_LISTS = ("objects", "annotations")
NAMES = "landmarks"


def record_of(instance: ExportedInstance, scheme: Scheme) -> dict[str, Any]:
    shape, box = instance.shape, instance.box
    known = labelled(shape)
    rows = np.column_stack([shape.points, shape.visibility])
    return {
        "id": instance.source,
        "keypoints": np.where(known[:, None], rows, 0.0).tolist(),
        "bbox": bbox_of(instance),
        "box": None if box is None else list(box.numbers),
        "annotator": instance.annotator,
        "labelled_at": time_text(instance.at),
        "absent": absent_names(shape, scheme),
        "state": instance.state,
    }


def losses_of(instances: Sequence[ExportedInstance], missing: int) -> list[str]:
    """Sentences about what records leave out. missing: objects whose images could not be put into
    the file."""
    notes = ["Provenance and uncertainty are not written."]
    if missing:
        notes.append(
            f"Left out with their images, which are gone, unreadable, or changed since: "
            f"{counted(missing, 'object')}."
        )
    tracked = sum(bool(each.track) for each in instances)
    if tracked:
        are = counted(tracked, "object is", "objects are")
        notes.append(f"Of which tracks {are} is not written.")
    return notes + half_labelled(instances)


@dataclass
class ObjectReader:
    """file: that they come from. names: of its landmarks in order, None where each image says its
    own. notes and unreadable get what a person should know."""

    file: Path
    scheme: Scheme
    notes: list[str]
    unreadable: list[Unreadable]
    names: Sequence[str] | None = None
    _orders: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    def instances(self, about: Any, image: Path, key: str) -> Iterator[ImportedInstance]:
        """All objects of an image; one of which nothing is known where there are none.

        about: what is said of it: an object with a list of objects, or with one object's lists, or
        the objects themselves. key: of the image. Raises FormatError where its landmarks are not
        the scheme's.
        """
        of_image = about if isinstance(about, dict) else {}
        order = self.order(of_image.get(NAMES))
        size = size_said(of_image.get("width"), of_image.get("height"))
        records = _records(about)
        for number, record in enumerate(records):
            try:
                yield self._instance(record, image, f"{key}#{number}", order, size)
            except ODD as error:
                self.unreadable.append(Unreadable(self.file, f"{key}#{number}: {why(error)}"))
        if not records:
            yield ImportedInstance(image, Shape.unknown(len(self.scheme)), None, f"{key}#0")

    def order(self, own: Any = None) -> list[int]:
        """The landmark that each keypoint is. own: names that the image itself says. Raises
        FormatError."""
        names = own if isinstance(own, list) and own else self.names
        if names is None:
            return list(range(len(self.scheme)))
        known = tuple(map(str, names))
        if known not in self._orders:
            self._orders[known] = landmark_order(known, self.scheme, self.file.name, self.notes)
        return self._orders[known]

    def _instance(
        self,
        record: Mapping[str, Any],
        image: Path,
        key: str,
        order: Sequence[int],
        size: Size | None,
    ) -> ImportedInstance:
        absent = absent_landmarks(record.get("absent"), self.scheme)
        shape = _shape(record.get("keypoints"), order, len(self.scheme), absent)
        if "box" in record:
            box = Box(*map(one_number, record["box"])) if record["box"] else None
        else:
            box = box_of(record.get("bbox"))
        return ImportedInstance(
            image,
            shape,
            box,
            str(record.get("id") or key),
            annotator=str(record.get("annotator") or ""),
            at=time_read(record.get("labelled_at")),
            size=size,
            started=is_started(record.get("state")),
        )


def _records(about: Any) -> Sequence[Mapping[str, Any]]:
    """Raises FormatError."""
    found = about
    if isinstance(about, dict):
        given = next((about[name] for name in _LISTS if about.get(name)), None)
        found = [about] if given is None and about.get("keypoints") else given
    if isinstance(found, dict):  # of lists, one element an object
        lists = {name: value for name, value in found.items() if isinstance(value, list)}
        rows = zip(*lists.values(), strict=True)
        found = [dict(zip(lists, row, strict=True)) for row in rows]
    found = [] if found is None else found
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise FormatError("its objects are no list of objects.")
    return found


def _shape(keypoints: Any, order: Sequence[int], size: int, absent: Sequence[int]) -> Shape:
    points, visibility = np.full((size, 2), np.nan), np.zeros(size, dtype=np.int8)
    if keypoints is None:
        return imported(points, visibility, absent)
    values = numbers(keypoints)
    if values.ndim == 1 and values.size == 3 * len(order):
        values = values.reshape(-1, 3)
    if values.shape not in ((len(order), 2), (len(order), 3)):
        raise FormatError(
            f"it has {counted(values.size, 'number')} for {counted(len(order), 'keypoint')}."
        )
    if values.shape[1] == 2:
        seen = np.where(np.isfinite(values).all(axis=1), 2.0, 0.0)
        values = np.column_stack([np.nan_to_num(values), seen])
    if not np.isfinite(values).all() or not np.isin(values[:, 2], (0, 1, 2)).all():
        raise FormatError("its keypoints are not finite numbers with a visibility of 0 to 2.")
    rows = list(order)
    points[rows] = np.where(values[:, 2:] > 0, values[:, :2], np.nan)
    visibility[rows] = values[:, 2]
    return imported(points, visibility, absent)
