"""Boxes that a model found, and which boxes are such. Inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, func, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import entries, track_json
from landmark_annotator.projects.store.journal.acting import act
from landmark_annotator.projects.store.journal.entries import Step
from landmark_annotator.projects.store.rows import instances, tracks
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.exclusions import instance_counts
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.many_stored import save
from landmark_annotator.projects.store.rows.records import ActionKind, Exclusion, InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ProjectError

_TAKEN_BACK = "its finding was taken back"
_OF_BOXES = (ActionKind.FIND, ActionKind.BOX, ActionKind.BOXES)


_INSIDE = select(InstanceTable.id).where(InstanceTable.image_id == bindparam("image"))
_FOUND_IN = select(JournalTable.instance_id).where(
    JournalTable.instance_id.in_(_INSIDE), JournalTable.kind == ActionKind.FIND.value
)


def add_found(
    connection: Connection,
    boxes: Mapping[int, Sequence[Box]],
    tracked: Mapping[int, Sequence[int | None]],
    title: str,
    who: str,
    at: datetime | None,
) -> list[int]:
    """The ids of the instances that have them, in the order of the boxes.

    The first go to instances of the image that wait for a box. What is added for the others stays
    when the step is undone, and counts no more then, as a journal that keeps all needs it.
    """
    at = at or clock.now(connection)
    gone = Exclusion(_TAKEN_BACK, who, at)
    found = []
    for image_id, placed in boxes.items():
        waiting = [
            record.id
            for record in instances.instances(connection, image_id=image_id)
            if record.box is None
            and record.state is InstanceState.UNTOUCHED
            and record.second_opinion_on is None
        ]
        for number, box in enumerate(placed):
            if number < len(waiting):
                instance_id = waiting[number]
            else:
                empty = StoredInstance(None, False, {})
                instance_id = instances.add_instance(connection, image_id, empty, None, None)
                save(connection, instance_id, empty, replace(empty, excluded=gone))
            place = partial(replace, box=box, excluded=None)
            act(connection, instance_id, place, kind=ActionKind.FIND, title=title, who=who, at=at)
            if image_id in tracked:
                _give_track(connection, image_id, instance_id, tracked[image_id][number])
            found.append(instance_id)
    return found


def _give_track(
    connection: Connection, image_id: int, instance_id: int, track_id: int | None
) -> None:
    """Unless it has one, or the track is none of this object: somebody may have changed tracks
    since it was looked for. No step for undo, so none of an object of which the journal says whose
    it was: that would no longer follow."""
    record = instances.instance(connection, instance_id)
    if track_id is None or record.track_id is not None:
        return
    if _is_told_of(connection, instance_id):
        return
    with suppress(ProjectError):
        tracks.refuse_misplaced(connection, image_id, track_id, record.second_opinion_on)
        tracks.assign(connection, {instance_id: track_id})


def _is_told_of(connection: Connection, instance_id: int) -> bool:
    """Whether an action on tracks was about it."""
    changes = select(JournalTable.changes).where(
        JournalTable.kind == ActionKind.TRACK.value,
        JournalTable.changes.contains(f'"{instance_id}"', autoescape=True),
    )
    told = connection.scalars(changes)
    return any(instance_id in track_json.from_json(text or "").instances for text in told)


def move_found(
    connection: Connection,
    boxes: Mapping[int, Box],
    title: str,
    who: str,
    at: datetime | None,
) -> list[int]:
    """Of instances that nobody has begun and whose box is as a model found it: other ones, by their
    ids; which of them that were."""
    if not boxes:
        return []
    at, found = at or clock.now(connection), found_boxes(connection)
    free = [
        number
        for number in boxes
        if number in found
        and instances.instance(connection, number).state is InstanceState.UNTOUCHED
    ]
    for number in free:
        place = partial(replace, box=boxes[number])
        act(connection, number, place, kind=ActionKind.FIND, title=title, who=who, at=at)
    return free


def some_hold_several(connection: Connection) -> bool:
    """Whether an image holds several objects that count, second opinions aside."""
    of_one = select(InstanceTable.image_id).where(instance_counts(), is_first_opinion())
    several = of_one.group_by(InstanceTable.image_id).having(func.count() > 1)
    return connection.execute(several.limit(1)).first() is not None


def found_in(connection: Connection, image_id: int) -> frozenset[int]:
    """Instances of an image that a model once found, whatever was done to them since."""
    found = connection.scalars(_FOUND_IN, {"image": image_id})
    return frozenset(i for i in found if i is not None)


def found_boxes(connection: Connection) -> frozenset[int]:
    """Instances whose box is as a model found it: no person has drawn it since."""
    kinds = (*_OF_BOXES, ActionKind.UNDO, ActionKind.REDO)
    any_ = select(JournalTable.id).where(JournalTable.kind == ActionKind.FIND.value).limit(1)
    if connection.execute(any_).first() is None:
        return frozenset()
    query = (
        select(JournalTable.id, JournalTable.kind, JournalTable.target, JournalTable.instance_id)
        .where(JournalTable.kind.in_([kind.value for kind in kinds]))
        .order_by(JournalTable.id.desc())
    )
    rows = connection.execute(query).all()
    about = {row.id: row.instance_id for row in rows}
    last: dict[int | None, str] = {}
    for step in entries.standing(Step(row.id, row.kind, row.target) for row in rows):
        last.setdefault(about[step.id], step.kind)
    return frozenset(i for i, kind in last.items() if i is not None and kind == ActionKind.FIND)
