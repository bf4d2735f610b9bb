"""COCO keypoints: one JSON file for all images.

Keypoints are written and read unchanged: 0-based pixels whose centres are at whole numbers.
COCO leaves open whether its keypoints mean that or count from the corner of the first pixel (its
own are whole numbers, to which some programs add 0.5); nothing is added or taken away here. Boxes
count from that corner, as COCO's masks do, so half a pixel is (`coco_boxes`).

`skeleton` counts keypoints from 1, as COCO does. `bbox` is the instance's box, or the square around
its points where it has none; `area` is that of the box. Each annotation also has `source`, a key,
`annotator` and `labelled_at`, who labelled it and when, `absent`, the names of keypoints that are
not in the image, and, where shapes that nobody has accepted yet are written too, `state`; other
programs leave these alone. A `score` below 1 is of a prediction. Frames are written as COCO for
video has them (TAO): `videos`, of each image its `video_id` and `frame_id`, of each annotation its
`track_id`, and `tracks` by name; where the video is found they are read as its frames, else as
images. Keypoints are matched to the scheme's landmarks by name; those of a file without a single
known name are taken in order if their number fits. Where a file has one category, an annotation
need not say that it is of it. Where no category names keypoints, the annotations of the one that is
there, or is called as the scheme is, are boxes of objects without labels.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from landmark_annotator.projects.exchange.codecs import (
    coco_categories,
    coco_images,
    coco_regions,
    coco_video,
)
from landmark_annotator.projects.exchange.codecs.common.coco_boxes import bbox_of, box_of
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
    replace_file,
    written_paths,
)
from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers
from landmark_annotator.projects.exchange.codecs.common.json_stream import BEGIN, elements
from landmark_annotator.projects.exchange.codecs.common.labelling import (
    absent_landmarks,
    absent_names,
    imported,
    is_started,
    refuse_annotator,
    score_of,
    time_read,
    time_text,
)
from landmark_annotator.projects.exchange.codecs.common.losses import Losses, labelled
from landmark_annotator.projects.exchange.codecs.common.passed_over import PassedOver
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning, read_text
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, why
from landmark_annotator.projects.vocabulary.wording import counted


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    text = beginning(source).lstrip()
    keys = ('"annotations"', '"categories"', '"images"')
    return text.startswith("{") and any(key in text for key in keys)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the folder that the names of the images start from; by default the file's own.

    An image that no annotation speaks of is an instance of which nothing is known yet.
    Annotations of crowds and of categories without the scheme's keypoints are passed over and
    counted.
    """
    _refuse_annotator(annotator)
    content = content_of(source)
    contents = Contents()
    folder, unreadable = images or source.parent, contents.unreadable
    paths = coco_images.image_paths(content["images"], folder, source, unreadable)
    frames = coco_video.frames(content, source, images, contents.notes)
    tracks = coco_video.track_names(content)
    regions = coco_regions.named(content["categories"], scheme)
    orders = coco_categories.orders(
        content["categories"], scheme, source, contents.notes, bool(regions)
    )
    unlabelled = set(paths)
    sizes = coco_images.sizes(content["images"])

    def place(image_id: Any) -> coco_images.Place:
        unlabelled.discard(image_id)
        if image_id in frames:
            return coco_images.Place(*frames[image_id])
        return coco_images.Place(paths[image_id], size=sizes.get(image_id))

    others = coco_categories.others(content["categories"])
    passed, found = PassedOver(), contents
    about = source, scheme, orders, place, tracks, unreadable, others, passed
    entries = _Entries(*about, frozenset(regions))
    made: dict[Any, int] = {}
    for number, annotation in enumerate(content["annotations"]):
        for one in entries.of(number, annotation):
            if isinstance(annotation.get("id"), int | str):
                made[annotation["id"]] = len(found.instances)
            found.instances.append(one)
    if regions:
        coco_regions.attach(
            found.instances, content, regions, made, place, scheme, source, found.unreadable
        )
    contents.notes.extend(passed.notes(source, scheme))
    for image_id in (i for i in paths if i in unlabelled):
        there = place(image_id)
        contents.instances.append(entries.empty(image_id, there.path, there.frame))
    return contents


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
) -> Stream:
    """One pass over the file finds its images, which stay on the disk, and whether it is whole. A
    file with videos, or in UTF-16, is read whole."""
    _refuse_annotator(annotator)
    known = coco_images.look(source, images or source.parent, progress)
    if known is None or coco_regions.named(known.categories, scheme):
        return Stream.of(read(source, scheme, images=images))
    unreadable, notes = known.unreadable, list[str]()
    orders = coco_categories.orders(known.categories, scheme, source, notes)
    others = coco_categories.others(known.categories)
    passed = PassedOver()
    entries = _Entries(source, scheme, orders, known.place, {}, unreadable, others, passed)

    def instances() -> Iterator[ImportedInstance]:
        annotations = (one for _, one in elements(source, ("annotations",)) if one is not BEGIN)
        for number, annotation in enumerate(annotations):
            yield from entries.of(number, annotation)
        for image_id, path in known.unlabelled():
            yield entries.empty(image_id, path, None)
        notes.extend(passed.notes(source, scheme))

    return Stream(instances(), unreadable, notes, known.annotations)


