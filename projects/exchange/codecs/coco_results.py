"""COCO results: a JSON list of what a program found, keypoints or boxes, with scores. Only read.

The images are known by their ids alone. `images` says what those mean: the COCO file that the
program was given, or the folder of images that are named by their ids (000000000139.jpg is 139).
Positions are as in COCO files. The third number of a keypoint is its score where it is not a
visibility; the score of the whole instance serves where it is one. Detectors list every box that
they thought of: those of a score below one half are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.exchange.codecs import coco_images
from landmark_annotator.projects.exchange.codecs.common import pixel_corners
from landmark_annotator.projects.exchange.codecs.common.coco_boxes import box_of
from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ImportedInstance,
    Stream,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.files import files_below, named_path
from landmark_annotator.projects.exchange.codecs.common.json_numbers import numbers, one_number
from landmark_annotator.projects.exchange.codecs.common.json_stream import in_utf_16, items
from landmark_annotator.projects.exchange.codecs.common.labelling import refuse_annotator
from landmark_annotator.projects.exchange.codecs.common.landmark_names import landmark_order
from landmark_annotator.projects.exchange.codecs.common.text import ODD, beginning
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.vocabulary import SILENT, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import Cancelled, FormatError
from landmark_annotator.projects.vocabulary.wording import counted, first_few

_LEAST_SCORE = 0.5
"""Of a box without keypoints."""
_NAMED = 5
_LOOKS = 1000
"""Results between two questions whether to stop."""


def sniff(source: Path) -> bool:
    if not source.is_file():
        return False
    text = beginning(source).lstrip()
    named = [f'"{key}"' in text for key in ("image_id", "score", "keypoints", "bbox")]
    return text.startswith("[") and all(named[:2]) and any(named[2:])


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """images: the COCO file of the same ids, or a folder; by default the folder of the file."""
    return stream(source, scheme, images=images, annotator=annotator).whole()


def stream(
    source: Path,
    scheme: Scheme,
    *,
    images: Path | None = None,
    annotator: str | None = None,
    progress: Progress = SILENT,
) -> Stream:
    refuse_annotator(annotator, "COCO results")
    count = 0
    for count, _ in enumerate(_results(source), 1):
        if count % _LOOKS == 0 and progress.cancelled():
            raise Cancelled("Reading the results was stopped.", kept="Nothing was written.")
    unreadable: list[Unreadable] = []
    notes: list[str] = []
    places, orders = _images(images or source.parent, scheme, notes)

    def entries() -> Iterator[ImportedInstance]:
        unsure = 0
        for place, result in enumerate(_results(source)):
            try:
                number = result["image_id"]
                there = places.get(str(number))
                if there is None:
                    raise FormatError(
                        f"image {number} is not known.",
                        remedy="Name the COCO file that the program was given with --images.",
                    )
                box, key = box_of(result.get("bbox")), f"{source.name}#{number}:{place}"
                if "keypoints" in result:
                    order = orders.get(result.get("category_id"), list(range(len(scheme))))
                    if order is None:
                        raise FormatError("it is of a category with other keypoints.")
                    shape, confidence = _prediction(result, order, len(scheme))
                    entry = ImportedInstance(
                        there.path, shape, box, key, confidence, size=there.size
                    )
                elif one_number(result["score"]) >= _LEAST_SCORE:
                    empty = Shape.unknown(len(scheme))
                    entry = ImportedInstance(there.path, empty, box, key, size=there.size)
                else:
                    unsure += 1
                    continue
            except ODD as error:
                unreadable.append(Unreadable(source, f"Result {place}: {error}"))
            else:
                yield entry
        if unsure:
            left = "1 box was" if unsure == 1 else f"{unsure:,} boxes were"
            notes.append(f"{left} left out: of a score below {_LEAST_SCORE}.")

    return Stream(entries(), unreadable, notes, count)


def _results(source: Path) -> Iterator[Any]:
    if not beginning(source).lstrip().startswith("["):
        raise FormatError(f"{source} is not a list of COCO results.")
    return iter(pixel_corners.read_json(source)) if in_utf_16(source) else items(source)


def _images(
    given: Path, scheme: Scheme, notes: list[str]
) -> tuple[dict[str, coco_images.Place], dict[Any, list[int] | None]]:
    """Images by their id, and of each category the landmarks that its keypoints are, see
    `_orders`."""
    if given.is_dir():
        found = [f for f in files_below(given)[0] if f.suffix.lower() in IMAGE_SUFFIXES]
        ids = [f.stem.lstrip("0") or "0" for f in found]
        return _of_one(zip(ids, map(coco_images.Place, found), strict=True), given, notes), {}
    content = pixel_corners.read_json(given)
    try:
        sizes = coco_images.sizes(content["images"])
        named = (
            (
                str(i["id"]),
                coco_images.Place(
                    named_path(i["file_name"], given.parent), size=sizes.get(i["id"])
                ),
            )
            for i in content["images"]
        )
        places = _of_one(named, given, notes)
        keypoints = {c["id"]: c["keypoints"] for c in content["categories"] if c.get("keypoints")}
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise FormatError(
            f"{given} is not the COCO file of the images.",
            remedy="Name the COCO file that the program was given, or a folder.",
        ) from error
    return places, _orders(keypoints, scheme, given, notes)


def _orders(
    keypoints: Mapping[Any, Sequence[Any]], scheme: Scheme, given: Path, notes: list[str]
) -> dict[Any, list[int] | None]:
    """Of each category with keypoints, by its id; None of one that has other keypoints than the
    scheme. Raises FormatError where all of them have."""
    found: dict[Any, list[int] | None] = {}
    refused: FormatError | None = None
    for category, names in keypoints.items():
        try:
            found[category] = landmark_order(names, scheme, given.name, notes)
        except FormatError as error:
            refused, found[category] = refused or error, None
    if refused is not None and not any(found.values()):
        raise refused
    return found


def _of_one(
    named: Iterable[tuple[str, coco_images.Place]], given: Path, notes: list[str]
) -> dict[str, coco_images.Place]:
    """Those of numbers that one image has; of the others it is told."""
    found: dict[str, coco_images.Place] = {}
    several = set[str]()
    for number, place in named:
        if found.setdefault(number, place).path != place.path:
            several.add(number)
    if several:
        told = " Name the COCO file that the program was given with --images."
        notes.append(
            f"Several images of {given} have the number {first_few(sorted(several), _NAMED)}: "
            f"what was found in these is left out.{told if given.is_dir() else ''}"
        )
    return {number: place for number, place in found.items() if number not in several}


def _prediction(
    result: Mapping[str, Any], order: Sequence[int], size: int
) -> tuple[Shape, tuple[float, ...]]:
    values = numbers(result["keypoints"])
    if values.shape != (3 * len(order),) or not np.isfinite(values).all():
        raise FormatError(
            f"it has {counted(values.size, 'number')} for {counted(len(order), 'keypoint')}."
        )
    values = values.reshape(-1, 3)
    scores = values[:, 2]
    if np.isin(scores, (0, 1, 2)).all():
        found = (values != 0).any(axis=1)
        scores = np.where(found, one_number(result["score"]), 0.0)
    points, confidence = np.full((size, 2), np.nan), np.zeros(size)
    points[order] = np.where(scores[:, None] > 0, values[:, :2], np.nan)
    confidence[order] = scores.clip(0, 1)
    return Shape(points), tuple(confidence.tolist())
