"""Whose labels an instance holds: of whoever accepted it last, or imported it whole."""

from collections.abc import Iterable

from projects.store import ActionKind, Entry

_SAYING = (ActionKind.ACCEPT, ActionKind.IMPORT)


def labellers(journal: Iterable[Entry]) -> dict[int, str]:
    """By instance; those that nobody ever accepted or imported are not in it.

    An acceptance that was undone does not count.
    """
    said: dict[int, list[Entry]] = {}
    undone: set[int] = set()
    for entry in journal:
        if entry.kind in _SAYING and entry.instance_id is not None:
            said.setdefault(entry.instance_id, []).append(entry)
        elif entry.kind is ActionKind.UNDO and entry.target is not None:
            undone.add(entry.target)
        elif entry.kind is ActionKind.REDO and entry.target is not None:
            undone.discard(entry.target)
    found = {}
    for instance_id, entries in said.items():
        standing = [entry.who for entry in entries if entry.id not in undone]
        if standing:
            found[instance_id] = standing[-1]
    return found
