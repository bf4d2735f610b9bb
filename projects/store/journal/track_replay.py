"""Whether tracks are as the journal says: their names, and which instances are theirs."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal import track_json
from landmark_annotator.projects.store.journal.replay import UNREADABLE
from landmark_annotator.projects.store.rows import tracks
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.schema.tables import JournalTable


def differences(connection: Connection) -> Iterator[str]:
    """In words. Every entry begins where the one before it ended, and the last one's end is what is
    stored."""
    columns = JournalTable.id, JournalTable.kind, JournalTable.changes, JournalTable.target
    of_tracks = select(JournalTable.id).where(JournalTable.kind == ActionKind.TRACK.value)
    about = JournalTable.id.in_(of_tracks) | JournalTable.target.in_(of_tracks)
    changes: dict[int, track_json.TrackChange] = {}
    names: dict[int, Any] = {}
    instances: dict[int, Any] = {}
    for entry_id, kind, text, target in connection.execute(
        select(*columns).where(about).order_by(JournalTable.id)
    ).all():
        try:
            if target is None or text is not None:  # what was turned in part says what it was
                changes[entry_id] = change = track_json.from_json(text or "")
            else:
                change = changes[target]
                change = change.inverse() if kind == ActionKind.UNDO.value else change
        except UNREADABLE as error:
            yield f"entry {entry_id} of the journal cannot be read: {error}"
            return
        for told, said in ((names, change.names), (instances, change.instances)):
            for i, (before, after) in said.items():
                if told.get(i, before) != before:
                    yield f"entry {entry_id} of the journal does not follow"
                told[i] = after
    if tracks.names(connection, names) != names:
        yield "a track is not called as its journal says"
    if tracks.assigned(connection, instances) != instances:
        yield "an object is not of the track that its journal says"
