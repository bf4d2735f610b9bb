"""The scheme as a project stores it: every landmark under a number that is its own for good.

Rows and journal name landmarks by these numbers, so that a change of the scheme (another order, a
landmark more or fewer) touches no row: what was stored of a landmark that went is there again as
soon as it comes back. Outside the store a landmark is its place in the scheme, as everywhere.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, func, insert, select, true, update

from landmark_annotator.projects.store.engine.database import inserted_id
from landmark_annotator.projects.store.engine.postgres import hold_scheme, only_scheme
from landmark_annotator.projects.store.rows.records import Entry
from landmark_annotator.projects.store.schema.tables import LandmarkTable, ProjectTable, SchemeTable
from landmark_annotator.projects.vocabulary import Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.errors import SchemeError
from landmark_annotator.projects.vocabulary.former_scheme import FormerScheme

Value = TypeVar("Value")

_SCHEME = (
    SchemeTable.id,
    SchemeTable.name,
    SchemeTable.version,
    SchemeTable.json,
    SchemeTable.numbers,
    SchemeTable.region_numbers,
)
_OLDEST_FIRST = select(*_SCHEME).order_by(SchemeTable.id)
_NEWEST_FIRST = select(*_SCHEME).order_by(SchemeTable.id.desc())
_WITH_CURRENT = select(*_SCHEME, ProjectTable.scheme_id.label("current")).join(ProjectTable, true())
_CURRENT = select(ProjectTable.scheme_id)
"""Asked whenever a project is opened, which every reading beside the window does, or something is
proposed: put together once."""

FIRST = 1
"""The id of the scheme that a project was made with."""


@dataclass(frozen=True)
class StoredScheme:
    """id: of its row. numbers: L of them, under which each landmark of the scheme is stored;
    region_numbers: the same of its regions."""

    id: int
    scheme: Scheme
    numbers: tuple[int, ...]
    region_numbers: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.scheme)

    @cached_property
    def rows(self) -> ColumnElement[bool]:
        """Of the landmarks that the scheme has; those that went keep theirs."""
        return _rows_of(self.numbers)

    @cached_property
    def measure(self) -> tuple[frozenset[int], frozenset[int]]:
        """What an error in percent is the mean over, and what it is divided by, none for the box:
        errors by two schemes of which these differ cannot be compared."""
        pair = self.scheme.normaliser or ()
        return frozenset(self.numbers), frozenset(self.numbers[place] for place in pair)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Of each number, where its landmark stands in the scheme; those that went are not here."""
        return {number: place for place, number in enumerate(self.numbers)}

    @cached_property
    def regions(self) -> Mapping[str, int]:
        """The number of each region by its name."""
        names = (region.name for region in self.scheme.regions)
        return dict(zip(names, self.region_numbers, strict=True))

    def placed(self, numbers: npt.ArrayLike) -> Ints:
        """(N,) where these landmarks stand in the scheme, which has all of them."""
        table = np.zeros(max(self.numbers) + 1, dtype=np.int64)
        table[list(self.numbers)] = np.arange(len(self))
        found: Ints = table[np.asarray(numbers, dtype=np.int64)]
        return found

    def by_place(self, values: Mapping[int, Value]) -> dict[int, Value]:
        """What is given by number, by place; without the landmarks that went."""
        return {self.places[n]: value for n, value in values.items() if n in self.places}

    def seen(self, entry: Entry) -> Entry:
        """A journal's entry with its landmark by place; None where that one went."""
        if entry.landmark is None:
            return entry
        return replace(entry, landmark=self.places.get(entry.landmark))

    def carried(self, values: Floats, earlier: "StoredScheme") -> Floats:
        """An array (L', ...) of an earlier scheme as one of this: NaN where a landmark is new."""
        if earlier.numbers == self.numbers:
            return values
        found = np.full((len(self), *values.shape[1:]), np.nan)
        for place, number in enumerate(self.numbers):
            if number in earlier.places:
                found[place] = values[earlier.places[number]]
        return found


@lru_cache(maxsize=64)
def _rows_of(numbers: tuple[int, ...]) -> ColumnElement[bool]:
    """The same object however often the project is opened: by it questions are known again."""
    if numbers == tuple(range(len(numbers))):
        return LandmarkTable.landmark < len(numbers)  # the quicker question
    return LandmarkTable.landmark.in_(numbers)


def current_id(connection: Connection) -> int:
    return int(connection.execute(_CURRENT).scalar_one())


def read_scheme(connection: Connection, scheme_id: int) -> StoredScheme:
    """With its other versions. Raises ValueError, TypeError or SchemeError where it cannot be
    understood."""
    rows = connection.execute(_NEWEST_FIRST).all()
    wanted = next(row for row in rows if row.id == scheme_id)
    found = _stored(wanted.id, wanted.json, wanted.numbers, wanted.region_numbers)
    former = []
    for row in rows:
        # What holds is not lost with a damaged one that does not.
        with suppress(ValueError, TypeError, AttributeError, SchemeError):
            other = _stored(row.id, row.json, row.numbers, row.region_numbers)
            if other.id != found.id:
                places = tuple(map(found.places.get, other.numbers))
                former.append(FormerScheme(row.version, other.scheme.landmarks, places))
    return replace(found, scheme=replace(found.scheme, former=tuple(former)))


