"""Shapes that were filled in from a few clicks, until somebody works on them again."""

from landmark_annotator.projects.store import ActionKind, Project, standing
from landmark_annotator.projects.vocabulary import Provenance, Shape

_ASIDE = (
    ActionKind.ACCEPT,
    ActionKind.SHEET,
    ActionKind.IMAGE,
    ActionKind.REOPEN,
    ActionKind.FLAG,
    ActionKind.RESOLVE,
    ActionKind.REVIEW,
    ActionKind.SCHEME,
    ActionKind.EXCLUDE,
    ActionKind.RESTORE,
    ActionKind.REFUSED,
    ActionKind.SUGGESTION,
    ActionKind.MASK,
    ActionKind.MASKS,
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
    done = standing(reversed(list(project.journal(instance_id))))
    last = next((entry.kind for entry in done if entry.kind not in _ASIDE), None)
    return filled if last is ActionKind.FILL else frozenset()
