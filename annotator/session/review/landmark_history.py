"""What was done to one landmark, from the journal: who, when and how."""

from collections.abc import Iterable

from landmark_annotator.projects.store import ActionKind, Entry

_ASIDE = (
    ActionKind.FLAG,
    ActionKind.RESOLVE,
    ActionKind.BOX,
    ActionKind.BOXES,
    ActionKind.EXCLUDE,
    ActionKind.RESTORE,
)
"""Of the whole instance, and about none of its landmarks."""


def history_of(entries: Iterable[Entry], landmark: int) -> list[Entry]:
    """Of an instance's entries those that are about the landmark or the whole shape, in their
    order."""
    return [
        entry
        for entry in entries
        if entry.landmark == landmark or (entry.landmark is None and entry.kind not in _ASIDE)
    ]


def told(entry: Entry) -> str:
    """In a line, in the time of this machine."""
    refused = ", kept beside the shape" if entry.kind is ActionKind.REFUSED else ""
    at = f"{entry.at.astimezone():%Y-%m-%d %H:%M}"
    where = "" if entry.to is None else f" to {entry.to[0]:.1f}, {entry.to[1]:.1f}"
    return f"{at}  {entry.who}: {entry.title}{where}{refused}"
