"""Whose labels an instance holds, and since when: of whoever accepted it last, or imported it
whole. Of the journal no more is read than says that."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal.entries import standing
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.schema.tables import JournalTable

_TAKES_BACK = (ActionKind.UNDO, ActionKind.REDO)
_MAKES = [kind for kind in ActionKind if kind.makes_labels]
_MAKES += [ActionKind.TAKE_BACK, *_TAKES_BACK]
_BEGINS = [
    ActionKind.CLICK,
    ActionKind.CONFIRM,
    ActionKind.VISIBILITY,
    ActionKind.CLEAR,
    ActionKind.BOX,
    ActionKind.RESHAPE,
    ActionKind.MASK,
    ActionKind.MASKS,
    *_TAKES_BACK,
]
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


def labellings(
    connection: Connection, among: Collection[int] | None = None
) -> dict[int, Labelling]:
    """By instance, of all or of these; those that nobody ever accepted or imported are not in it.

    An acceptance that was undone does not count, nor an import that was taken back.
    """
    return _labellings(connection, _MAKES, among)


def beginnings(
    connection: Connection, among: Collection[int] | None = None
) -> dict[int, Labelling]:
    """By instance, of all or of these, who did something on its labels last that was not undone,
    whoever has accepted or imported them."""
    return _labellings(connection, _BEGINS, among)


def _labellings(
    connection: Connection, kinds: Sequence[ActionKind], among: Collection[int] | None
) -> dict[int, Labelling]:
    wanted = None if among is None else list(among)
    if wanted is None or len(wanted) > _FEW:
        found = _of_steps(_steps(connection, kinds, None))
        return found if wanted is None else {i: found[i] for i in wanted if i in found}
    some: dict[int, Labelling] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some |= _of_steps(_steps(connection, kinds, wanted[start : start + _AT_ONCE]))
    return some


def _of_steps(newest_first: Iterator[_Step]) -> dict[int, Labelling]:
    found: dict[int, Labelling | None] = {}
    for step in standing(newest_first):
        if step.instance_id is not None:
            taken_back = step.kind == ActionKind.TAKE_BACK
            found.setdefault(step.instance_id, None if taken_back else Labelling(step.who, step.at))
    return {i: labelling for i, labelling in found.items() if labelling is not None}


def _steps(
    connection: Connection, kinds: Sequence[ActionKind], instances: Collection[int] | None
) -> Iterator[_Step]:
    """From the newest on, read in chunks, so that others may write in between."""
    named = [kind.value for kind in kinds]
    query = select(*_COLUMNS).where(JournalTable.kind.in_(named)).order_by(JournalTable.id.desc())
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
