"""Shapes as they are stored, read in bulk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    select,
)

from landmark_annotator.projects.store.rows.changes import LandmarkRow
from landmark_annotator.projects.store.rows.exclusions import excluded_ids
from landmark_annotator.projects.store.rows.instances import instance, instances, some
from landmark_annotator.projects.store.rows.records import (
    Alike,
    InstanceRecord,
    InstanceState,
    unknown,
)
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.tables import LandmarkTable
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility

_COLUMNS = (
    LandmarkTable.instance_id,
    LandmarkTable.landmark,
    LandmarkTable.x,
    LandmarkTable.y,
    LandmarkTable.visibility,
    LandmarkTable.provenance,
    LandmarkTable.xx,
    LandmarkTable.xy,
    LandmarkTable.yy,
)
_UNKNOWN = float("inf")
_ABSENT = max(Visibility) + 1
_STATES = _ABSENT + 1
"""Of a landmark in bulk: its visibility, or that it is absent."""


class _Provenances(dict[str | None, Provenance | None]):
    def __missing__(self, word: str | None) -> Provenance | None:
        raise unknown(f"a landmark that is {word!a:.40}")


_PROVENANCES = _Provenances()
_PROVENANCES[None] = None
_PROVENANCES.update((p.value, p) for p in Provenance)
_CHUNK = 500
"""Instances whose rows are read at a time: a few megabytes."""


def shape(connection: Connection, scheme: StoredScheme, instance_id: int) -> Shape:
    """Unknown where there is no row. Raises ProjectError where there is no such instance."""
    instance(connection, instance_id)
    return read_shapes(connection, scheme, [instance_id])[0]


def shape_of(rows: Mapping[int, LandmarkRow], scheme: StoredScheme) -> Shape:
    """What these rows say, by number, of the scheme's landmarks."""
    size = len(scheme)
    points, covariances = np.full((size, 2), np.nan), np.full((size, 2, 2), np.nan)
    visibility = np.full(size, Visibility.NOT_LABELLED, dtype=np.int8)
    provenance: list[Provenance | None] = [None] * size
    for place, row in scheme.by_place(rows).items():
        visibility[place] = row.visibility
        provenance[place] = _PROVENANCES[row.provenance]
        if row.position is not None:
            points[place] = row.position
        if row.xx is not None and row.xy is not None and row.yy is not None:
            covariances[place] = [[row.xx, row.xy], [row.xy, row.yy]]
    return Shape(points, visibility, tuple(provenance), covariances)


def shapes(
    connection: Connection,
    scheme: StoredScheme,
    state: InstanceState | None,
    bare: bool = False,
    excluded: bool = False,
    among: Sequence[int] | None = None,
    most: int | None = None,
) -> Iterator[tuple[InstanceRecord, Shape]]:
    """In the order of the images, some hundred instances a query.

    bare: positions, visibilities and what is absent alone, several times faster. excluded: with
    those that were left out. among: of these instances alone, without a look at any other.
    most: of the first so many.
    """
    if among is None:
        wanted = instances(connection, state=state, excluded=excluded, most=most)
    else:
        wanted = [r for r in some(connection, among, excluded) if state in (None, r.state)][:most]
    read = _read_bare if bare else read_shapes
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        yield from zip(chunk, read(connection, scheme, [r.id for r in chunk]), strict=True)


def tally(connection: Connection, scheme: StoredScheme) -> dict[int, list[Alike]]:
    """By instance; those of which nothing is stored are not in it. Counted in the database."""
    known = LandmarkTable.x.is_not(None)
    alike = (LandmarkTable.instance_id, LandmarkTable.visibility, LandmarkTable.provenance, known)
    counts = LandmarkTable.instance_id.not_in(excluded_ids())
    query = select(*alike, func.count()).where(scheme.rows, counts).group_by(*alike)
    found: dict[int, list[Alike]] = {}
    with connection.execute(query) as result:
        rows: Iterable[Any] = result.cursor.fetchall() if result.cursor is not None else ()
        for instance_id, visibility, provenance, is_known, count in rows:
            entry = Alike(visibility, _PROVENANCES[provenance], bool(is_known), count)
            found.setdefault(instance_id, []).append(entry)
    return found


def positions(connection: Connection, scheme: StoredScheme) -> tuple[int, ...]:
    """Of each of the L landmarks, in how many instances it has a position."""
    query = (
        select(LandmarkTable.landmark, func.count())
        .where(scheme.rows, LandmarkTable.x.is_not(None))
        .group_by(LandmarkTable.landmark)
    )
    counts: Iterable[Any] = connection.execute(query).all()
    found = scheme.by_place(dict(counts))
    return tuple(found.get(place, 0) for place in range(len(scheme)))