def every_scheme(connection: Connection) -> list[Scheme]:
    """All versions that the project ever had, the newest first, without damaged ones."""
    found = []
    for row in connection.execute(_NEWEST_FIRST).all():
        with suppress(ValueError, TypeError, AttributeError, SchemeError):
            found.append(_stored(row.id, row.json, row.numbers, row.region_numbers).scheme)
    return found


def measuring_alike(connection: Connection) -> list[int]:
    """The ids of the current scheme, and of others with the same measure."""
    if (only := only_scheme(connection)) is not None:
        return [only]
    rows = connection.execute(_WITH_CURRENT).all()
    if len(rows) == 1:
        return [int(rows[0].id)]
    schemes = {r.id: _stored(r.id, r.json, r.numbers, r.region_numbers) for r in rows}
    now = schemes[rows[0].current].measure
    return [number for number, scheme in schemes.items() if scheme.measure == now]


@lru_cache(maxsize=64)
def _stored(
    scheme_id: int, text: str, numbers_text: str | None, regions_text: str | None
) -> StoredScheme:
    scheme = Scheme.from_dict(json.loads(text))
    numbers, regions = (
        tuple(range(size)) if given is None else tuple(int(n) for n in json.loads(given))
        for size, given in (
            (len(scheme), numbers_text),
            (len(scheme.regions), regions_text),
        )
    )
    return StoredScheme(scheme_id, scheme, numbers, regions)


def add_scheme(connection: Connection, change: SchemeChange, now: StoredScheme) -> StoredScheme:
    """The one that comes after `now`, with numbers of their own for the landmarks that are new."""
    stored = (SchemeTable.json, SchemeTable.numbers, SchemeTable.region_numbers)
    used = connection.execute(select(*stored)).all()
    contents = [json.loads(row.json) for row in used]
    numbers = _numbered(
        change.origins,
        now.numbers,
        [(row.numbers, c["landmarks"]) for row, c in zip(used, contents, strict=True)],
    )
    regions = _numbered(
        change.regions_of,
        now.region_numbers,
        [(row.region_numbers, c.get("regions", ())) for row, c in zip(used, contents, strict=True)],
    )
    versions = connection.execute(select(func.max(SchemeTable.version))).scalar_one()
    scheme = replace(change.after, version=int(versions) + 1)
    new = insert(SchemeTable).values(
        name=scheme.name,
        version=scheme.version,
        json=json.dumps(scheme.to_dict(), ensure_ascii=False),
        numbers=json.dumps(numbers),
        region_numbers=json.dumps(regions) if regions else None,
    )
    return read_scheme(connection, inserted_id(connection.execute(new)))


def _numbered(
    origins: Sequence[int | None],
    now: Sequence[int],
    used: Iterable[tuple[str | None, Sequence[object]]],
) -> tuple[int, ...]:
    """The number of each, a free one where it is new. used: of every scheme so far the text of
    its numbers and what has them, in order."""
    free = 1 + max(max(json.loads(t), default=-1) if t else len(these) - 1 for t, these in used)
    numbers = []
    for origin in origins:
        numbers.append(free if origin is None else now[origin])
        free += origin is None
    return tuple(numbers)


def make_current(connection: Connection, scheme_id: int) -> None:
    """Raises ProjectLocked where somebody is writing to a shared project meanwhile."""
    hold_scheme(connection)
    connection.execute(update(ProjectTable).values(scheme_id=scheme_id))
    seal(connection)


def seal(connection: Connection) -> None:
    """Keeps a checksum of all schemes, and of which one holds, in the header of the database.

    Nothing else says what the landmarks are called: a damaged letter would go unnoticed. A server
    looks after its own pages, and its database has no such header.
    """
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql(f"PRAGMA user_version = {_checksum(connection)}")


def is_sealed(connection: Connection) -> bool:
    """Whether there is a checksum."""
    return _kept(connection) != 0


def is_sealed_as_stored(connection: Connection) -> bool:
    """Whether the schemes are those of the checksum, where there is one."""
    kept = _kept(connection)
    return kept is None or kept in (0, _checksum(connection))


def _kept(connection: Connection) -> int | None:
    """None where the database has no header."""
    if connection.dialect.name != "sqlite":
        return None
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)


def _checksum(connection: Connection) -> int:
    """A positive number of 31 bits, as the header holds it."""
    found = [tuple(row) for row in connection.execute(_OLDEST_FIRST).all()]
    # As it was before there were regions, where there are none.
    rows = [row if row[-1] is not None else row[:-1] for row in found]
    content = repr((rows, current_id(connection)))
    return (zlib.crc32(content.encode(errors="surrogatepass")) & 0x7FFFFFFF) or 1
