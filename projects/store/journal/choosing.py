"""Choosing between what two people made of one shape. Inside the caller's transaction."""

from dataclasses import replace

from sqlalchemy import Connection

from landmark_annotator.projects.store.journal import alternatives, conflicts, entries
from landmark_annotator.projects.store.journal.alternatives import KeptShape
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.many_stored import save
from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.vocabulary.errors import Conflict, ProjectError


def take(connection: Connection, kept_id: int, *, who: str, seen: int | None) -> Entry:
    """What was kept beside the shape takes its place, accepted where its author accepted it; one
    step for undo. Raises Conflict where the shape has changed since the revision `seen`."""
    kept = _open(connection, kept_id, who)
    if seen is not None and conflicts.in_the_way(
        connection, kept.instance_id, seen, conflicts.WHOLE
    ):
        raise Conflict(
            "Somebody has changed this shape meanwhile.",
            kept="Both versions are kept.",
            remedy="Look at it as it is now, and choose again.",
        )
    before = instances.load(connection, kept.instance_id)
    after = replace(
        before,
        box=kept.stored.box or before.box,
        landmarks=kept.stored.landmarks,
        masks=kept.stored.masks,
        accepted=kept.stored.accepted,
        review=None,
    )
    entry = entries.append(
        connection,
        who=who,
        kind=ActionKind.RESHAPE,
        title=f"choice of what {kept.who} made of the shape",
        instance_id=kept.instance_id,
        change=save(connection, kept.instance_id, before, after),
    )
    alternatives.settle(connection, [kept_id], who, entry.at, chosen=True)
    return entry


def leave(connection: Connection, kept_id: int, *, who: str) -> None:
    """The shape stays as it is; what was beside it is no longer shown, and is not deleted."""
    _open(connection, kept_id, who)
    alternatives.settle(connection, [kept_id], who, chosen=False)


def _open(connection: Connection, kept_id: int, who: str) -> KeptShape:
    rights.refuse_below(connection, who, Role.REVIEWER, "choose between two shapes")
    found = alternatives.open_ones(connection, ids=[kept_id])
    if not found:
        raise ProjectError(
            "Somebody has chosen between these two shapes already.", kept="The choice stays."
        )
    return found[0]
