"""What there is to label, in order: light rows, and what comes next, for projects of any size."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    join,
    literal_column,
    not_,
    select,
    tuple_,
)

from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.store.people.double_labelling import is_hidden_from
from landmark_annotator.projects.store.people.offers import (
    is_begun_by_others,
    is_free_for,
    is_no_second_on_own,
)
from landmark_annotator.projects.store.people.roles import is_listed, is_one_of_people
from landmark_annotator.projects.store.rows.exclusions import counts, excluded_ids, instance_counts
from landmark_annotator.projects.store.rows.instances import RECORD, record, some, unknown_instance
from landmark_annotator.projects.store.rows.records import ActionKind, InstanceRecord, InstanceState
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, JournalTable

PLACE = (InstanceTable.position, InstanceTable.image_id, InstanceTable.id)
"""What instances are ordered by."""

QUEUE_ROW = (
    InstanceTable.id,
    InstanceTable.image_id,
    ImageTable.path,
    InstanceTable.state,
    InstanceTable.predicted_error,
    func.coalesce(ImageTable.excluded_why, InstanceTable.excluded_why),
    ImageTable.frame,
)
_OBJECTS = join(ImageTable, InstanceTable, InstanceTable.image_id == ImageTable.id)

WAITS = and_(InstanceTable.state != literal_column("'accepted'"), instance_counts())
"""The state as a literal: only then is it plain to the database that an index has all of these."""
HAS_BOX = InstanceTable.width.is_not(None)

_WHO: BindParameter[str] = bindparam("who")
_FIRST = (
    select(*RECORD)
    .where(WAITS, is_no_second_on_own(_WHO))
    .order_by(*PLACE)
    .limit(bindparam("limit"))
)
_Place = tuple[int, int, int]
"""Of an instance in the order of all: of its image, its image's id and its own."""
_HERE = tuple_(*(bindparam(name, type_=Integer) for name in "abc"))
_NEXT, _BEFORE = _FIRST.where(tuple_(*PLACE) > _HERE), _FIRST.where(tuple_(*PLACE) < _HERE)
_PLACE_OF = select(*PLACE).where(InstanceTable.id == bindparam("instance"))
_PLACE_AND_LISTED = _PLACE_OF.add_columns(is_one_of_people(bindparam("who")))
_COUNT = (
    select(func.count())
    .select_from(InstanceTable)
    .where(InstanceTable.state == bindparam("state"), instance_counts())
)
"""Asked after every gesture, and so put together once."""

EFFORT = (ActionKind.CLICK.value, ActionKind.CONFIRM.value)
OF_EFFORT = and_(JournalTable.instance_id == InstanceTable.id, JournalTable.kind.in_(EFFORT))
CLICKED = and_(InstanceTable.state == InstanceState.STARTED.value, exists().where(OF_EFFORT))
"""What was expected of these before any click is not what is to be expected now."""


class QueueRow(NamedTuple):
    """One instance as a list shows it.

    path: of the image, or of the video that it is a frame of, as the database has it, with forward
    slashes. state: the text of an InstanceState. predicted_error: in % of the scheme's normaliser,
    None where never predicted. excluded: why the image or the instance was left out, None where it
    counts. frame: counted from 0, None for a still.
    """

    instance_id: int
    image_id: int
    path: str
    state: str
    predicted_error: float | None
    excluded: str | None = None
    frame: int | None = None


class WaitingCounts(NamedTuple):
    """boxed: how many have a box. without_box: and how many have none. foreseen: of how many with a
    box the model has said what error it expects."""

    boxed: int
    without_box: int
    foreseen: int


