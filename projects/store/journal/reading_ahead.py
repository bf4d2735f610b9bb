"""What a step about many instances turns, read some hundred at a time: on a server to read each of
them is five ways there and back. Inside the caller's transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.journal import change_json, entries
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.changes import Change, StoredInstance
from landmark_annotator.projects.store.rows.many_stored import hold_many, load_many
from landmark_annotator.projects.store.rows.records import Entry


class ReadAhead:
    """step: the entries that are turned, in that order."""

    def __init__(self, connection: Connection, step: Sequence[Entry]) -> None:
        self._connection = connection
        self._left = [each for each in step if each.instance_id is not None]
        self._changes: dict[int, str | None] = {}
        self._stored: dict[int, StoredInstance] = {}

    def take(self, about: Entry) -> tuple[Change, StoredInstance]:
        """What the entry changed, and its instance as it is, which nobody else changes until the
        transaction ends. Raises ProjectError where there is no such instance."""
        assert about.instance_id is not None
        if about.id not in self._changes and len(self._left) > 1:
            self._read()
        now = self._stored.pop(about.instance_id, None)
        if now is None:
            now = instances.load(self._connection, about.instance_id)
        if about.id not in self._changes:
            return entries.change_of(self._connection, about.id), now
        return change_json.from_json(self._changes.pop(about.id) or ""), now

    def forget(self) -> None:
        """Other instances than those that were taken have been changed."""
        self._stored.clear()

    def _read(self) -> None:
        chunk, self._left = self._left[:AT_ONCE], self._left[AT_ONCE:]
        self._changes = entries.changes_of(self._connection, [each.id for each in chunk])
        # Of an instance that two entries are about, the second one needs it as the first left it.
        ids = sorted({each.instance_id for each in chunk if each.instance_id is not None})
        hold_many(self._connection, ids)
        self._stored = load_many(self._connection, ids)
