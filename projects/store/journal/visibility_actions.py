"""What is said of landmarks beside where they are: seen, hidden, not in the image."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from landmark_annotator.projects.store.journal import edits
from landmark_annotator.projects.store.journal.acting import act, act_on_all
from landmark_annotator.projects.store.journal.actions import name_and_number
from landmark_annotator.projects.store.journal.conflicts import Subject
from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import Visibility
from landmark_annotator.projects.vocabulary.arguments import member
from landmark_annotator.projects.vocabulary.errors import Conflict
from landmark_annotator.projects.vocabulary.wording import counted


def set_visibility(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    landmark: int,
    visibility: Visibility,
    *,
    who: str,
    duration: float | None,
    seen: int | None,
) -> Entry:
    name, number = name_and_number(scheme, landmark)
    visibility = member(Visibility, visibility, "visibility")
    entry = act(
        connection,
        instance_id,
        lambda stored: edits.with_visibility(stored, number, visibility, who),
        kind=ActionKind.VISIBILITY,
        title=f"visibility of {name}",
        who=who,
        landmark=number,
        duration=duration,
        seen=seen,
        subject=Subject(number),
        labels=True,
    )
    return scheme.seen(entry)


def set_visibility_in_all(
    connection: Connection,
    scheme: StoredScheme,
    instance_ids: Collection[int],
    landmark: int,
    visibility: Visibility,
    *,
    who: str,
) -> list[Entry]:
    """All at one moment: that is one step for undo. Raises Conflict where somebody else has an
    image of these in hands."""
    name, number = name_and_number(scheme, landmark)
    frames = counted(len(instance_ids), "frame")
    entries = act_on_all(
        connection,
        dict.fromkeys(instance_ids, number),
        lambda stored, one: edits.with_visibility(stored, one, visibility, who),
        kind=ActionKind.SUGGESTION,
        title=f"visibility of {name} in {frames}",
        who=who,
        landmark=number,
        labels=True,
    )
    refused = sum(entry.kind is ActionKind.REFUSED for entry in entries)
    if refused:
        raise Conflict(
            f"Somebody else has {refused:,} of these {frames} in hands now.",
            kept="Nothing was marked.",
            remedy="Mark fewer frames, or do it again once they are done.",
        )
    return [scheme.seen(entry) for entry in entries]


def mark_suggested(
    connection: Connection,
    scheme: StoredScheme,
    suggested: Mapping[int, Collection[int]],
    visibility: Visibility,
    *,
    who: str,
    duration: float | None,
    seen: int | None = None,
) -> list[Entry]:
    """suggested: by instance. seen: of the only one. All at one moment: that is one step for
    undo."""
    visibility = member(Visibility, visibility, "visibility")
    every = counted(sum(map(len, suggested.values())), "probably hidden landmark")
    done = "marking" if visibility is Visibility.OCCLUDED else "unmarking"
    title = f"{done} of {every}"
    return _mark(connection, scheme, suggested, visibility, title, who, duration, seen)


def mark_absent(
    connection: Connection,
    scheme: StoredScheme,
    absent: Mapping[int, Collection[int]],
    *,
    who: str,
    duration: float | None,
    seen: int | None = None,
) -> list[Entry]:
    """As `mark_suggested`, of what is not in the image."""
    every = counted(sum(map(len, absent.values())), "landmark")
    title = f"marking of {every} as not in the image"
    return _mark(connection, scheme, absent, Visibility.NOT_LABELLED, title, who, duration, seen)


def _mark(
    connection: Connection,
    scheme: StoredScheme,
    marked: Mapping[int, Collection[int]],
    visibility: Visibility,
    title: str,
    who: str,
    duration: float | None,
    seen: int | None,
) -> list[Entry]:
    numbers = {
        instance_id: [name_and_number(scheme, landmark)[1] for landmark in sorted(landmarks)]
        for instance_id, landmarks in marked.items()
    }
    return act_on_all(
        connection,
        numbers,
        lambda stored, these: edits.with_visibilities(stored, these, visibility, who),
        kind=ActionKind.SUGGESTION,
        title=title,
        who=who,
        duration=duration,
        seen=seen,
        labels=True,
    )
