"""The images of a project: recorded by path and by the hash of their content."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from landmark_annotator.projects.remote import address_of, checked, is_address, place_of
from landmark_annotator.projects.store.rows import (
    exclusions,
    group_rules,
    instances,
    pixel_sizes,
    predicted_errors,
)
from landmark_annotator.projects.store.rows.own_places import own_place
from landmark_annotator.projects.store.rows.records import Exclusion, ImageRecord
from landmark_annotator.projects.store.schema.people_tables import LeaseTable
from landmark_annotator.projects.store.schema.tables import ImageTable, JournalTable
from landmark_annotator.projects.vocabulary.errors import ImageError, ProjectError

COLUMNS = (
    ImageTable.id,
    ImageTable.path,
    ImageTable.sha256,
    ImageTable.width,
    ImageTable.height,
    ImageTable.position,
    ImageTable.video_id,
    ImageTable.frame,
    *exclusions.OF_IMAGE,
)


_OF_CONTENTS = select(*COLUMNS).where(ImageTable.sha256.in_(bindparam("contents", expanding=True)))
_OF_CONTENT = select(*COLUMNS).where(ImageTable.sha256 == bindparam("content"))
_LAST = select(func.max(ImageTable.position))
_NEW = insert(ImageTable).returning(*COLUMNS)
_ONE = select(*COLUMNS).where(ImageTable.id == bindparam("image"))
_EVERY = select(*COLUMNS).order_by(ImageTable.position, ImageTable.id)
_COUNTING = _EVERY.where(ImageTable.excluded_why.is_(None))

_AT_ONCE = 500
"""Hashes that one query names: databases bound how many it may."""


class ImageFacts(Protocol):
    """What must be known of a file to record it; width and height of the upright image."""

    @property
    def sha256(self) -> str: ...

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


def add_image(
    connection: Connection,
    folder: Path,
    path: Path,
    facts: ImageFacts,
    position: int | None,
    moved: bool = False,
) -> ImageRecord:
    """At the end unless a position is given. moved: it is known not to be where it was.

    The same content is the same image: it is added once. Where the file is gone from the path
    recorded earlier, the new path takes its place.
    """
    # A link stays one, so that the image keeps the name that the user knows.
    absolute = path if address_of(path) else path.parent.resolve() / path.name
    row = connection.execute(_OF_CONTENT, {"content": facts.sha256}).first()
    if row is not None:
        known = record(row, folder)
        gone = moved or not _is_there(known.path)
        if known.path != absolute and gone and _is_there(absolute):
            about = update(ImageTable).where(ImageTable.id == known.id)
            connection.execute(about.values(path=stored_path(absolute, folder)))
            return image(connection, folder, known.id)
        return known
    if position is None:
        last = connection.execute(_LAST).scalar()
        position = 0 if last is None else last + 1
    new = {
        "path": stored_path(absolute, folder),
        "sha256": facts.sha256,
        "width": facts.width,
        "height": facts.height,
        "position": position,
    }
    return record(connection.execute(_NEW, new).one(), folder)


def stored_path(path: Path, folder: Path) -> str:
    """From the project's folder where it lies in it, else absolute; with forward slashes. Of an
    image elsewhere, its address."""
    if (address := address_of(path)) is not None:
        return address
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def located(stored: str, folder: Path) -> Path:
    """The inverse of `stored_path`, or where this machine has it. An address that nothing is
    fetched from is the name of a file that is not there."""
    if (own := own_place(stored, folder)) is not None:
        return own
    if is_address(stored):
        with suppress(ImageError):
            return place_of(checked(stored))
    return folder / stored


def _is_there(path: Path) -> bool:
    """What lies elsewhere is taken to be there: nobody is asked within a transaction."""
    return address_of(path) is not None or path.is_file()


def image(connection: Connection, folder: Path, image_id: int) -> ImageRecord:
    row = connection.execute(_ONE, {"image": image_id}).first()
    if row is None:
        raise ProjectError(f"The project has no image {image_id}.")
    return record(row, folder)


def size(connection: Connection, image_id: int) -> tuple[int, int]:
    """Width and height in pixels. The image is one that is there."""
    query = select(ImageTable.width, ImageTable.height).where(ImageTable.id == image_id)
    width, height = connection.execute(query).one()
    return int(width), int(height)


def images(connection: Connection, folder: Path, excluded: bool = False) -> list[ImageRecord]:
    """In the project's order. excluded: with those that were left out."""
    rows = connection.execute(_EVERY if excluded else _COUNTING).all()
    return [record(row, folder) for row in rows]


def images_with(connection: Connection, folder: Path, hashes: Collection[str]) -> list[ImageRecord]:
    """Those of these contents, excluded ones too."""
    wanted, found = list(hashes), []
    for start in range(0, len(wanted), _AT_ONCE):
        these = {"contents": wanted[start : start + _AT_ONCE]}
        rows = connection.execute(_OF_CONTENTS, these).all()
        found += [record(row, folder) for row in rows]
    return found


def addresses(connection: Connection) -> list[str]:
    """Of images elsewhere, left out ones too."""
    stored = select(ImageTable.path).where(ImageTable.path.contains("://")).distinct()
    found = (address_of(located(path, Path())) for path in connection.execute(stored).scalars())
    return [address for address in found if address is not None]


def record(row: Sequence[Any], folder: Path) -> ImageRecord:
    image_id, path, sha256, width, height, position, video_id, frame, *excluded = row
    place = located(path, folder)
    return ImageRecord(
        image_id,
        place,
        sha256,
        width,
        height,
        position,
        video_id,
        frame,
        exclusions.exclusion(*excluded),
        address_of(place) if is_address(path) else None,
    )


def save_exclusion(connection: Connection, image_id: int, excluded: Exclusion | None) -> None:
    """It may hold the only drawn box that counts, by which errors are told."""
    about = update(ImageTable).where(ImageTable.id == image_id)
    counted = select(ImageTable.excluded_why.is_(None)).where(ImageTable.id == image_id)
    turned = connection.execute(counted).scalar_one() != (excluded is None)
    drawn = turned and predicted_errors.has_drawn_box_in(connection, image_id)
    if drawn and excluded is None:
        predicted_errors.convert_unless_drawn(connection, to_objects=True)
    connection.execute(about.values(**exclusions.columns(excluded)))
    if drawn and excluded is not None:
        predicted_errors.convert_unless_drawn(connection, to_objects=False)


def remove_image(connection: Connection, image_id: int) -> None:
    """With its instances. Raises ProjectError where anything was ever recorded of it or of one of
    them: the journal keeps all."""
    for record in instances.instances(connection, image_id=image_id, excluded=True):
        instances.remove_instance(connection, record.id)
    recorded = select(JournalTable.id).where(JournalTable.image_id == image_id)
    if connection.execute(recorded.limit(1)).first() is not None:
        raise ProjectError(
            "Something was recorded of this image, so it cannot be removed.",
            kept="It stays as it is.",
            remedy="Exclude it: then it counts no more and no export has it.",
        )
    pixel_sizes.forget_image(connection, image_id)
    group_rules.forget_image(connection, image_id)
    connection.execute(delete(LeaseTable).where(LeaseTable.image_id == image_id))
    connection.execute(delete(ImageTable).where(ImageTable.id == image_id))
