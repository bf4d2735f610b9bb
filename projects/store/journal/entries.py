"""The journal: every action of a person, in order, for good."""

import json
import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from numbers import Real
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.database import inserted_id
from landmark_annotator.projects.store.engine.many_rows import AT_ONCE, is_among
from landmark_annotator.projects.store.journal import change_json, track_json
from landmark_annotator.projects.store.journal.track_json import TrackChange
from landmark_annotator.projects.store.rows.changes import Change
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    Entry,
    Point,
)
from landmark_annotator.projects.store.schema.tables import JournalTable
from landmark_annotator.projects.vocabulary.errors import ProjectError

COLUMNS = (
    JournalTable.id,
    JournalTable.at,
    JournalTable.who,
    JournalTable.kind,
    JournalTable.instance_id,
    JournalTable.landmark,
    JournalTable.from_x,
    JournalTable.from_y,
    JournalTable.to_x,
    JournalTable.to_y,
    JournalTable.proposed_x,
    JournalTable.proposed_y,
    JournalTable.duration,
    JournalTable.title,
    JournalTable.target,
    JournalTable.image_id,
)
_CHUNK = 2000
_NEW = insert(JournalTable)
_ONE = select(*COLUMNS).where(JournalTable.id == bindparam("entry"))
_CHANGES = select(JournalTable.changes).where(JournalTable.id == bindparam("entry"))
_WRITTEN = "journal entries written"
"""Of a connection: the ids of those that came by it."""


class Step(NamedTuple):
    """As much of an entry as undo goes by."""

    id: int
    kind: str
    target: int | None
    title: str = ""


