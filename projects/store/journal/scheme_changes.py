"""A change of the scheme: one named step, which rewrites nothing that is stored."""

from dataclasses import replace

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.journal.acting import act_on_all
from landmark_annotator.projects.store.rows import instances, predicted_errors
from landmark_annotator.projects.store.rows.records import ActionKind, Entry, InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import (
    StoredScheme,
    add_scheme,
    make_current,
)
from landmark_annotator.projects.vocabulary import SchemeChange
from landmark_annotator.projects.vocabulary.errors import ProjectError


def change_scheme(
    connection: Connection, now: StoredScheme, change: SchemeChange, who: str
) -> tuple[StoredScheme, Entry]:
    """Where landmarks are added, accepted shapes are reopened: they lack those.

    Raises ProjectError where the change is none, or of another scheme than the project has.
    """
    if change.before != now.scheme:
        raise ProjectError(
            f"The change is of scheme {change.before.name}, version {change.before.version}; the "
            f"project has {now.scheme.name}, version {now.scheme.version}.",
            kept="The scheme stays as it is.",
            remedy="Make the change again, from the scheme that the project has now.",
        )
    if change.changes_nothing:
        raise ProjectError("The new scheme is the one that the project has.")
    new = add_scheme(connection, change, now)
    at = clock.now(connection)
    if change.added:  # excluded ones too, which may be restored
        accepted = InstanceState.ACCEPTED
        incomplete = instances.instances(connection, state=accepted, excluded=True)
        act_on_all(
            connection,
            dict.fromkeys((record.id for record in incomplete), False),
            lambda stored, whole: replace(stored, accepted=whole),
            kind=ActionKind.SCHEME,
            title=change.title,
            who=who,
            at=at,
        )
    make_current(connection, new.id)
    predicted_errors.follow_scheme(connection, now, new)
    entry = entries.append(
        connection,
        who=who,
        kind=ActionKind.SCHEME,
        title=change.title,
        instance_id=None,
        schemes=(now.id, new.id),
        at=at,
    )
    return new, entry
