"""Undo and redo, folded from the journal: a stack per person, across images and restarts.

An undo is itself an entry, which points to the one it turns back. So the journal never loses
anything, and the stacks need no rows of their own.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, bindparam, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.many_rows import is_one_of
from landmark_annotator.projects.store.journal import (
    alternatives,
    entries,
    scale_actions,
    track_actions,
)
from landmark_annotator.projects.store.journal.changed_since import (
    ChangedSince,
    changed_since,
    tracks_changed_since,
)
from landmark_annotator.projects.store.journal.giving_way import give_way
from landmark_annotator.projects.store.journal.reading_ahead import ReadAhead
from landmark_annotator.projects.store.journal.staying import what_stays
from landmark_annotator.projects.store.journal.track_json import TrackChange
from landmark_annotator.projects.store.journal.writing_together import WritingTogether
from landmark_annotator.projects.store.people import double_labelling
from landmark_annotator.projects.store.people.roles import Role, role_of
from landmark_annotator.projects.store.rows import exclusions, images, predicted_errors
from landmark_annotator.projects.store.rows.records import ActionKind, Entry, InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import make_current, read_scheme
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, JournalTable

_READ_AT_ONCE = 50
"""Steps: most look at no more than the newest few of many thousand."""
_BEYOND = 2**31 - 1
"""No entry of a journal has a larger id."""
_NO_STEPS = (ActionKind.IMPORT.value, ActionKind.FILE.value, ActionKind.REFUSED.value)
_OF_MANY = (
    ActionKind.FILL,
    ActionKind.FIND,
    ActionKind.SCHEME,
    ActionKind.EXCLUDE,
    ActionKind.RESTORE,
    ActionKind.SHEET,
    ActionKind.IMAGE,
    ActionKind.RULE,
    ActionKind.SUGGESTION,
    ActionKind.MASKS,
    ActionKind.BOXES,
    ActionKind.FLAG,
    ActionKind.SCALE,
    ActionKind.TAKE_BACK,
)
"""What writes an entry for each thing that it is about, all with one time of day."""
_IN_PART = (ActionKind.FIND, ActionKind.TAKE_BACK, ActionKind.BOXES)
"""Steps of which undo leaves what was used since."""
_COUNTS_AGAIN = {
    ActionKind.UNDO: (ActionKind.EXCLUDE, ActionKind.TAKE_BACK),
    ActionKind.REDO: (ActionKind.RESTORE, ActionKind.FIND),
}
"""Of which steps what was left out counts again by that."""
_FOLLOWING = (ActionKind.FIND, ActionKind.TRACK)
"""Objects that are followed through a video are found, and get their tracks, at one time of day."""


_STEPS = (
    select(*entries.COLUMNS)
    .where(JournalTable.who == bindparam("who"), JournalTable.kind.not_in(_NO_STEPS))
    .where(JournalTable.id < bindparam("before"))
    .order_by(JournalTable.id.desc())
    .limit(bindparam("limit"))
)
_STEPS_ON = _STEPS.where(JournalTable.instance_id == bindparam("instance"))


def _steps(connection: Connection, who: str, instance_id: int | None = None) -> Iterator[Entry]:
    """Of one person, newest first; on all or on one instance. What is no step is not undone,
    and clears nothing. Whole, so that whoever finds one of them asks for nothing more."""
    query = _STEPS if instance_id is None else _STEPS_ON
    about: dict[str, object] = {"who": who}
    if instance_id is not None:
        about["instance"] = instance_id
    before, count = _BEYOND, _READ_AT_ONCE
    while True:
        rows = connection.execute(query, {**about, "before": before, "limit": count}).all()
        yield from map(entries.entry_of, rows)
        if len(rows) < count:
            return
        before, count = rows[-1].id, 2 * count


def undoable(connection: Connection, who: str, instance_id: int | None = None) -> Entry | None:
    """The newest action of the person that stands, on all or on one instance."""
    return _top(connection, _steps(connection, who, instance_id))


def _top(connection: Connection, steps: Iterator[Entry]) -> Entry | None:
    """What undo would turn: the finding of what others have worked on since is left as it is, and
    so is what was taken back and has been used since."""
    stays: dict[datetime, frozenset[int]] = {}
    for step in entries.standing(steps):
        if step.kind not in _IN_PART:
            return step
        if step.at not in stays:
            stays[step.at] = what_stays(connection, step)
        if step.instance_id not in stays[step.at]:
            return step
    return None


def redoable(connection: Connection, who: str) -> Entry | None:
    """What the person has undone last and not redone; none once there is a newer action."""
    read, steps = list[Entry](), _steps(connection, who)
    return _undone_last(connection, who, read, _noted(steps, read))


def _undone_last(
    connection: Connection, who: str, read: Sequence[Entry], steps: Iterator[Entry]
) -> Entry | None:
    """The first of them: what the program found by itself, and gave way, is nobody's to redo."""
    undone = (_one_of(connection, read, i) for i in sorted(entries.undone_last(steps)))
    return next((entry for entry in undone if entry.who == who), None)


