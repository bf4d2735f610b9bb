"""The part of a project that remembers: the journal, and undo and redo, which go by it."""

from collections.abc import Iterator

from projects.store.journal import entries
from projects.store.journal import undo as undo_module
from projects.store.open_project import Opened
from projects.store.rows.records import ActionKind, Entry, Spend, TimedEntry


class History(Opened):
    """The journal only grows; undo appends to it."""

    def undo(self, who: str) -> Entry | None:
        """Turn the person's last action back, on whatever image, and return it; None: no more.

        Raises ProjectError where somebody else has changed the same rows since.
        """
        with self._database.writing() as connection:
            return undo_module.turn(connection, ActionKind.UNDO, who)

    def redo(self, who: str) -> Entry | None:
        """Do again what was undone last and return it. Any new action ends what can be redone."""
        with self._database.writing() as connection:
            return undo_module.turn(connection, ActionKind.REDO, who)

    def undoable(self, who: str) -> Entry | None:
        return undo_module.undoable(self._reading, who)

    def redoable(self, who: str) -> Entry | None:
        return undo_module.redoable(self._reading, who)

    def journal(self, instance_id: int | None = None) -> Iterator[Entry]:
        """From the oldest entry on; of one instance or of all."""
        return entries.entries(self._reading, instance_id)

    def timed_actions(self, after: int = 0) -> Iterator[TimedEntry]:
        """The actions whose duration is known, from the entry after this id on."""
        return entries.timed_actions(self._reading, after)

    def spend(self, who: str | None = None) -> Spend:
        """What is recorded of one person, or of all: undone actions count, and so do pauses."""
        return entries.spend(self._reading, who)
