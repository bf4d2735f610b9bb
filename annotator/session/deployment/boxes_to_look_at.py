"""Where the objects of images are that no project knows: found, told by a file, or everywhere."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.annotator.session.deployment.named_model import NamedModel
from landmark_annotator.annotator.session.models.whole_images import learned_from
from landmark_annotator.backends.finders import load_finder
from landmark_annotator.backends.other_sides import found_however_it_lies, may_lie
from landmark_annotator.projects.exchange.codecs.common.text import beginning, read_text
from landmark_annotator.projects.exchange.codecs.csv_cells import (
    cells_of,
    first_cells,
    with_points,
)
from landmark_annotator.projects.exchange.registry import sniff
from landmark_annotator.projects.remote import address_of, checked, is_address, place_of
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError

_CORNERS = ("x", "y", "width", "height")

Boxes = Callable[[Path, Pixels], list[tuple[Box, float | None]]]
"""Of the objects of an image, each with the score of what found it, None where nothing did."""


@dataclass(frozen=True)
class Places:
    """boxes: of any image. reason: a sentence on where they are from."""

    boxes: Boxes
    reason: str


def found_places(model: NamedModel, knows: Callable[[Pixels, Box], bool], device: str) -> Places:
    """By the model's finder; where it has none, each image is one object. knows: as of
    `found_however_it_lies`."""
    scheme = model.finder_scheme
    if model.finder is None or scheme is None:
        reason = "There is no finder for this model: each image is taken as one object"
        return whole_images(model, reason)
    finder = load_finder(model.finder, scheme, device)

    def found(_: Path, pixels: Pixels) -> list[tuple[Box, float | None]]:
        if may_lie(scheme):
            boxes = found_however_it_lies(finder, knows, pixels)
        else:
            boxes = finder.find(pixels)
        return [(each.box, each.score) for each in boxes]

    return Places(found, "Its finder looks for the objects.")


def whole_images(model: NamedModel, reason: str = "Each image is taken as one object") -> Places:
    """What the model has learned from boxes of their own is looked for where those mostly were."""
    own = learned_from(model.folder, None)

    def whole(_: Path, pixels: Pixels) -> list[tuple[Box, float | None]]:
        box = Box.whole_image(pixels.shape[1], pixels.shape[0])
        return [(box if own is None else own.of_pixels(box, pixels), None)]

    return Places(whole, f"{reason}{'' if own is None else ', where the labelled ones were'}.")


def told_places(file: Path, scheme: Scheme, images: Path | None) -> Places:
    """From a table with the columns image, x, y, width and height (the corner nearest the origin),
    or any label file that has boxes. images: the folder that its names start from.

    An image is known by its path, and where the file names another folder by its file name, if
    that is the only one. Raises FormatError.
    """
    told = _corner_table(file, images) or _label_file(file, scheme, images)
    if not told:
        raise FormatError(f"{file} has no boxes.", remedy="Name a file that has some.")
    by_name: dict[str, list[Path]] = {}
    for path in told:
        by_name.setdefault(path.name, []).append(path)

    def boxes(image: Path, _: Pixels) -> list[tuple[Box, float | None]]:
        same = by_name.get(image.name, [])
        path = image if address_of(image) is not None else image.resolve()
        if path not in told and len(same) == 1 and not same[0].exists():
            path = same[0]
        return [(box, None) for box in told.get(path, [])]

    return Places(boxes, f"Boxes are from {file.name}.")


def _label_file(file: Path, scheme: Scheme, images: Path | None) -> Mapping[Path, list[Box]]:
    found: dict[Path, list[Box]] = {}
    contents = sniff(file).reader().read(file, scheme, images=images)
    for entry in contents.instances:
        if entry.box is not None and entry.frame is None:
            elsewhere = address_of(entry.image) is not None
            path = entry.image if elsewhere else entry.image.resolve()
            found.setdefault(path, []).append(entry.box)
    return found


def _corner_table(file: Path, images: Path | None) -> Mapping[Path, list[Box]] | None:
    """None where the file is not such a table."""
    if file.suffix.lower() != ".csv" or not file.is_file():
        return None
    names = next(iter(first_cells(beginning(file), 1)), [])
    if not {"image", *_CORNERS} <= set(names):
        return None
    found: dict[Path, list[Box]] = {}
    delimiter, rows = cells_of(read_text(file), file)
    numbers = [i for i, name in enumerate(names) if name in (*_CORNERS, "angle")]
    for number, cells in with_points(rows, names, numbers, delimiter, file)[1:]:
        row = dict(zip(names, cells, strict=False))
        box = _box(row, file, number)
        path = _named(row.get("image", ""), images or file.parent)
        found.setdefault(path, []).append(box)
    return found


def _named(image: str, folder: Path) -> Path:
    """Raises ImageError for an address that nothing is fetched from."""
    return place_of(checked(image)) if is_address(image) else (folder / image).resolve()


def _box(row: Mapping[str, str], file: Path, number: int) -> Box:
    try:
        x, y, width, height = (float(row.get(name) or "nan") for name in _CORNERS)
        angle = float(row.get("angle") or 0.0)
        if not all(map(math.isfinite, (x, y, width, height, angle))):
            raise ValueError("a number is missing")
        corner = Box.from_corner(x, y, width, height)
        return Box(corner.centre_x, corner.centre_y, width, height, angle)
    except (ValueError, ActionableError) as error:
        raise FormatError(f"{file}, line {number}: there is no box: {error}") from error
