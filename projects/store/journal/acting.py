"""One action on an instance, or on many at one moment: what is there, what becomes of it, whether
this person may do that, and what the journal says. Inside the caller's transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.journal import (
    acceptances,
    alternatives,
    entries,
    second_opinions,
)
from landmark_annotator.projects.store.journal.circumstances import (
    Circumstances,
    circumstances,
    circumstances_of_many,
)
from landmark_annotator.projects.store.journal.conflicts import WHOLE, Subject, in_the_way, rewound
from landmark_annotator.projects.store.people import double_labelling, leases, rights
from landmark_annotator.projects.store.rows.changes import Change, LandmarkRow, StoredInstance
from landmark_annotator.projects.store.rows.many_stored import save, save_many
from landmark_annotator.projects.store.rows.records import (
    BY_ITSELF,
    ActionKind,
    Entry,
    Point,
    Verdict,
)
from landmark_annotator.projects.vocabulary import Provenance

Value = TypeVar("Value")


@dataclass(frozen=True)
class _Deed:
    """What is alike of an action on many; see `act`."""

    kind: ActionKind
    title: str
    who: str
    landmark: int | None
    proposed: Point | None
    duration: float | None
    at: datetime
    seen: int | None
    subject: Subject
    labels: bool

    @property
    def by_program(self) -> bool:
        return self.kind is ActionKind.FIND and self.who == BY_ITSELF

    def entry(self, instance_id: int, done: "_Done") -> Entry:
        """As the journal is to have it, which gives it its id."""
        old, new = (
            None if self.landmark is None else state.landmarks.get(self.landmark)
            for state in (done.before, done.after)
        )
        return Entry(
            0,
            self.at,
            self.who,
            ActionKind.REFUSED if done.refused else self.kind,
            instance_id,
            self.landmark,
            None if old is None else old.position,
            None if new is None else new.position,
            self.proposed,
            self.duration,
            self.title,
        )


@dataclass(frozen=True)
class _Done:
    """after: of what was refused, what its author has beside the shape, which stays as it is."""

    before: StoredInstance
    after: StoredInstance
    refused: bool


def act(
    connection: Connection,
    instance_id: int,
    edit: Callable[[StoredInstance], StoredInstance],
    *,
    kind: ActionKind,
    title: str,
    who: str,
    landmark: int | None = None,
    proposed: Point | None = None,
    duration: float | None = None,
    at: datetime | None = None,
    seen: int | None = None,
    subject: Subject = WHOLE,
    labels: bool = False,
) -> Entry:
    """Load the instance, edit it, save and journal the difference. landmark: by its number.

    A reviewer's acceptance is of the shape as it was, and lapses where that changes. seen: the
    revision that the person looked at, None where that does not matter; where something came since
    that touches the subject, the entry is of kind REFUSED, and the instance stays as it is. labels:
    whether the person says what the shape is. Then the image is in that person's hands from now
    on; where it is in somebody else's, that is REFUSED as well. What was refused is kept beside the
    shape, see `alternatives`.
    """
    at = at or clock.now(connection)
    deed = _Deed(kind, title, who, landmark, proposed, duration, at, seen, subject, labels)
    found = circumstances(connection, instance_id, who, by_program=deed.by_program)
    holder = None
    if labels and found.role is not None:
        _refuse_labels(connection, instance_id, found, who)
        image_id, said = found.image_id, found.assignment
        holder = leases.take_from(connection, image_id, who, found.lease, said).who
    done = _done(connection, instance_id, found, edit, deed, holder)
    change = None
    if not done.refused:
        change = save(connection, instance_id, done.before, done.after)
    entry = entries.append_one(connection, deed.entry(instance_id, done), change)
    if kind.accepts and not done.refused:
        second_opinions.ask(connection, (instance_id,), found.assignment)
    return replace(entry, previous=found.revision)


def act_on_all(
    connection: Connection,
    values: Mapping[int, Value],
    edit: Callable[[StoredInstance, Value], StoredInstance],
    *,
    kind: ActionKind,
    title: str,
    who: str,
    landmark: int | None = None,
    duration: float | None = None,
    at: datetime | None = None,
    seen: int | None = None,
    labels: bool = False,
) -> list[Entry]:
    """As `act`, for each instance with its value, all at one moment: that is one step for undo. Of
    one alone `act` takes half the time, and somebody waits for it after every click.
    at: now, where not given. seen: where there is one instance.

    Some hundred at a time, for on a server each question is a way there and back, and each alone
    asks seven."""
    at, written = at or clock.now(connection), list[Entry]()
    deed = _Deed(kind, title, who, landmark, None, duration, at, seen, WHOLE, labels)
    left = iter(values.items())
    while part := dict(islice(left, AT_ONCE)):
        written += _act_on_some(connection, part, edit, deed)
    return written


def _act_on_some(
    connection: Connection,
    values: Mapping[int, Value],
    edit: Callable[[StoredInstance, Value], StoredInstance],
    deed: _Deed,
) -> list[Entry]:
    """values: at most `AT_ONCE`."""
    ids = list(values)
    found = circumstances_of_many(connection, ids, deed.who, by_program=deed.by_program)
    holders = dict[int, str]()
    if deed.labels and any(there.role is not None for there in found.values()):
        for i, there in found.items():
            _refuse_labels(connection, i, there, deed.who)
        images = {there.image_id for there in found.values()}
        taken = leases.take_all(connection, images, deed.who)
        holders = {lease.image_id: lease.who for lease in taken}
    done = dict[int, _Done]()
    for i, value in values.items():
        holder = holders.get(found[i].image_id)
        made = _with(edit, value)
        done[i] = _done(connection, i, found[i], made, deed, holder)
    stand = [i for i in ids if not done[i].refused]
    changes = save_many(connection, {i: (done[i].before, done[i].after) for i in stand})
    new: Sequence[tuple[Entry, Change | None]]
    new = [(deed.entry(i, done[i]), changes.get(i)) for i in ids]
    written = entries.append_many(connection, new)
    if deed.kind.accepts and stand:
        second_opinions.ask(connection, stand, found[stand[0]].assignment)
    return [
        replace(entry, previous=found[i].revision) for i, entry in zip(ids, written, strict=True)
    ]


def _with(
    edit: Callable[[StoredInstance, Value], StoredInstance], value: Value
) -> Callable[[StoredInstance], StoredInstance]:
    return lambda stored: edit(stored, value)


def _refuse_labels(
    connection: Connection, instance_id: int, found: Circumstances, who: str
) -> None:
    """Raises NotAllowed where two people label the object, and this is not theirs to label."""
    if found.of_two and double_labelling.is_hidden_among(connection, instance_id, who):
        raise rights.refused_second_labels(who)
    if found.both_done:
        double_labelling.refuse_after_both(connection, found.role, instance_id, who)


def _done(
    connection: Connection,
    instance_id: int,
    found: Circumstances,
    edit: Callable[[StoredInstance], StoredInstance],
    deed: _Deed,
    holder: str | None,
) -> _Done:
    """What the deed makes of the instance, before that is written. holder: who has the image in
    hands now, None where that does not matter."""
    who, before = deed.who, found.stored
    refused = holder is not None and holder != who
    if deed.seen is not None and found.revision > deed.seen:
        refused |= in_the_way(connection, instance_id, deed.seen, deed.subject)
    if not refused:
        after = edit(before)
    elif deed.labels:
        after = _kept_beside(connection, instance_id, before, edit, deed)
    else:
        after = before
    if after.review is not None and after.review == before.review:
        passed = after.review.verdict is Verdict.ACCEPTED
        if passed and replace(after, flag=before.flag, excluded=before.excluded) != before:
            after = replace(after, review=None)
    if not refused and deed.kind.accepts and found.own_kept:
        mine = alternatives.own(connection, instance_id, who)
        alternatives.settle(connection, [] if mine is None else [mine.id], who, chosen=False)
    if not refused:
        rights.refuse_change(
            found.role,
            who,
            deed.kind,
            before,
            after,
            lambda: acceptances.accepted_by(connection, instance_id),
        )
    return _Done(before, after, refused)


def _kept_beside(
    connection: Connection,
    instance_id: int,
    now: StoredInstance,
    edit: Callable[[StoredInstance], StoredInstance],
    deed: _Deed,
) -> StoredInstance:
    """The shape as this person has it after the action, whatever others have made of it."""
    mine = alternatives.own(connection, instance_id, deed.who)
    if mine is not None:
        base = mine.stored
    elif deed.seen is None:
        base = now
    else:
        base = rewound(connection, instance_id, now, deed.seen)
    after = edit(base)
    if mine is not None and deed.kind.accepts:
        after = replace(after, landmarks={**after.landmarks, **_own_clicks(mine.stored, now, deed)})
    alternatives.keep(connection, instance_id, deed.who, after, deed.title)
    return after


def _own_clicks(mine: StoredInstance, now: StoredInstance, deed: _Deed) -> dict[int, LandmarkRow]:
    """What this person placed and was refused: whoever accepts sees the shape that is stored, and
    so not that. Not where the stored shape has a later one by the same person."""
    return {
        n: row
        for n, row in mine.landmarks.items()
        if row.who == deed.who
        and row.provenance is not None
        and Provenance(row.provenance).is_evidence
        and (n not in now.landmarks or now.landmarks[n].who != deed.who)
    }
