"""Whose labels an instance holds: of whoever accepted it last, or imported it whole."""

from collections.abc import Iterable

from projects.store.journal.entries import standing
from projects.store.rows.records import ActionKind, Entry


def labellers(journal: Iterable[Entry]) -> dict[int, str]:
    """By instance; those that nobody ever accepted or imported are not in it.

    An acceptance that was undone does not count. journal: from the oldest entry on.
    """
    found: dict[int, str] = {}
    for entry in standing(reversed(list(journal))):
        said = entry.kind.accepts or entry.kind is ActionKind.IMPORT
        if said and entry.instance_id is not None:
            found.setdefault(entry.instance_id, entry.who)
    return found
