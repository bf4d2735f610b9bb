"""What people spent on a project, entry by entry: as little of each as that takes, for a year's
journal has millions."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, String, bindparam, select, type_coerce

from landmark_annotator.projects.store.rows.records import ActionKind, WorkDone
from landmark_annotator.projects.store.schema.base import no_time
from landmark_annotator.projects.store.schema.tables import JournalTable

_CHUNK = 10_000
_KINDS = {kind.value: kind for kind in ActionKind}


_ROWS = (
    select(
        JournalTable.id,
        type_coerce(JournalTable.at, String),
        JournalTable.who,
        JournalTable.kind,
        JournalTable.instance_id,
        JournalTable.duration,
        JournalTable.proposed_x.is_(None),
    )
    .where(JournalTable.id > bindparam("after"))
    .order_by(JournalTable.id)
    .limit(_CHUNK)
)


def work_done(connection: Connection) -> Iterator[WorkDone]:
    """From the oldest entry on, read in chunks, so that others may write in between."""
    last, rows = 0, None
    while rows is None or len(rows) == _CHUNK:
        rows = connection.execute(_ROWS, {"after": last}).all()
        for last, at, who, kind, instance_id, duration, by_hand in rows:  # noqa: B007 - for the next
            yield WorkDone(_time(at), who, _KINDS[kind], instance_id, duration, bool(by_hand))


def _time(stored: object) -> datetime:
    """PostgreSQL's driver gives a time, SQLite's the text that is stored. Raises ProjectError."""
    try:
        at = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    except ValueError as error:
        raise no_time(stored) from error
    return at.replace(tzinfo=UTC)
