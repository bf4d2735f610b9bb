"""What a project has already of the images that an import speaks of: on the disk, so that neither
the project's size nor the file's matters for memory. Each image's instances are read once."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.exchange.codecs.common.on_disk import TemporaryDatabase
from landmark_annotator.projects.store import (
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
)
from landmark_annotator.projects.store.journal.brought_files import went_with_its_import
from landmark_annotator.projects.store.journal.frame_actions import is_taken_back
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.own_boxes import is_whole

_TABLES = """
CREATE TABLE image (id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, path BLOB, excluded INTEGER);
CREATE TABLE instance (id INTEGER PRIMARY KEY, image INTEGER, record INTEGER, key BLOB, mark BLOB,
    positions BLOB, known INTEGER, excluded INTEGER);
CREATE INDEX by_key ON instance (image, key);
CREATE INDEX by_mark ON instance (image, mark);
CREATE INDEX by_positions ON instance (image, positions);
CREATE INDEX waiting ON instance (image) WHERE known < 2 AND NOT excluded
"""
_BY_KEY_OR_MARK = """
SELECT record FROM (
    SELECT 0 AS rank, id, record FROM instance WHERE image = ?1 AND key = ?2
        AND known >= ?4 AND NOT excluded AND record
    UNION ALL SELECT 1, id, record FROM instance WHERE image = ?1 AND mark = ?3
        AND known >= ?4 AND NOT excluded AND record
) ORDER BY rank, id
"""
"""With OR in its place SQLite looks through all instances of the image."""

_BY_SHAPE = """
SELECT excluded FROM instance WHERE image = ?1 AND mark = ?2
UNION ALL SELECT excluded FROM instance WHERE image = ?1 AND positions = ?3
"""


class Known(IntEnum):
    """How much is known of an instance."""

    NOTHING = 0
    FILLS_IMAGE = 1
    """Nothing but that its box is all of the image: it waits for labels as well."""
    MORE = 2

    @classmethod
    def of(cls, record: InstanceRecord, size: tuple[int, int]) -> "Known":
        """size: width and height of its image in pixels."""
        if record.state is not InstanceState.UNTOUCHED:
            return cls.MORE
        if record.box is None:
            return cls.NOTHING
        own = record.second_opinion_on is None and is_whole(record.box, *size)
        return cls.FILLS_IMAGE if own else cls.MORE


@dataclass(frozen=True)
class KnownImage:
    """number: in here. path: where the picture is that the project has, or would have by now, as
    the system writes it."""

    number: int
    path: bytes
    excluded: bool


@dataclass(frozen=True)
class Waiting:
    """An instance without labels: its place in here, and its id. fills_image: whether its box is
    all of its image; it has none else."""

    place: int
    record: int
    fills_image: bool


class StoredInstances:
    """To be asked by key and by shape."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._database = TemporaryDatabase(_TABLES)

    def load(self, hashes: Collection[str]) -> None:
        """What the project has of the images of these hashes."""
        missing = [sha256 for sha256 in hashes if self.image(sha256) is None]
        with self._project.snapshot():
            images = self._project.images_with(missing)
            sizes = {one.id: (one.width, one.height) for one in images}
            numbers = {
                one.id: self.add_image(one.sha256, bytes(one.path), _is_left_out(one))
                for one in images
            }
            inside = self._project.inside(list(numbers), excluded=True)
            for record, shape in self._project.shapes(None, bare=True, excluded=True, among=inside):
                key, size = own_key(self._project, record), sizes[record.image_id]
                self.add(numbers[record.image_id], record, key, shape, Known.of(record, size))

    def image(self, sha256: str) -> KnownImage | None:
        found = self._database.first(
            "SELECT id, path, excluded FROM image WHERE sha256 = ?", sha256
        )
        return None if found is None else KnownImage(found[0], found[1], bool(found[2]))

    def add_image(self, sha256: str, path: bytes, excluded: bool = False) -> int:
        row = self._database.first(
            "INSERT INTO image (sha256, path, excluded) VALUES (?, ?, ?) RETURNING id",
            *(sha256, path, excluded),
        )
        return int(row[0])

    def add(self, image: int, record: InstanceRecord, key: str, shape: Shape, known: Known) -> None:
        self._database.run(
            "INSERT INTO instance (image, record, key, mark, positions, known, excluded) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(image, record.id, _text(key), mark(shape), _positions(shape), known),
            record.excluded is not None and not went_with_its_import(record.excluded),
        )

    def fill(self, waiting: Waiting, key: str, shape: Shape) -> None:
        """It waits no longer."""
        self._database.run(
            "UPDATE instance SET key = ?, mark = ?, positions = ?, known = ? WHERE id = ?",
            *(_text(key), mark(shape), _positions(shape), Known.MORE, waiting.place),
        )

    def of_key(self, image: int, key: str, entry: ImportedInstance) -> bytes | None:
        """The mark of the first instance of that key that does not wait for what the entry says."""
        row = self._database.first(
            "SELECT mark FROM instance WHERE image = ? AND key = ? AND known >= ? ORDER BY id",
            *(image, _text(key), _least_known(entry)),
        )
        return None if row is None else bytes(row[0])

    def record(self, image: int, key: str, entry: ImportedInstance) -> int | None:
        """The instance that the entry speaks of, by its key or else by an equal shape; None where
        there is none, or where it is not in the project yet."""
        mine = mark(entry.shape) if entry.shape.known.any() else b""
        row = self._database.first(_BY_KEY_OR_MARK, image, _text(key), mine, _least_known(entry))
        return None if row is None else int(row[0])

    def records(self, image: int) -> list[int]:
        """The instances of the image that are in the project and of which something is known."""
        return [
            int(row[0])
            for row in self._database.rows(
                "SELECT record FROM instance WHERE image = ? AND known AND NOT excluded "
                "AND record ORDER BY id",
                image,
            )
        ]

    def told(self, image: int) -> list[int]:
        """Those of `records` of which more is known than that their box is all of the image."""
        return [
            int(row[0])
            for row in self._database.rows(
                "SELECT record FROM instance WHERE image = ? AND known = ? AND NOT excluded "
                "AND record ORDER BY id",
                *(image, Known.MORE),
            )
        ]

    def has(self, image: int, entry: ImportedInstance) -> bool:
        """Whether the image has such a shape; of an entry without labels, whether it has any."""
        if entry.shape.known.any():
            return self._database.first(_BY_SHAPE, image, *_marks(entry.shape)) is not None
        if entry.box is not None or entry.masks:
            return False
        return self._database.first("SELECT 1 FROM instance WHERE image = ?", image) is not None

    def has_excluded(self, image: int, key: str, shape: Shape) -> bool:
        """By its key or its shape."""
        of_key = "SELECT excluded FROM instance WHERE image = ? AND key = ? ORDER BY excluded DESC"
        row = self._database.first(of_key, image, _text(key))
        if row is not None and row[0]:
            return True
        return any(row[0] for row in self._database.rows(_BY_SHAPE, image, *_marks(shape)))

    def waiting(
        self, image: int, key: str, entry: ImportedInstance, own: InstanceRecord | None = None
    ) -> Waiting | None:
        """An instance that waits for what the entry says, one of the same key first, then one
        without a box: two may be waiting for two objects. own: one with a box, which it is then."""
        if own is not None:
            row = self._database.first("SELECT id FROM instance WHERE record = ?", own.id)
            return Waiting(row[0], own.id, False)
        row = self._database.first(
            "SELECT id, record, known FROM instance WHERE image = ? AND known < 2 "
            "AND NOT excluded AND known < ? ORDER BY key <> ?, known, id",
            *(image, _least_known(entry), _text(key)),
        )
        return None if row is None else Waiting(row[0], row[1], row[2] == Known.FILLS_IMAGE)