def _refuse_annotator(annotator: str | None) -> None:
    refuse_annotator(annotator, "COCO files")


@dataclass(frozen=True)
class _Entries:
    """What annotations say. place: an image's file, and its frame where that is a video; raises
    KeyError for one that is none of the file's. regions: the categories whose masks are read."""

    source: Path
    scheme: Scheme
    orders: Mapping[Any, Sequence[int]]
    place: Callable[[Any], coco_images.Place]
    tracks: Mapping[Any, str]
    unreadable: list[Unreadable]
    others: coco_categories.Others
    passed: PassedOver
    regions: frozenset[Any] = frozenset()

    def of(self, number: int, annotation: Any) -> Iterator[ImportedInstance]:
        """None of what is passed over, or cannot be read."""
        if not isinstance(annotation, dict):
            self._leave_out(f"Annotation number {number} is not an object.")
            return
        name = annotation.get("id", f"number {number}")
        try:
            found = self._instance(annotation, name)
        except KeyError as error:
            self._leave_out(f"Annotation {name}: {coco_images.lacking(annotation, error)}")
        except ODD as error:
            self._leave_out(f"Annotation {name}: {error}")
        else:
            if found is not None:
                yield found

    def _instance(self, annotation: Mapping[str, Any], name: Any) -> ImportedInstance | None:
        image_id = annotation["image_id"]
        if annotation.get("iscrowd"):
            self.passed["crowd"] += 1
            return None
        category = self.others.of(annotation)
        if category not in self.orders and category in self.others.ids:
            if category not in self.regions:
                self.passed[self.others.name(category)] += 1
            return None
        # Not before: an image of which nothing else is said waits for labels.
        there = self.place(image_id)
        if category not in self.orders:
            raise FormatError(f"its category_id {category} names no category of the file.")
        order = self.orders[category]
        in_video = there.frame is not None
        sure = score_of(annotation.get("score"))
        track = self.tracks.get(annotation.get("track_id"), "") if in_video else ""
        return ImportedInstance(
            there.path,
            _shape(annotation, order, self.scheme),
            box_of(annotation.get("bbox")),
            str(annotation.get("source") or f"{self.source.name}#{name}"),
            annotator=str(annotation.get("annotator") or ""),
            at=time_read(annotation.get("labelled_at")),
            frame=there.frame,
            track=track,
            size=there.size,
            started=is_started(annotation.get("state")) or sure is not None,
            confidence=None if sure is None else (sure,) * len(self.scheme),
        )

    def empty(self, image_id: Any, path: Path, frame: int | None) -> ImportedInstance:
        """Of an image that no annotation speaks of."""
        key = f"{self.source.name}#image {image_id}"
        return ImportedInstance(path, Shape.unknown(len(self.scheme)), None, key, frame=frame)

    def _leave_out(self, why: str) -> None:
        self.unreadable.append(Unreadable(self.source, why))


def landmarks(source: Path) -> Scheme:
    """Of the first category that has keypoints."""
    for category in content_of(source)["categories"]:
        names = category.get("keypoints") if isinstance(category, dict) else None
        if isinstance(names, list) and names:
            skeleton = category.get("skeleton")
            bones = skeleton if isinstance(skeleton, list) else []
            edges = [[a - 1, b - 1] for a, b in filter(_is_bone, bones)]
            return declared(source, category.get("name"), names, edges)
    raise FormatError(f"{source} has no category with keypoints.", remedy=coco_images.NOT_COCO)


def _is_bone(bone: Any) -> bool:
    return isinstance(bone, list) and len(bone) == 2 and all(isinstance(end, int) for end in bone)


def content_of(source: Path) -> Mapping[str, list[Any]]:
    try:
        content = json.loads(read_text(source))
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"{source} is not JSON, or cut short: {why(error)}.", remedy="Copy the file again."
        ) from error
    keys = ("images", "annotations", "categories")
    if not isinstance(content, dict) or not all(isinstance(content.get(k), list) for k in keys):
        raise coco_images.not_coco(source)
    return content


