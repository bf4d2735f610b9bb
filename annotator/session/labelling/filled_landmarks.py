"""Shapes that were filled in from a few clicks, until somebody works on them again."""

from projects.store import ActionKind, Project
from projects.vocabulary import Provenance, Shape

_ASIDE = (
    ActionKind.ACCEPT,
    ActionKind.REOPEN,
    ActionKind.FLAG,
    ActionKind.RESOLVE,
    ActionKind.REVIEW,
)
"""Actions that leave every landmark where it is."""


def still_filled(project: Project, instance_id: int, stored: Shape) -> frozenset[int]:
    """Landmarks that were filled in and are to be shown so.

    The way that filled them was chosen for having the smallest error. Once a person has placed one
    more landmark, the posterior knows of it and the filled places do not: then it is none of them.
    """
    filled = frozenset(j for j, mark in enumerate(stored.provenance) if mark is Provenance.FILLED)
    if not filled:
        return filled
    kinds: dict[int, ActionKind] = {}
    undone: set[int] = set()
    for entry in project.journal(instance_id):
        if entry.kind is ActionKind.UNDO and entry.target is not None:
            undone.add(entry.target)
        elif entry.kind is ActionKind.REDO and entry.target is not None:
            undone.discard(entry.target)
        elif entry.kind not in _ASIDE:
            kinds[entry.id] = entry.kind
    last = max((entry_id for entry_id in kinds if entry_id not in undone), default=None)
    return filled if last is not None and kinds[last] is ActionKind.FILL else frozenset()