def _noted(steps: Iterator[Entry], read: list[Entry]) -> Iterator[Entry]:
    for step in steps:
        read.append(step)
        yield step


def _one_of(connection: Connection, read: Sequence[Entry], entry_id: int) -> Entry:
    """From those that were read, if it is among them."""
    found = next((step for step in read if step.id == entry_id), None)
    return entries.entry(connection, entry_id) if found is None else found


def titles(connection: Connection, who: str) -> tuple[str | None, str | None]:
    """Of what undo and redo would turn; None where there is nothing."""
    steps, read = _steps(connection, who), list[Entry]()
    top = _top(connection, _noted(steps, read))
    undone = _undone_last(connection, who, read, chain(list(read), _noted(steps, read)))
    return None if top is None else top.title, None if undone is None else undone.title


def turn(connection: Connection, kind: ActionKind, who: str) -> Entry | None:
    """Undo or redo, inside the caller's transaction; returns the entry that it was about, of a
    step of several the last one. What was found and others have worked on since stays, in its
    track, what got a box and labels since keeps it, and what was taken back and used since stays
    as it is; of these steps, so does in a redo what others have changed since.

    Raises ProjectError where somebody else has changed the same rows since, NotAllowed where the
    person must not change these labels any more.
    """
    role = role_of(connection, who)
    undo = kind is ActionKind.UNDO
    about = undoable(connection, who) if undo else redoable(connection, who)
    if about is None:
        return None
    step = step_of(connection, about, undone=not undo)
    in_part = undo and about.kind in (*_FOLLOWING, *_IN_PART)
    stays = what_stays(connection, about) if in_part else frozenset[int]()
    step = [each for each in step if each.instance_id is None or each.instance_id not in stays]
    boxed: list[int] = []
    ahead, behind = ReadAhead(connection, step), WritingTogether(connection)
    last, left = None, None
    for entry in step:
        _refuse_after_both(connection, role, who, entry)
        try:
            boxed += _turn(connection, kind, who, entry, ahead, behind, stays)
            last = entry
        except ChangedSince as error:
            if undo or about.kind not in _IN_PART:
                raise
            left = left or error
    if last is None and left is not None:
        raise left
    behind.write()
    if about.kind in _COUNTS_AGAIN[kind]:
        _refuse_doubled(connection, step)
    _propose_again(connection, boxed)
    return last


def turn_back_on(connection: Connection, who: str, instance_id: int) -> Entry | None:
    """Undo of the person's newest action on this instance that stands, and of nothing else.

    Raises ProjectError where somebody else has changed the same rows since, NotAllowed where the
    person must not change these labels any more.
    """
    role = role_of(connection, who)
    about = undoable(connection, who, instance_id)
    if about is not None:
        _refuse_after_both(connection, role, who, about)
        ahead, behind = ReadAhead(connection, [about]), WritingTogether(connection)
        boxed = _turn(connection, ActionKind.UNDO, who, about, ahead, behind)
        behind.write()
        if about.kind in _COUNTS_AGAIN[ActionKind.UNDO]:
            _refuse_doubled(connection, [about])
        _propose_again(connection, boxed)
    return about


def _refuse_doubled(connection: Connection, step: Sequence[Entry]) -> None:
    """Raises ProjectError where a track has two objects in an image that the step is about."""
    images_of = [each.image_id for each in step if each.image_id is not None]
    about = [each.instance_id for each in step if each.instance_id is not None]
    track_actions.refuse_doubled_in(connection, images_of, about)


def _propose_again(connection: Connection, boxed: Collection[int]) -> None:
    """What was proposed in these instances, which have a box again."""
    if boxed:
        these = is_one_of(connection, InstanceTable.id, boxed)
        predicted_errors.follow(connection, these)


def is_of_one_instance(about: Entry) -> bool:
    """Whether to turn it takes no more than the row of its instance."""
    return about.instance_id is not None and about.kind not in _OF_MANY


def step_of(connection: Connection, about: Entry, *, undone: bool) -> list[Entry]:
    """The entries that are one step and undone, or not: all that a model filled at once, all that
    a change of the scheme did, all that was excluded, restored, accepted together, marked as
    hidden, flagged, measured or taken back at once, all masks or boxes that a file brought, all
    that was followed through a video, else the entry itself."""
    kinds = _FOLLOWING if about.kind in _FOLLOWING else (about.kind,)
    if about.kind not in _OF_MANY + _FOLLOWING:
        return [about]
    same = (
        select(JournalTable.id)
        .where(
            JournalTable.who == about.who,
            JournalTable.at == about.at,
            JournalTable.kind.in_([kind.value for kind in kinds]),
        )
        .order_by(JournalTable.id)
    )
    step = [row.id for row in connection.execute(same).all()]
    turns = (
        select(JournalTable.target, JournalTable.kind)
        .where(JournalTable.who == about.who, JournalTable.id > step[0])
        .where(is_one_of(connection, JournalTable.target, step))
        .order_by(JournalTable.id)
    )
    last = {row.target: row.kind for row in connection.execute(turns)}
    turned = [i for i in step if (last.get(i) == ActionKind.UNDO.value) == undone]
    return list(entries.some(connection, turned))