def _shape(annotation: Mapping[str, Any], order: Sequence[int], scheme: Scheme) -> Shape:
    keypoints, size = annotation.get("keypoints"), len(scheme)
    points, visibility = np.full((size, 2), np.nan), np.zeros(size, dtype=np.int8)
    if keypoints is not None:
        values = numbers(keypoints)
        if values.size and not order:
            raise FormatError("it has keypoints, and its category does not name them.")
        if values.shape != (3 * len(order),):
            raise FormatError(
                f"it has {counted(values.size, 'number')} for {counted(len(order), 'keypoint')}."
            )
        values = values.reshape(-1, 3)
        if not np.isfinite(values).all() or not np.isin(values[:, 2], (0, 1, 2)).all():
            raise FormatError("its keypoints are not finite numbers with a visibility of 0 to 2.")
        labelled = np.where(values[:, 2:] > 0, values[:, :2], np.nan)
        points[list(order)], visibility[list(order)] = labelled, values[:, 2]
    return imported(points, visibility, absent_landmarks(annotation.get("absent"), scheme))


def write(target: Path, instances: Iterable[ExportedInstance], scheme: Scheme) -> Written:
    """Takes the instances one at a time, so that their number does not matter for the memory.

    Raises FormatError or DiskFull.
    """
    return write_from(target, target.parent, instances, scheme)


def write_from(
    target: Path, folder: Path, instances: Iterable[ExportedInstance], scheme: Scheme
) -> Written:
    """As `write`; the names of the images start from the folder."""
    images: dict[Path, str] = {}
    lost = Losses()
    replace_file(target, _document(instances, scheme, written_paths(folder), images, lost))
    return Written(lost.instances, len(images), lost.notes())


def _document(
    instances: Iterable[ExportedInstance],
    scheme: Scheme,
    name: Callable[[Path], str],
    images: dict[Path, str],
    lost: Losses,
) -> Iterator[str | bytes]:
    """The text of a file in parts; fills in the images and what is lost on the way."""
    about = {
        "description": scheme.title or scheme.name,
        "scheme": scheme.name,
        "scheme_version": scheme.version,
    }
    category = {
        "id": 1,
        "name": scheme.name,
        "supercategory": scheme.name,
        "keypoints": list(scheme.landmarks),
        "skeleton": [[a + 1, b + 1] for a, b in scheme.lines],
    }
    all_categories = _json([category, *coco_regions.categories(scheme)])
    yield f'{{"info": {_json(about)}, "categories": {all_categories}, "annotations": ['
    numbers: dict[Path, int] = {}
    videos = coco_video.Videos(name)
    comma, number = "", 0
    for instance in instances:
        number += 1
        image = instance.image
        image_id = numbers.setdefault(image, len(numbers) + 1)
        if image not in images:
            size = {"width": instance.width, "height": instance.height}
            shown = videos.of_image(instance)
            images[image] = _json({"id": image_id, "file_name": name(image), **size, **shown})
        lost.add(instance)
        # Of the numbers there are millions: the standard library would take as long for them as
        # all the rest together.
        plain = orjson.dumps({"id": number, "image_id": image_id, **_numbers(instance)})
        yield f"{comma}\n"
        yield plain[:-1]
        said = {
            "annotator": instance.annotator,
            "labelled_at": time_text(instance.at),
            "absent": absent_names(instance.shape, scheme),
            "state": instance.state,
            "score": None if instance.score is None else round(instance.score, 4),
            "track_id": videos.track(instance),
        }
        told = {key: value for key, value in said.items() if value}
        yield f", {_json({'source': instance.source, **told})[1:]}"
        comma, parts = ",", coco_regions.annotations(instance, scheme, image_id, number)
        for part in parts:
            number += 1
            yield f",\n{_json({'id': number, **part})}"
    yield f'],\n"images": [{", ".join(images.values())}]'
    yield f"{videos.text()}}}"


# In ASCII: a file name need not be valid Unicode, and then could not be written otherwise.
_json = json.JSONEncoder(allow_nan=False).encode


def _numbers(instance: ExportedInstance) -> dict[str, Any]:
    """An annotation but for its source."""
    shape = instance.shape
    known = labelled(shape)
    keypoints: list[float] = [0] * (3 * len(shape))
    keypoints[0::3] = np.where(known, shape.points[:, 0], 0).tolist()
    keypoints[1::3] = np.where(known, shape.points[:, 1], 0).tolist()
    keypoints[2::3] = np.where(known, shape.visibility, 0).tolist()
    bbox = bbox_of(instance)
    return {
        "category_id": 1,
        "keypoints": keypoints,
        "num_keypoints": int(np.count_nonzero(known)),
        "bbox": bbox,
        "area": bbox[2] * bbox[3],
        "iscrowd": 0,
    }
