"""Whose labels an instance holds, and since when: of whoever accepted it last, or imported it
whole."""

from collections.abc import Iterable

from landmark_annotator.projects.store.journal.entries import standing
from landmark_annotator.projects.store.rows.records import Entry


def labellers(journal: Iterable[Entry]) -> dict[int, str]:
    """By instance; see `labellings`."""
    return {instance_id: entry.who for instance_id, entry in labellings(journal).items()}


def labellings(journal: Iterable[Entry]) -> dict[int, Entry]:
    """By instance what made its labels; those that nobody ever accepted or imported are not in it.

    An acceptance that was undone does not count. journal: from the oldest entry on.
    """
    found: dict[int, Entry] = {}
    for entry in standing(reversed(list(journal))):
        if entry.kind.makes_labels and entry.instance_id is not None:
            found.setdefault(entry.instance_id, entry)
    return found