class Queue(Opened):
    """None of this reads a whole record for every instance of a project. What was excluded is not
    among it."""

    def queue(self, *, excluded: bool = False) -> list[QueueRow]:
        """All instances, in the order of their images. excluded: with those that were left out."""
        query = select(*QUEUE_ROW).select_from(_OBJECTS).order_by(*PLACE)
        if not excluded:
            query = query.where(counts())
        return [QueueRow._make(row) for row in self._reading.execute(query).all()]

    def waiting(
        self, after: int | None = None, limit: int = 1, *, who: str = ""
    ) -> list[InstanceRecord]:
        """The next ones that are not accepted, after this instance and from the start again.

        who: without second opinions on what this person has labelled. Raises ProjectError where
        there is no such instance.
        """
        run = self._reading.execute
        if after is None:
            return [record(row) for row in run(_FIRST, {"limit": limit, "who": who}).all()]
        here = {"who": who, **dict(zip("abc", _place(self._reading, after), strict=True))}
        found = [record(row) for row in run(_NEXT, {"limit": limit, **here}).all()]
        if len(found) < limit:
            more = run(_BEFORE, {"limit": limit - len(found), **here}).all()
            found += [record(row) for row in more]
        return found

    def offered(
        self, who: str, after: int | None = None, limit: int = 1, *, at_least: int | None = None
    ) -> list[InstanceRecord]:
        """As `waiting`, without what somebody else has in hands; of two labellings of an object
        nobody is offered the second. What others have begun comes last.

        at_least: for so many more is asked if need be; None: for all.
        Where the project is everybody's, or `who` is not in its list, it is `waiting`.
        """
        if after is None:
            here, listed = None, is_listed(self._reading, who)
        else:
            here, listed = _place_for(self._reading, after, who)
        if not listed:
            return self.waiting(after, limit, who=who)
        enough = limit if at_least is None else at_least
        begun, free = is_begun_by_others(who), is_free_for(self._reading, who)
        found: list[InstanceRecord] = []
        for part in (not_(begun), begun):
            for there in _round(here):
                if len(found) < enough:
                    left = limit - len(found)
                    found += _records(self._reading, left, WAITS, free, part, *there)
        return found

    def first(self) -> InstanceRecord | None:
        """Of all that count, accepted or not; None where there is none."""
        return next(iter(_records(self._reading, 1, instance_counts())), None)

    def to_look_at(
        self, limit: int, *, surest_first: bool | None = None, who: str | None = None
    ) -> list[InstanceRecord]:
        """Those with a box that are not accepted, in the order of their images.

        who: without what is not offered to this person, see `offered`. surest_first: by the error
        that is expected of them instead, the smallest or the largest first; those of which none is
        expected come last.
        """
        error = InstanceTable.predicted_error
        order: list[ColumnElement[Any]] = []
        if surest_first is not None:
            order = [error.is_(None), error.asc() if surest_first else error.desc()]
        query = select(*RECORD).where(WAITS, HAS_BOX)
        if who is not None and is_listed(self._reading, who):
            free = is_free_for(self._reading, who)
            query = query.where(free, not_(is_begun_by_others(who)))
        elif who is not None:
            query = query.where(is_no_second_on_own(who))
        found = self._reading.execute(query.order_by(*order, *PLACE).limit(limit))
        return [record(row) for row in found.all()]

    def least_sure(
        self, but_for: int | None = None, *, believed: Mapping[int, float] | None = None
    ) -> InstanceRecord | None:
        """The one with the largest expected error, of all that are not accepted. believed: as of
        `Listing.listed`."""
        now, error = believed or {}, InstanceTable.predicted_error
        query = (
            select(*RECORD)
            .where(WAITS, error.is_not(None), not_(CLICKED))
            .order_by(error.desc(), *PLACE)
            .limit(len(now) + 2)
        )
        found = [record(row) for row in self._reading.execute(query).all()]
        found += some(self._reading, list(now))
        accepted = InstanceState.ACCEPTED
        waiting = [one for one in found if one.id != but_for and one.state is not accepted]
        return max(
            waiting, key=lambda one: now.get(one.id, one.predicted_error or 0.0), default=None
        )

    def waiting_counts(self, who: str | None = None) -> WaitingCounts:
        """Of what is not accepted. who: without second opinions on what this person has labelled,
        which are for others."""
        foreseen = and_(HAS_BOX, InstanceTable.predicted_error.is_not(None))
        query = select(
            func.count().filter(HAS_BOX), func.count(), func.count().filter(foreseen)
        ).select_from(InstanceTable)
        query = query.where(WAITS) if who is None else query.where(WAITS, is_no_second_on_own(who))
        boxed, every, foreseen_count = self._reading.execute(query).one()
        return WaitingCounts(boxed, every - boxed, foreseen_count)

    def accepted_before(self, instance_id: int, *, who: str) -> InstanceRecord | None:
        """The nearest accepted instance before this one that is not hidden from this person.

        Raises ProjectError where there is no such instance.
        """
        query = (
            select(*RECORD)
            .where(InstanceTable.state == InstanceState.ACCEPTED.value, instance_counts())
            .where(tuple_(*PLACE) < _place(self._reading, instance_id))
            .order_by(*(column.desc() for column in PLACE))
        )
        with self._reading.execute(query) as rows:
            found = (record(row) for row in rows)
            return next((r for r in found if not is_hidden_from(self._reading, r.id, who)), None)

    def count_of(self, state: InstanceState | str) -> int:
        """How many instances are in this state."""
        wanted = InstanceState.named(state).value
        return int(self._reading.execute(_COUNT, {"state": wanted}).scalar_one())

    def state_counts(self) -> dict[InstanceState, int]:
        """How many instances are in each state."""
        query = select(InstanceTable.state, func.count()).where(instance_counts())
        rows = self._reading.execute(query.group_by(InstanceTable.state)).all()
        found = {row[0]: int(row[1]) for row in rows}
        return {state: found.get(state.value, 0) for state in InstanceState}

    def image_count(self) -> int:
        """How many were not left out."""
        every = select(func.count()).select_from(ImageTable)
        out = every.where(ImageTable.excluded_why.is_not(None))
        with self.snapshot():
            run = self._reading.execute
            return int(run(every).scalar_one()) - int(run(out).scalar_one())

    def counted_in(self) -> str:
        """What instances are called where they are counted: "image", or "object" where an image
        holds several that were not left out."""
        several = select(InstanceTable.image_id).where(instance_counts())
        several = several.group_by(InstanceTable.image_id).having(func.count() > 1).limit(1)
        return "image" if self._reading.execute(several).first() is None else "object"

    def clicks(self, *, excluded: bool = False) -> dict[int, int]:
        """Clicks and confirmations by the id of the instance; what was taken back counts.

        excluded: with those of instances that were left out.
        """
        query = (
            select(JournalTable.instance_id, func.count())
            .where(JournalTable.kind.in_(EFFORT))
            .group_by(JournalTable.instance_id)
        )
        if not excluded:
            query = query.where(JournalTable.instance_id.not_in(excluded_ids()))
        found = self._reading.execute(query).all()
        return {instance_id: count for instance_id, count in found if instance_id is not None}


def _records(
    connection: Connection, limit: int, *conditions: ColumnElement[bool]
) -> list[InstanceRecord]:
    query = select(*RECORD).where(*conditions).order_by(*PLACE)
    return [record(row) for row in connection.execute(query.limit(limit)).all()]


def _round(here: _Place | None) -> list[tuple[ColumnElement[bool], ...]]:
    """The parts of the way through all instances: after this one, then from the start again."""
    if here is None:
        return [()]
    return [(tuple_(*PLACE) > here,), (tuple_(*PLACE) < here,)]


def _place_for(connection: Connection, instance_id: int, who: str) -> tuple[_Place, bool]:
    """And whether this person is in the list of the project's people: one question."""
    given = {"instance": instance_id, "who": who}
    row = connection.execute(_PLACE_AND_LISTED, given).first()
    if row is None:
        raise unknown_instance(instance_id)
    position, image_id, found, listed = row
    return (position, image_id, found), bool(listed)


def _place(connection: Connection, instance_id: int) -> _Place:
    row = connection.execute(_PLACE_OF, {"instance": instance_id}).first()
    if row is None:
        raise unknown_instance(instance_id)
    position, image_id, found = row
    return position, image_id, found
