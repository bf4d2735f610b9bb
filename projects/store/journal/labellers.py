"""Whose labels an instance holds, and since when: of whoever accepted it last, or imported it
whole. Of the journal no more is read than says that."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal.entries import standing
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.schema.tables import JournalTable

_KINDS = [kind.value for kind in ActionKind if kind.makes_labels]
_KINDS += [ActionKind.TAKE_BACK.value, ActionKind.UNDO.value, ActionKind.REDO.value]
_CHUNK = 10_000
_AT_ONCE = 500
"""Instances of one question; a database takes no list of any length."""
_FEW = 20_000
"""Instances that are asked for by name; of more, the journal is read from its end on."""


class Labelling(NamedTuple):
    """at: aware, UTC."""

    who: str
    at: datetime


class _Step(NamedTuple):
    id: int
    kind: str
    target: int | None
    instance_id: int | None
    who: str
    at: datetime


_COLUMNS = (
    JournalTable.id,
    JournalTable.kind,
    JournalTable.target,
    JournalTable.instance_id,
    JournalTable.who,
    JournalTable.at,
)
_NEWEST_FIRST = (
    select(*_COLUMNS).where(JournalTable.kind.in_(_KINDS)).order_by(JournalTable.id.desc())
)


def labellings(
    connection: Connection, among: Collection[int] | None = None
) -> dict[int, Labelling]:
    """By instance, of all or of these; those that nobody ever accepted or imported are not in it.

    An acceptance that was undone does not count, nor an import that was taken back.
    """
    wanted = None if among is None else list(among)
    if wanted is None or len(wanted) > _FEW:
        found = _of_steps(_steps(connection, None))
        return found if wanted is None else {i: found[i] for i in wanted if i in found}
    some: dict[int, Labelling] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some |= _of_steps(_steps(connection, wanted[start : start + _AT_ONCE]))
    return some


def _of_steps(newest_first: Iterator[_Step]) -> dict[int, Labelling]:
    found: dict[int, Labelling | None] = {}
    for step in standing(newest_first):
        if step.instance_id is not None:
            taken_back = step.kind == ActionKind.TAKE_BACK
            found.setdefault(step.instance_id, None if taken_back else Labelling(step.who, step.at))
    return {i: labelling for i, labelling in found.items() if labelling is not None}


def _steps(connection: Connection, instances: Collection[int] | None) -> Iterator[_Step]:
    """From the newest on, read in chunks, so that others may write in between."""
    query = _NEWEST_FIRST
    if instances is not None:
        query = query.where(JournalTable.instance_id.in_(instances))
    before: int | None = None
    while True:
        older = query if before is None else query.where(JournalTable.id < before)
        rows = connection.execute(older.limit(_CHUNK)).all()
        yield from (_Step(*row) for row in rows)
        if len(rows) < _CHUNK:
            return
        before = rows[-1].id
