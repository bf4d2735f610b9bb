"""What somebody made of a shape while somebody else had it in hands, or changed it: kept beside
it, under its author's name, until one of the two is chosen. One that is open a person and shape.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import change_json
from landmark_annotator.projects.store.rows.changes import Change, StoredInstance
from landmark_annotator.projects.store.rows.exclusions import excluded_ids
from landmark_annotator.projects.store.schema.people_tables import AlternativeTable

_NOTHING = StoredInstance(None, False, {})
_COLUMNS = (
    AlternativeTable.id,
    AlternativeTable.instance_id,
    AlternativeTable.who,
    AlternativeTable.at,
    AlternativeTable.title,
    AlternativeTable.content,
)


@dataclass(frozen=True)
class KeptShape:
    """stored: the instance as its author has it. title: the author's last action on it."""

    id: int
    instance_id: int
    who: str
    at: datetime
    title: str
    stored: StoredInstance


def open_ones(
    connection: Connection, instance_id: int | None = None, ids: Collection[int] | None = None
) -> list[KeptShape]:
    """Between which nobody has chosen: of one instance, or of all that count; the oldest first."""
    query = select(*_COLUMNS).where(AlternativeTable.settled_at.is_(None))
    if instance_id is not None:
        query = query.where(AlternativeTable.instance_id == instance_id)
    elif ids is None:
        query = query.where(AlternativeTable.instance_id.not_in(excluded_ids()))
    if ids is not None:
        query = query.where(AlternativeTable.id.in_(ids))
    rows = connection.execute(query.order_by(AlternativeTable.id)).all()
    return [
        KeptShape(
            row.id,
            row.instance_id,
            row.who,
            row.at,
            row.title,
            change_json.from_json(row.content).apply(_NOTHING),
        )
        for row in rows
    ]


def own(connection: Connection, instance_id: int, who: str) -> KeptShape | None:
    """The one of this person that is open."""
    return next((kept for kept in open_ones(connection, instance_id) if kept.who == who), None)


def keep(
    connection: Connection, instance_id: int, who: str, stored: StoredInstance, title: str
) -> None:
    """In the place of the person's own that is open."""
    bare = replace(stored, flag=None, review=None, excluded=None)
    content = change_json.to_json(Change.between(_NOTHING, bare))
    values = {"at": clock.now(connection), "title": title, "content": content}
    before = own(connection, instance_id, who)
    if before is not None:
        about = update(AlternativeTable).where(AlternativeTable.id == before.id)
        connection.execute(about.values(values))
    else:
        new = insert(AlternativeTable)
        connection.execute(new.values(instance_id=instance_id, who=who, **values))


def settle(
    connection: Connection,
    ids: Collection[int],
    who: str,
    at: datetime | None = None,
    *,
    chosen: bool,
) -> None:
    """chosen: whether they are the shape now, or what was there stays. at: now, if not given."""
    about = update(AlternativeTable).where(AlternativeTable.id.in_(ids))
    about = about.where(AlternativeTable.settled_at.is_(None))
    connection.execute(
        about.values(settled_by=who, settled_at=at or clock.now(connection), chosen=chosen)
    )


def reopen(connection: Connection, instance_id: int, at: datetime) -> None:
    """Those that were settled at that moment: the choice is taken back."""
    about = update(AlternativeTable).where(
        AlternativeTable.instance_id == instance_id, AlternativeTable.settled_at == at
    )
    connection.execute(about.values(settled_by=None, settled_at=None, chosen=None))