class _Turned(Protocol):
    @property
    def id(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def target(self) -> int | None: ...


_Step = TypeVar("_Step", bound=_Turned)


def standing(newest_first: Iterable[_Step]) -> Iterator[_Step]:
    """What was done and not undone, or was redone; reads no further than it is asked for.

    newest_first: all entries, or all of one person or one instance.
    """
    undone: dict[int, bool] = {}
    for step in newest_first:
        if not _is_turn(step, undone) and not undone.get(step.id, False):
            yield step


def undone_last(newest_first: Iterable[_Step]) -> list[int]:
    """Ids of what was undone and not redone since the newest action."""
    undone: dict[int, bool] = {}
    for step in newest_first:
        if not _is_turn(step, undone):
            break
    return [entry_id for entry_id, still in undone.items() if still]


def _is_turn(step: _Turned, undone: dict[int, bool]) -> bool:
    """Whether it is an undo or redo. The newest one of an action says whether that is undone."""
    if step.target is None:
        return False
    undone.setdefault(step.target, step.kind == ActionKind.UNDO)
    return True


def import_title(source: str | None) -> str:
    return f"import of {source or 'a shape'}"


def append_imports(
    connection: Connection, brought: Iterable[tuple[str, datetime | None, str, int, str]]
) -> None:
    """Of each who, when (None: now), what it came from, the instance's id and the digest."""
    now = clock.now(connection)
    rows = [
        {
            "at": at or now,
            "who": who,
            "kind": ActionKind.IMPORT.value,
            "instance_id": instance_id,
            "title": import_title(source),
            "changes": digest,
        }
        for who, at, source, instance_id, digest in brought
    ]
    if rows:
        connection.execute(insert(JournalTable), rows)


def append(
    connection: Connection,
    *,
    who: str,
    kind: ActionKind,
    title: str,
    instance_id: int | None,
    change: Change | None = None,
    schemes: tuple[int, int] | None = None,
    image_id: int | None = None,
    of_image: change_json.Exclusions | None = None,
    of_tracks: TrackChange | None = None,
    scales: str | None = None,
    imported: str | None = None,
    landmark: int | None = None,
    from_: Point | None = None,
    to: Point | None = None,
    proposed: Point | None = None,
    duration: float | None = None,
    target: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """change, or schemes (ids before and after), or of_image (of the image image_id), or
    of_tracks, or scales (see `scale_actions`): what undo turns back; none of them for what is not
    undone. An undo or redo has none of them but where it turned tracks in part: what it changed.
    imported: the digest of what came in. landmark: by its number. at: now, where not given."""
    entry = Entry(
        0,
        at or clock.now(connection),
        who,
        kind,
        instance_id,
        landmark,
        from_,
        to,
        proposed,
        duration,
        title,
        target,
        image_id,
    )
    changes = imported or scales or _changes(change, schemes, of_image, of_tracks)
    return _appended(connection, entry, changes)


def append_one(connection: Connection, entry: Entry, change: Change | None) -> Entry:
    """As `append`. entry: without its id, which it has in what is returned."""
    return _appended(connection, entry, _changes(change))


def append_many(connection: Connection, new: Sequence[tuple[Entry, Change | None]]) -> list[Entry]:
    """As `append_one`, of each of these, in their order."""
    if not new:
        return []
    values = [_values(entry, _changes(change)) for entry, change in new]
    put = _NEW.returning(JournalTable.id, sort_by_parameter_order=True)
    ids = [int(number) for number in connection.execute(put, values).scalars()]
    connection.info.setdefault(_WRITTEN, set()).update(ids)
    return [replace(entry, id=number) for number, (entry, _) in zip(ids, new, strict=True)]


def _appended(connection: Connection, entry: Entry, changes: str | None) -> Entry:
    entry_id = inserted_id(connection.execute(_NEW, _values(entry, changes)))
    connection.info.setdefault(_WRITTEN, set()).add(entry_id)
    return replace(entry, id=entry_id)


def _values(entry: Entry, changes: str | None) -> dict[str, Any]:
    """Of a row, without its id. Raises ProjectError where it cannot be so."""
    _refuse_nobody(entry.who)
    duration = entry.duration
    if duration is not None and not (isinstance(duration, Real) and 0 <= duration < math.inf):
        raise ProjectError(
            f"An action takes 0 seconds or more, not {duration!r}.",
            kept="Nothing was changed.",
            remedy="Give how long it took in seconds, or leave it out.",
        )
    from_x, from_y = entry.from_ or (None, None)
    to_x, to_y = entry.to or (None, None)
    proposed_x, proposed_y = entry.proposed or (None, None)
    return {
        "at": entry.at,
        "who": entry.who,
        "kind": entry.kind.value,
        "instance_id": entry.instance_id,
        "landmark": entry.landmark,
        "from_x": from_x,
        "from_y": from_y,
        "to_x": to_x,
        "to_y": to_y,
        "proposed_x": proposed_x,
        "proposed_y": proposed_y,
        "duration": duration,
        "title": entry.title,
        "changes": changes,
        "target": entry.target,
        "image_id": entry.image_id,
    }


def _refuse_nobody(who: str) -> None:
    """What else a name cannot be, the column says."""
    if isinstance(who, str) and not who.strip():
        raise ProjectError(
            "The name of who does this is empty.",
            kept="Nothing was changed.",
            remedy="Give a name.",
        )


def _changes(
    change: Change | None,
    schemes: tuple[int, int] | None = None,
    of_image: change_json.Exclusions | None = None,
    of_tracks: TrackChange | None = None,
) -> str | None:
    if schemes is not None:
        return json.dumps({"schemes": schemes})
    if of_image is not None:
        return change_json.image_to_json(of_image)
    if of_tracks is not None:
        return track_json.to_json(of_tracks)
    return None if change is None else change_json.to_json(change)


def _point(x: float | None, y: float | None) -> Point | None:
    return None if x is None or y is None else (x, y)


def entry_of(row: Any) -> Entry:
    """row: with COLUMNS."""
    return Entry(
        id=row.id,
        at=row.at,
        who=row.who,
        kind=ActionKind.stored(row.kind),
        instance_id=row.instance_id,
        landmark=row.landmark,
        from_=_point(row.from_x, row.from_y),
        to=_point(row.to_x, row.to_y),
        proposed=_point(row.proposed_x, row.proposed_y),
        duration=row.duration,
        title=row.title,
        target=row.target,
        image_id=row.image_id,
    )


def entry(connection: Connection, entry_id: int) -> Entry:
    return entry_of(connection.execute(_ONE, {"entry": entry_id}).one())


def some(connection: Connection, ids: Sequence[int]) -> Iterator[Entry]:
    """Those of these ids, in the order in which they were written."""
    for start in range(0, len(ids), AT_ONCE):
        these = is_among(connection, JournalTable.id, ids[start : start + AT_ONCE])
        query = select(*COLUMNS).where(these).order_by(JournalTable.id)
        yield from map(entry_of, connection.execute(query))


def change_of(connection: Connection, entry_id: int) -> Change:
    """Of an entry that can be undone."""
    text = connection.execute(_CHANGES, {"entry": entry_id}).scalar_one()
    return change_json.from_json(text or "")


def changes_of(connection: Connection, ids: Sequence[int]) -> dict[int, str | None]:
    """By entry, of at most `AT_ONCE`, as `change_json` reads them."""
    query = select(JournalTable.id, JournalTable.changes)
    query = query.where(is_among(connection, JournalTable.id, ids))
    return {row.id: row.changes for row in connection.execute(query)}


def change_of_image(connection: Connection, entry_id: int) -> change_json.Exclusions:
    """Of an entry about a whole image."""
    query = select(JournalTable.changes).where(JournalTable.id == entry_id)
    return change_json.image_from_json(connection.execute(query).scalar_one() or "")


def change_of_tracks(connection: Connection, entry_id: int) -> TrackChange:
    """Of an entry of kind TRACK."""
    query = select(JournalTable.changes).where(JournalTable.id == entry_id)
    return track_json.from_json(connection.execute(query).scalar_one() or "")


def turned_in_part(connection: Connection, entry_id: int) -> TrackChange | None:
    """What the newest undo or redo of an entry of kind TRACK changed; None where it turned all."""
    query = (
        select(JournalTable.changes)
        .where(JournalTable.target == entry_id)
        .order_by(JournalTable.id.desc())
    )
    text = connection.scalars(query.limit(1)).first()
    return None if text is None else track_json.from_json(text)


def schemes_of(connection: Connection, entry_id: int) -> tuple[int, int]:
    """The ids before and after, of the entry of a change of the scheme."""
    query = select(JournalTable.changes).where(JournalTable.id == entry_id)
    before, after = json.loads(connection.execute(query).scalar_one() or "")["schemes"]
    return before, after


def entries(connection: Connection, instance_id: int | None) -> Iterator[Entry]:
    """From the oldest on, read in chunks, so that others may write in between."""
    last = 0
    while True:
        query = select(*COLUMNS).where(JournalTable.id > last)
        if instance_id is not None:
            query = query.where(JournalTable.instance_id == instance_id)
        rows = connection.execute(query.order_by(JournalTable.id).limit(_CHUNK)).all()
        yield from map(entry_of, rows)
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def people(connection: Connection, kinds: Iterable[ActionKind]) -> tuple[str, ...]:
    """Who has ever done anything of these kinds, in the order of the alphabet."""
    wanted = JournalTable.kind.in_([kind.value for kind in kinds])
    query = select(JournalTable.who).where(wanted).distinct().order_by(JournalTable.who)
    return tuple(connection.execute(query).scalars())


def since(connection: Connection, instance_id: int, after: int) -> list[Entry]:
    """Of one instance, what came after the entry of this id."""
    query = (
        select(*COLUMNS)
        .where(JournalTable.instance_id == instance_id, JournalTable.id > after)
        .order_by(JournalTable.id)
    )
    return [entry_of(row) for row in connection.execute(query).all()]


def newest(connection: Connection) -> int:
    """The id; 0 where there is none."""
    return connection.execute(select(func.max(JournalTable.id))).scalar() or 0


def touched(connection: Connection, after: int) -> set[int | None]:
    """Instances of which there is something after the entry of this id; None for what is about no
    single one."""
    query = select(JournalTable.instance_id).where(JournalTable.id > after).distinct()
    return set(connection.execute(query).scalars())


def written_by(connection: Connection) -> Container[int]:
    """The ids of the entries that came by this connection."""
    written: set[int] = connection.info.get(_WRITTEN, set())
    return written
