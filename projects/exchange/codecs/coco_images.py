"""The images of a COCO file that is too large for memory, by id and on the disk."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from landmark_annotator.projects.exchange.codecs.common.entries import Size, Unreadable, size_said
from landmark_annotator.projects.exchange.codecs.common.files import named_path
from landmark_annotator.projects.exchange.codecs.common.json_stream import (
    BEGIN,
    elements,
    in_utf_16,
)
from landmark_annotator.projects.exchange.codecs.common.on_disk import TemporaryDatabase
from landmark_annotator.projects.exchange.codecs.common.text import ODD, readable, size_of
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled, FormatError

_KEYS = ("images", "annotations", "categories")
NOT_COCO = "A COCO file is a JSON object with images, annotations and categories."
_LOOKS = 1000
"""Entries between two questions whether to stop."""
_TABLE = """
CREATE TABLE image (number INTEGER PRIMARY KEY, id BLOB UNIQUE, said TEXT, path BLOB,
    several INTEGER DEFAULT 0, labelled INTEGER DEFAULT 0, width INTEGER, height INTEGER)
"""


def lacking(annotation: Mapping[str, Any], error: KeyError) -> str:
    """What is wrong with an annotation that names no image of the file, or lacks what was asked."""
    name = error.args[0]
    if "image_id" in annotation and annotation["image_id"] == name:
        # As the file has it: a number in quotes is another id.
        return f"its image_id {json.dumps(name)} names no image of the file."
    return f"it has no {name}."


class Place(NamedTuple):
    """Where an image is. frame: of a video, which path then is. size: as the file has it."""

    path: Path
    frame: int | None = None
    size: Size | None = None


@dataclass
class KnownImages:
    """annotations: how many there are. unreadable: what is wrong with the images."""

    categories: list[Any] = field(default_factory=list)
    annotations: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    _images: TemporaryDatabase = field(default_factory=lambda: TemporaryDatabase(_TABLE))

    def add(self, image_id: Any, path: Path, size: Size | None) -> None:
        """An id that comes with another path is that of several files."""
        self._images.run(
            "INSERT INTO image (id, said, path, width, height) VALUES (?1, ?2, ?3, ?4, ?5) "
            "ON CONFLICT (id) DO UPDATE SET several = several OR path <> ?3",
            *(_key(image_id), json.dumps(image_id), os.fsencode(path), *(size or (None, None))),
        )

    def leave_out_doubtful(self, source: Path) -> Self:
        doubtful = [
            json.loads(s) for (s,) in self._images.rows("SELECT said FROM image WHERE several")
        ]
        for image_id in sorted(doubtful, key=str):
            reason = f"Image id {image_id} is that of several files: its labels could be of any."
            self.unreadable.append(Unreadable(source, reason))
        self._images.run("DELETE FROM image WHERE several")
        return self

    def place(self, image_id: Any) -> Place:
        """Its file, which something is said of now. Raises KeyError."""
        row = self._images.first(
            "UPDATE image SET labelled = 1 WHERE id = ? RETURNING path, width, height",
            _key(image_id),
        )
        if row is None:
            raise KeyError(image_id)
        path, *size = row
        return Place(Path(os.fsdecode(path)), size=size_said(*size))

    def unlabelled(self) -> Iterator[tuple[Any, Path]]:
        """Those that nothing was said of, in the order of the file."""
        rows = self._images.rows("SELECT said, path FROM image WHERE NOT labelled ORDER BY number")
        return ((json.loads(said), Path(os.fsdecode(path))) for said, path in rows)


def look(source: Path, folder: Path, progress: Progress) -> KnownImages | None:
    """One pass over the file. folder: that the names of the images start from. None where it has
    videos or is in UTF-16, so that it has to be read whole. Raises FormatError, Cancelled."""
    with readable(source):
        size_of(source)
    if in_utf_16(source):
        return None
    found, numbers = KnownImages(), dict[str, int]()
    for name, element in elements(source, (*_KEYS, "videos")):
        if element is BEGIN:
            numbers[name] = 0
            continue
        if name == "videos":
            return None
        if name not in numbers:
            raise not_coco(source)
        _take(name, element, numbers[name], found, folder, source)
        numbers[name] += 1
        if numbers[name] % _LOOKS == 0 and progress.cancelled():
            raise Cancelled("Reading the labels was stopped.", kept="Nothing was written.")
    if not numbers.keys() >= {*_KEYS}:
        raise not_coco(source)
    found.annotations = numbers["annotations"]
    return found.leave_out_doubtful(source)


def _take(
    name: str, element: Any, number: int, found: KnownImages, folder: Path, source: Path
) -> None:
    if name == "categories":
        found.categories.append(element)
    elif name == "images":
        try:
            size = size_said(element.get("width"), element.get("height"))
            found.add(element["id"], named_path(element["file_name"], folder), size)
        except ODD:
            reason = f"Image number {number} has no id or no file_name."
            found.unreadable.append(Unreadable(source, reason))


def image_paths(
    entries: Sequence[Any], folder: Path, source: Path, unreadable: list[Unreadable]
) -> dict[Any, Path]:
    paths: dict[Any, Path] = {}
    ambiguous: set[Any] = set()
    for place, entry in enumerate(entries):
        try:
            number, path = entry["id"], named_path(entry["file_name"], folder)
            if paths.setdefault(number, path) != path:
                ambiguous.add(number)
        except ODD:
            reason = f"Image number {place} has no id or no file_name."
            unreadable.append(Unreadable(source, reason))
    for number in sorted(ambiguous, key=str):
        reason = f"Image id {number} is that of several files: its labels could be of any."
        unreadable.append(Unreadable(source, reason))
        del paths[number]
    return paths


def sizes(entries: Sequence[Any]) -> dict[Any, Size | None]:
    """Of images by their ids, as the file has them."""
    return {
        entry["id"]: size_said(entry.get("width"), entry.get("height"))
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("id"), int | str)
    }


def not_coco(source: Path) -> FormatError:
    return FormatError(f"{source} is not a COCO file.", remedy=NOT_COCO)


def _key(image_id: Any) -> bytes:
    """The same for numbers that are equal. Raises TypeError for what can be none."""
    if isinstance(image_id, list | dict):
        raise TypeError("an id is a number or a text")
    if isinstance(image_id, str):
        return b"s" + image_id.encode("utf-8", "surrogatepass")
    whole = isinstance(image_id, int | float) and image_id == image_id // 1
    return repr(int(image_id) if whole else image_id).encode()
