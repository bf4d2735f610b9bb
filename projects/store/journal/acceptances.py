"""Which acceptance of an instance stands, and what it was."""

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.schema.tables import JournalTable


def accepted_on_sheets(connection: Connection) -> frozenset[int]:
    """Instances whose newest acceptance that stands was on a sheet."""
    kinds = [kind.value for kind in ActionKind if kind.accepts]
    turns = [ActionKind.UNDO.value, ActionKind.REDO.value]
    sheet = ActionKind.SHEET.value
    any_ = select(JournalTable.id).where(JournalTable.kind == sheet).limit(1)
    if connection.execute(any_).first() is None:
        return frozenset()
    query = (
        select(JournalTable.id, JournalTable.kind, JournalTable.target, JournalTable.instance_id)
        .where(JournalTable.kind.in_([*kinds, *turns]))
        .order_by(JournalTable.id.desc())
    )
    rows = connection.execute(query).all()
    about = {row.id: row.instance_id for row in rows}
    last: dict[int | None, str] = {}
    for step in entries.standing(entries.Step(row.id, row.kind, row.target) for row in rows):
        last.setdefault(about[step.id], step.kind)
    return frozenset(i for i, kind in last.items() if i is not None and kind == sheet)


def accepted_by(connection: Connection, instance_id: int) -> str | None:
    """Who accepted or imported the instance last, of what stands; None where nobody did."""
    kinds = [kind.value for kind in ActionKind if kind.makes_labels]
    turns = [ActionKind.UNDO.value, ActionKind.REDO.value]
    query = (
        select(*entries.COLUMNS)
        .where(JournalTable.instance_id == instance_id, JournalTable.kind.in_([*kinds, *turns]))
        .order_by(JournalTable.id.desc())
    )
    newest_first = map(entries.entry_of, connection.execute(query).all())
    return next((entry.who for entry in entries.standing(newest_first)), None)