def _is_left_out(image: ImageRecord) -> bool:
    """By a person: what undo took back waits for labels as any other frame."""
    return image.excluded is not None and not is_taken_back(image)


def _least_known(entry: ImportedInstance) -> Known:
    """Of instances that are taken for what the entry says: those of which less is known wait for
    it. A box that is all of the image is known enough where neither landmarks come nor a box."""
    says_more = entry.shape.known.any() or (entry.box is not None and not entry.masks)
    return Known.MORE if says_more else Known.FILLS_IMAGE


def own_key(project: Project, record: InstanceRecord) -> str:
    """What an entry of the instance is known by: where it is from, or, of one that was made in the
    project, a name for when its export comes back."""
    if record.source:
        return record.source
    if record.second_opinion_on is not None:
        return f"second opinion on {record.second_opinion_on}"
    return f"{project.name}#{record.id}"


def mark(shape: Shape) -> bytes:
    """Equal for shapes with equal positions and visibilities."""
    return _digest(_bytes(shape) + shape.visibility.tobytes())


def _marks(shape: Shape) -> tuple[bytes, bytes | None]:
    """Its mark; and that of its positions, where it says no more: formats without visibilities say
    of each landmark with a position that it is visible."""
    no_more = np.array_equal(shape.visibility > 1, shape.known)
    return mark(shape), _positions(shape) if no_more else None


def _positions(shape: Shape) -> bytes:
    """Equal for shapes with equal positions."""
    return _digest(_bytes(shape))


def _bytes(shape: Shape) -> bytes:
    """Of 0 and -0, and of the many NaN, there is one each."""
    return np.where(np.isnan(shape.points), np.nan, shape.points + 0.0).tobytes()


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _text(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
