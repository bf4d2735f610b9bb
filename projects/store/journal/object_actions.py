"""An object that a person adds to an image. Inside the caller's transaction, journalled; undo takes
it back as it takes back what was restored."""

from dataclasses import replace

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal.acting import act
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.many_stored import save
from landmark_annotator.projects.store.rows.records import ActionKind, Exclusion

_TAKEN_BACK = "its adding was taken back"


def begin_object(connection: Connection, image_id: int, who: str) -> int:
    """What undo takes back stays, and counts no more, as a journal that keeps all needs it."""
    at = clock.now(connection)
    empty = StoredInstance(None, False, {})
    instance_id = instances.add_instance(connection, image_id, empty, None, None)
    gone = replace(empty, excluded=Exclusion(_TAKEN_BACK, who, at))
    save(connection, instance_id, empty, gone)
    act(
        connection,
        instance_id,
        lambda stored: replace(stored, excluded=None),
        kind=ActionKind.RESTORE,
        title="adding of an object",
        who=who,
        at=at,
    )
    return instance_id