@lru_cache(maxsize=8)
def _query(columns: tuple[Any, ...], of_scheme: ColumnElement[bool]) -> Select[Any]:
    """The same object for the same question: SQLAlchemy knows it again without taking it apart."""
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    return select(*columns).where(LandmarkTable.instance_id.in_(ids), of_scheme)


def _rows(
    connection: Connection, scheme: StoredScheme, columns: tuple[Any, ...], ids: Sequence[int]
) -> Sequence[Any]:
    """The driver's own tuples: SQLAlchemy's rows would take as long again as reading them."""
    with connection.execute(_query(columns, scheme.rows), {"ids": ids}) as result:
        rows: Sequence[Any] = result.cursor.fetchall() if result.cursor is not None else ()
        return rows


def read_shapes(connection: Connection, scheme: StoredScheme, ids: Sequence[int]) -> list[Shape]:
    """Of each of these. Column by column into arrays over N instances: per row, Python does next
    to nothing."""
    size = len(scheme)
    points = np.full((len(ids), size, 2), np.nan)
    visibility = np.full((len(ids), size), Visibility.NOT_LABELLED, dtype=np.int8)
    provenance: list[list[Provenance | None]] = [[None] * size for _ in ids]
    covariances = np.full((len(ids), size, 2, 2), np.nan)
    rows = _rows(connection, scheme, _COLUMNS, ids)
    if rows:
        owners, landmarks, x, y, visible, sources, xx, xy, yy = zip(*rows, strict=True)
        index_of = {instance_id: n for n, instance_id in enumerate(ids)}
        ns = [index_of[owner] for owner in owners]
        places = scheme.placed(landmarks)
        at = np.array(ns), places
        # NULL becomes NaN on the way to a number.
        points[at] = np.array([x, y], dtype=np.float64).T
        visibility[at] = visible
        covariances[at] = np.array([xx, xy, xy, yy], dtype=np.float64).T.reshape(-1, 2, 2)
        for n, place, source in zip(ns, places.tolist(), sources, strict=True):
            provenance[n][place] = _PROVENANCES[source]
    return [
        Shape(points[n], visibility[n], tuple(provenance[n]), covariances[n])
        for n in range(len(ids))
    ]


@lru_cache(maxsize=8)
def _bare_columns(stride: int) -> tuple[Any, ...]:
    """stride: more than any landmark's number."""
    of_instance = LandmarkTable.instance_id * stride + LandmarkTable.landmark
    said = LandmarkTable.provenance.is_not(None) & LandmarkTable.x.is_(None)
    absent = said & (LandmarkTable.visibility == int(Visibility.NOT_LABELLED))
    return (
        of_instance * _STATES + case((absent, _ABSENT), else_=LandmarkTable.visibility),
        func.coalesce(LandmarkTable.x, _UNKNOWN),  # NULL is no number
        func.coalesce(LandmarkTable.y, _UNKNOWN),
    )


def _read_bare(connection: Connection, scheme: StoredScheme, ids: Sequence[int]) -> list[Shape]:
    """As few columns as can be, and all of them numbers, which go into an array as they come."""
    size = len(scheme)
    points = np.full((len(ids), size, 2), np.nan)
    visibility = np.full((len(ids), size), Visibility.NOT_LABELLED, dtype=np.int8)
    stride = max(scheme.numbers) + 1
    columns = _bare_columns(stride)
    rows = _rows(connection, scheme, columns, ids)
    numbers = np.fromiter(chain.from_iterable(rows), np.float64, len(columns) * len(rows))
    table = numbers.reshape(-1, len(columns))
    # A float64 holds whole numbers up to 9e15 exactly.
    which, visible = np.divmod(table[:, 0].astype(np.int64), _STATES)
    owners, numbers = np.divmod(which, stride)
    order = np.argsort(ids)
    at = order[np.searchsorted(ids, owners, sorter=order)], scheme.placed(numbers)
    points[at] = np.where(table[:, 1:] == _UNKNOWN, np.nan, table[:, 1:])
    visibility[at] = np.where(visible == _ABSENT, Visibility.NOT_LABELLED, visible)
    marks: dict[int, list[Provenance | None]] = {}
    for row in np.flatnonzero(visible == _ABSENT).tolist():
        marks.setdefault(int(at[0][row]), [None] * size)[at[1][row]] = Provenance.CLICKED
    return [Shape(points[n], visibility[n], marks.get(n)) for n in range(len(ids))]
