"""The actions beside labelling: flags, and the verdicts of reviewers. Inside the caller's
transaction, journalled and undone like all others."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import edits
from landmark_annotator.projects.store.journal.acting import act, act_on_all
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.records import ActionKind, Entry, Flag, Review, Verdict
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.wording import counted


def flag(connection: Connection, instance_id: int, comment: str, *, who: str) -> Entry:
    """In the place of an earlier flag, which the journal keeps."""
    raised = Flag(comment.strip(), who, clock.now(connection))
    return act(
        connection,
        instance_id,
        lambda stored: replace(stored, flag=raised),
        kind=ActionKind.FLAG,
        title="flag",
        who=who,
    )


def flag_all(connection: Connection, comments: Mapping[int, str], *, who: str) -> list[Entry]:
    """As `flag`, each instance with its comment. All at one moment: that is one step for undo."""
    now = clock.now(connection)
    return act_on_all(
        connection,
        comments,
        lambda stored, comment: replace(stored, flag=Flag(comment.strip(), who, now)),
        kind=ActionKind.FLAG,
        title="flag" if len(comments) == 1 else f"flags of {counted(len(comments), 'shape')}",
        who=who,
    )


def resolve_flag(connection: Connection, instance_id: int, *, who: str) -> Entry:
    def resolved(stored: StoredInstance) -> StoredInstance:
        if stored.flag is None or stored.flag.resolved_by is not None:
            raise ProjectError("There is no open flag here.", kept="Nothing was changed.")
        return replace(stored, flag=replace(stored.flag, resolved_by=who))

    return act(
        connection,
        instance_id,
        resolved,
        kind=ActionKind.RESOLVE,
        title="resolution of the flag",
        who=who,
    )


def review(
    connection: Connection,
    instance_id: int,
    verdict: Verdict,
    comment: str,
    *,
    who: str,
    duration: float | None,
    seen: int | None,
) -> Entry:
    given = Review(verdict, comment.strip(), who, clock.now(connection))
    if verdict is Verdict.SENT_BACK and not given.comment:
        raise ProjectError(
            "Whoever gets the shape back has to know why.",
            kept="It stays as it is.",
            remedy="Say in a few words what is wrong with it.",
        )

    def reviewed(stored: StoredInstance) -> StoredInstance:
        if verdict is Verdict.SENT_BACK:
            return edits.judged(edits.reopened(stored), given)
        if not stored.accepted:
            raise ProjectError(
                "The shape is not finished, so it cannot pass the review.",
                kept="It stays as it is.",
                remedy="Accept it as a shape first.",
            )
        return edits.judged(stored, given)

    return act(
        connection,
        instance_id,
        reviewed,
        kind=ActionKind.REVIEW,
        title="sending back" if verdict is Verdict.SENT_BACK else "acceptance in review",
        who=who,
        duration=duration,
        seen=seen,
    )
