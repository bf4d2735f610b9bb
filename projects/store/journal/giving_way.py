"""What the program found by itself gives way to what people turn. Inside the caller's transaction.

Where an undo leaves an image without a box, a window looks for one there at once: that came
neither from the person who goes on to redo, nor from another one.
"""

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.changes import Change, StoredInstance
from landmark_annotator.projects.store.rows.many_stored import save
from landmark_annotator.projects.store.rows.records import (
    BY_ITSELF,
    ActionKind,
    Entry,
    InstanceState,
)
from landmark_annotator.projects.store.schema.tables import JournalTable


def give_way(
    connection: Connection, about: Entry, change: Change, now: StoredInstance, who: str
) -> StoredInstance:
    """The instance of the entry as it was before the program found boxes of it by itself since,
    where the change fits that; else as it is now. What is taken back so is undone in the journal.

    change: what turning the entry does.
    """
    assert about.instance_id is not None
    if change.fits(now) or now.state is not InstanceState.UNTOUCHED:
        return now
    before, found = now, list[Entry]()
    steps = reversed(entries.since(connection, about.instance_id, about.id))
    for entry in entries.standing(steps):
        back = entries.change_of(connection, entry.id).inverse() if _by_itself(entry) else None
        if back is None or not back.fits(before):
            return now
        before = back.apply(before)
        found.append(entry)
        if change.fits(before):
            break
    else:
        return now
    for entry in found:
        _take_back(connection, entry, who)
    for entry in found:
        for beside in _found_with(connection, entry):
            back = entries.change_of(connection, beside.id).inverse()
            assert beside.instance_id is not None
            stored = instances.load(connection, beside.instance_id)
            if stored.state is InstanceState.UNTOUCHED and back.fits(stored):
                _take_back(connection, beside, who)
    return before


def _by_itself(entry: Entry) -> bool:
    return entry.kind is ActionKind.FIND and entry.who == BY_ITSELF


def _found_with(connection: Connection, entry: Entry) -> list[Entry]:
    """The other objects of the same look, which would be there beside what people had."""
    query = select(*entries.COLUMNS).where(
        JournalTable.at == entry.at,
        JournalTable.kind == entry.kind.value,
        JournalTable.who == entry.who,
        JournalTable.instance_id != entry.instance_id,
    )
    return [entries.entry_of(row) for row in connection.execute(query)]


def _take_back(connection: Connection, entry: Entry, who: str) -> None:
    assert entry.instance_id is not None
    now = instances.load(connection, entry.instance_id)
    back = entries.change_of(connection, entry.id).inverse()
    save(connection, entry.instance_id, now, back.apply(now))
    entries.append(
        connection,
        who=who,
        kind=ActionKind.UNDO,
        title=f"undo of {entry.title}",
        instance_id=entry.instance_id,
        target=entry.id,
    )
