"""What becomes of many instances, and what the journal says of it, written some hundred at a time:
on a server to write each of them is four ways there and back. Inside the caller's transaction."""

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.rows.changes import Change, StoredInstance
from landmark_annotator.projects.store.rows.many_stored import save_many
from landmark_annotator.projects.store.rows.records import Entry


class WritingTogether:
    """Whoever reads one of these instances, or writes anything else to the journal, calls `write`
    before; and so does everybody at the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pairs: dict[int, tuple[StoredInstance, StoredInstance]] = {}
        self._new: list[tuple[Entry, Change | None]] = []

    def waits(self, instance_id: int) -> bool:
        """Whether something of this one is not written yet."""
        return instance_id in self._pairs

    def put(
        self, instance_id: int, before: StoredInstance, after: StoredInstance, entry: Entry
    ) -> None:
        """entry: without its id, and without a change of its own."""
        if self.waits(instance_id) or len(self._pairs) == AT_ONCE:
            self.write()
        self._pairs[instance_id] = before, after
        self._new.append((entry, None))

    def write(self) -> None:
        save_many(self._connection, self._pairs)
        entries.append_many(self._connection, self._new)
        self._pairs, self._new = {}, []
