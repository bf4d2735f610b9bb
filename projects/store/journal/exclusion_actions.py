"""Leaving images and instances out of all that counts, and taking them in again. Inside the
caller's transaction, journalled; several at once are one step for undo."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import entries, track_actions
from landmark_annotator.projects.store.journal.acting import act, act_on_all
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.rows import images, instances
from landmark_annotator.projects.store.rows.records import ActionKind, Entry, Exclusion
from landmark_annotator.projects.vocabulary.errors import ProjectError


def exclude(
    connection: Connection,
    folder: Path,
    image_ids: Collection[int],
    instance_ids: Collection[int],
    why: str,
    who: str,
) -> list[Entry]:
    """What was excluded before stays so, for the reason of then."""
    at = clock.now(connection)
    excluded = _exclusion(why, who, at)
    return _set(connection, folder, image_ids, instance_ids, excluded, who, at)


def _exclusion(why: str, who: str, at: datetime) -> Exclusion:
    """Raises ProjectError where no reason is given."""
    excluded = Exclusion(why.strip(), who, at)
    if not excluded.why:
        raise ProjectError(
            "Whoever reads the counts later has to know why something is missing from them.",
            kept="Nothing was excluded.",
            remedy="Say in a few words why it is left out.",
        )
    return excluded


def restore(
    connection: Connection,
    folder: Path,
    image_ids: Collection[int],
    instance_ids: Collection[int],
    who: str,
) -> list[Entry]:
    done = _set(connection, folder, image_ids, instance_ids, None, who, clock.now(connection))
    track_actions.refuse_doubled_in(connection, image_ids, instance_ids)
    return done


def let_stand(
    connection: Connection, choices: Sequence[tuple[int, int]], why: str, who: str
) -> list[Entry]:
    """All entries are of one kind, which makes them one step for undo: those of the instances that
    are taken in again as well. What gave way to another label gives way to this one from now on."""
    at = clock.now(connection)
    given, found = _exclusion(why, who, at), []
    each = [one for stands, over in choices for one in ((stands, None), (over, given))]
    for i, excluded in each:
        before = instances.instance(connection, i).excluded
        if (before and before.why) != (excluded and excluded.why):
            entry = act(
                connection,
                i,
                partial(replace, excluded=excluded),
                kind=ActionKind.EXCLUDE,
                title="choice of the label that stands",
                who=who,
                at=at,
            )
            found.append(entry)
    return found


def _set(
    connection: Connection,
    folder: Path,
    image_ids: Collection[int],
    instance_ids: Collection[int],
    excluded: Exclusion | None,
    who: str,
    at: datetime,
) -> list[Entry]:
    """Where it is not so already."""
    kind = ActionKind.RESTORE if excluded is None else ActionKind.EXCLUDE
    all_images = [images.image(connection, folder, i) for i in dict.fromkeys(image_ids)]
    ids = list(dict.fromkeys(instance_ids))
    there = {one.id: one for one in instances.some(connection, ids, excluded=True)}
    if missing := [i for i in ids if i not in there]:
        raise instances.unknown_instance(missing[0])
    all_instances = [there[i] for i in ids]
    of_images = [one for one in all_images if (one.excluded is None) != (excluded is None)]
    of_instances = [one for one in all_instances if (one.excluded is None) != (excluded is None)]
    title = _title(kind, len(of_images), len(of_instances))
    found = []
    for image in of_images:
        rights.refuse_exclusion(connection, who, image.id, image.excluded)
        images.save_exclusion(connection, image.id, excluded)
        entry = entries.append(
            connection,
            who=who,
            kind=kind,
            title=title,
            instance_id=None,
            image_id=image.id,
            of_image=(image.excluded, excluded),
            at=at,
        )
        found.append(entry)
    found += act_on_all(
        connection,
        {instance.id: excluded for instance in of_instances},
        lambda stored, now: replace(stored, excluded=now),
        kind=kind,
        title=title,
        who=who,
        at=at,
    )
    return found


def _title(kind: ActionKind, image_count: int, instance_count: int) -> str:
    counted = ((image_count, "image"), (instance_count, "object"))
    of = " and ".join(f"{n:,} {noun}{'' if n == 1 else 's'}" for n, noun in counted if n)
    return f"{'exclusion' if kind is ActionKind.EXCLUDE else 'restoration'} of {of}"
