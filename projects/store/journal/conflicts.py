"""Two people, or two windows, at one instance: what was done since somebody saw it, and whether it
is in the way of what that person does now.

An instance's revision is the id of its newest journal entry. Whoever acts on what they saw names
the revision of then; inside the transaction it is compared with the entries that came since.
Actions that go well together are both stored; of two that do not, the later one is refused: it is
in the journal as refused, and what it would have made of the shape is kept beside it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.journal import alternatives, entries
from landmark_annotator.projects.store.people import leases
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.records import BESIDE, ActionKind, Entry
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable
from landmark_annotator.projects.vocabulary.errors import Conflict
from landmark_annotator.projects.vocabulary.wording import first_few, moment

_TURNS = (ActionKind.UNDO, ActionKind.REDO)
_NAMED = 3
"""Actions that a message names."""


@dataclass(frozen=True)
class Subject:
    """What of an instance an action is about. landmark: by its number. regions: by theirs."""

    landmark: int | None = None
    box: bool = False
    regions: frozenset[int] = frozenset()

    @property
    def whole(self) -> bool:
        return self.landmark is None and not self.box and not self.regions


WHOLE = Subject()
"""The whole shape, as the person sees it."""


_NEWEST = (
    select(JournalTable.id)
    .where(JournalTable.instance_id == bindparam("instance"))
    .order_by(JournalTable.id.desc())
    .limit(1)
)


def revision(connection: Connection, instance_id: int) -> int:
    """0 where nothing was ever recorded of the instance."""
    return connection.execute(_NEWEST, {"instance": instance_id}).scalar() or 0


def revisions(connection: Connection, instance_ids: Collection[int]) -> dict[int, int]:
    """By instance, of those of which something was recorded."""
    ids = list(instance_ids)
    found: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = JournalTable.instance_id.in_(ids[start : start + AT_ONCE])
        query = select(JournalTable.instance_id, func.max(JournalTable.id)).where(part)
        rows = connection.execute(query.group_by(JournalTable.instance_id)).all()
        found |= {row[0]: int(row[1]) for row in rows if row[0] is not None}
    return found


def in_the_way(connection: Connection, instance_id: int, seen: int, subject: Subject) -> bool:
    """Whether anything that was done after the revision `seen` touches the subject."""
    return any(
        _touches(connection, entry, subject)
        for entry in entries.since(connection, instance_id, seen)
    )


def changed(connection: Connection, instance_ids: Collection[int], seen: int) -> set[int]:
    """Those of these whose box or landmarks somebody has changed since the entry `seen`."""
    touched = entries.touched(connection, seen)
    return {i for i in instance_ids if i in touched and in_the_way(connection, i, seen, WHOLE)}


def _touches(connection: Connection, entry: Entry, subject: Subject) -> bool:
    if entry.kind in BESIDE:
        return False
    if entry.kind is ActionKind.IMPORT:
        return True
    about = entry.target if entry.kind in _TURNS and entry.target is not None else entry.id
    change = entries.change_of(connection, about)
    if change.leaves_the_shape:
        return False
    accepted, reviewed = (pair[0] != pair[1] for pair in (change.accepted, change.review))
    if subject.whole or accepted or reviewed:
        return True
    if subject.box:
        return change.box is not None
    if subject.regions:
        return bool(subject.regions & change.masks.keys())
    return subject.landmark in change.landmarks


def rewound(
    connection: Connection, instance_id: int, now: StoredInstance, seen: int
) -> StoredInstance:
    """The instance as it was at the revision `seen`; as it is now where labels were imported
    since, of which the journal does not say what was there before."""
    found = now
    for entry in reversed(entries.since(connection, instance_id, seen)):
        if entry.kind is ActionKind.IMPORT:
            return now
        if entry.kind is ActionKind.REFUSED:
            continue
        done = entries.change_of(connection, entry.id if entry.target is None else entry.target)
        found = (done if entry.kind is ActionKind.UNDO else done.inverse()).apply(found)
    return found


def conflict(connection: Connection, refused: Entry, seen: int | None) -> Conflict:
    """What the person is told whose action was refused, and kept in this entry."""
    assert refused.instance_id is not None
    query = select(InstanceTable.image_id).where(InstanceTable.id == refused.instance_id)
    held = leases.leases(connection, [connection.execute(query).scalar_one()])
    beside = alternatives.own(connection, refused.instance_id, refused.who) is not None
    if beside and held and held[0].who != refused.who:
        whose = held[0].who
        return Conflict(
            f"{whose} has this image now, since {moment(held[0].since)}. Your "
            f"{refused.title} is kept as your own version of the shape, beside that of {whose}.",
            kept="Nothing is lost: a reviewer sees both, and chooses one.",
            remedy="Go on with the next image.",
        )
    since = [] if seen is None else entries.since(connection, refused.instance_id, seen)
    others = [entry for entry in since if entry.kind is not ActionKind.REFUSED]
    return Conflict(
        f"{told(others, refused.who)} Your {refused.title} does not go with that.",
        kept="What was done there is kept, and so is all that you did before. "
        + ("Yours is kept beside it: the review page shows both." if beside else "Yours is not."),
        remedy="Look at the shape as it is now, and do it again where it is still needed.",
    )


def told(others: list[Entry], who: str) -> str:
    """In a sentence, what was done elsewhere to the instance that `who` has open."""
    people = dict.fromkeys(entry.who for entry in others)
    # Names stand as they are, at the beginning too.
    own = "You" if next(iter(people), None) == who else "you"
    named = [person if person != who else f"{own}, in another window," for person in people]
    titles = list(dict.fromkeys(entry.title for entry in others))
    by = " and ".join(named)
    have = "have" if len(named) > 1 or who in people else "has"
    done = first_few(titles, _NAMED)
    return f"{by} {have} changed this shape meanwhile: {done}."