def _refuse_after_both(connection: Connection, role: Role | None, who: str, about: Entry) -> None:
    said = about.kind in (ActionKind.FLAG, ActionKind.RESOLVE)
    if about.instance_id is not None and not said:
        double_labelling.refuse_after_both(connection, role, about.instance_id, who)


def _turn(
    connection: Connection,
    kind: ActionKind,
    who: str,
    about: Entry,
    ahead: ReadAhead,
    behind: WritingTogether,
    stays: frozenset[int] = frozenset(),
) -> list[int]:
    """stays: instances that keep the tracks which the entry gave them. Returns those that had no
    box and have one now."""
    undo = kind is ActionKind.UNDO
    if about.instance_id is not None and about.kind not in (ActionKind.SCALE, ActionKind.TRACK):
        return _turn_instance(connection, about.instance_id, kind, who, about, ahead, behind)
    in_part = None
    behind.write()
    if about.kind is ActionKind.SCALE:
        scale_actions.turn(connection, about, who, undo=undo)
    elif about.image_id is not None:
        _turn_image(connection, kind, about.image_id, about)
    elif about.kind is ActionKind.TRACK:
        in_part = _turn_tracks(connection, kind, about, stays)
    else:
        _turn_scheme(connection, about, undo=undo)
    entries.append(
        connection,
        who=who,
        kind=kind,
        title=f"{kind.value} of {about.title}",
        instance_id=about.instance_id,
        target=about.id,
        image_id=about.image_id,
        of_tracks=in_part,
    )
    return []


def _turn_instance(
    connection: Connection,
    instance_id: int,
    kind: ActionKind,
    who: str,
    about: Entry,
    ahead: ReadAhead,
    behind: WritingTogether,
) -> list[int]:
    """Returns it, where it had no box and has one now."""
    undo = kind is ActionKind.UNDO
    if behind.waits(instance_id):
        behind.write()
    change, now = ahead.take(about)
    if undo:
        change = change.inverse()
    if not change.fits(now):
        behind.write()
    before = give_way(connection, about, change, now, who)
    if before is not now:
        ahead.forget()
    begun = before.state is not InstanceState.UNTOUCHED
    # `turn` leaves these; somebody may label it between that reading and this one.
    if not change.fits(before) or (undo and begun and about.kind is ActionKind.FIND):
        raise changed_since(connection, kind, about)
    after = change.apply(before)
    entry = Entry(
        0,
        clock.now(connection),
        who,
        kind,
        instance_id,
        about.landmark,
        about.to if undo else about.from_,
        about.from_ if undo else about.to,
        proposed=None,
        duration=None,
        title=f"{kind.value} of {about.title}",
        target=about.id,
    )
    behind.put(instance_id, before, after, entry)
    if undo and about.kind is ActionKind.RESHAPE:  # it may have been a choice of two shapes
        alternatives.reopen(connection, instance_id, about.at)
    return [instance_id] if before.box is None and after.box is not None else []


def _turn_tracks(
    connection: Connection, kind: ActionKind, about: Entry, stays: frozenset[int]
) -> TrackChange | None:
    """What was changed, of one that is turned in part; None of one that is turned whole."""
    whole = entries.change_of_tracks(connection, about.id)
    if kind is ActionKind.REDO:
        undone = entries.turned_in_part(connection, about.id)
        change = whole if undone is None else undone.inverse()
    else:
        change = whole.inverse().without(stays)
        whole = whole.inverse()
    if not track_actions.turn(connection, change):
        raise tracks_changed_since(connection, kind, about)
    return None if change == whole else change


def _turn_scheme(connection: Connection, about: Entry, *, undo: bool) -> None:
    before, after = (read_scheme(connection, i) for i in entries.schemes_of(connection, about.id))
    if undo:
        before, after = after, before
    make_current(connection, after.id)
    predicted_errors.follow_scheme(connection, before, after)


def _turn_image(connection: Connection, kind: ActionKind, image_id: int, about: Entry) -> None:
    before, after = entries.change_of_image(connection, about.id)
    if kind is ActionKind.UNDO:
        before, after = after, before
    of_image = select(*exclusions.OF_IMAGE).where(ImageTable.id == image_id)
    row = connection.execute(of_image.with_for_update(key_share=True)).one()
    if exclusions.exclusion(*row) != before:
        raise changed_since(connection, kind, about)
    images.save_exclusion(connection, image_id, after)
