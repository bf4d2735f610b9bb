"""What there is to label, in order: light rows, and what comes next, for projects of any size."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, join, not_, select, tuple_

from projects.store.open_project import Opened
from projects.store.people.double_labelling import is_hidden_from
from projects.store.people.offers import is_begun_by_others, is_free_for
from projects.store.people.roles import is_listed
from projects.store.rows.exclusions import counts, excluded_ids
from projects.store.rows.instances import RECORD, record, unknown_instance
from projects.store.rows.records import ActionKind, InstanceRecord, InstanceState
from projects.store.schema.tables import ImageTable, InstanceTable, JournalTable

_PLACE = (ImageTable.position, ImageTable.id, InstanceTable.id)
"""What instances are ordered by."""

_ROW = (
    InstanceTable.id,
    InstanceTable.image_id,
    ImageTable.path,
    InstanceTable.state,
    InstanceTable.predicted_error,
    func.coalesce(ImageTable.excluded_why, InstanceTable.excluded_why),
    ImageTable.frame,
)
_OBJECTS = join(ImageTable, InstanceTable, InstanceTable.image_id == ImageTable.id)

_WAITS = and_(InstanceTable.state != InstanceState.ACCEPTED.value, counts())
_HAS_BOX = InstanceTable.width.is_not(None)

_EFFORT = (ActionKind.CLICK.value, ActionKind.CONFIRM.value)


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
        query = select(*_ROW).select_from(_OBJECTS).order_by(*_PLACE)
        if not excluded:
            query = query.where(counts())
        return [QueueRow._make(row) for row in self._reading.execute(query).all()]

    def waiting(self, after: int | None = None, limit: int = 1) -> list[InstanceRecord]:
        """The next ones that are not accepted, after this instance and from the start again.

        Raises ProjectError where there is no such instance.
        """
        if after is None:
            return _records(self._reading, limit, _WAITS)
        here = _place(self._reading, after)
        found = _records(self._reading, limit, _WAITS, tuple_(*_PLACE) > here)
        if len(found) < limit:
            found += _records(self._reading, limit - len(found), _WAITS, tuple_(*_PLACE) < here)
        return found

    def offered(self, who: str, after: int | None = None, limit: int = 1) -> list[InstanceRecord]:
        """As `waiting`, without what somebody else has in hands; of two labellings of an object
        nobody is offered the second. What others have begun comes last.

        Where the project is everybody's, or `who` is not in its list, it is `waiting`.
        """
        if not is_listed(self._reading, who):
            return self.waiting(after, limit)
        begun, free = is_begun_by_others(who), is_free_for(who)
        here = None if after is None else _place(self._reading, after)
        found: list[InstanceRecord] = []
        for part in (not_(begun), begun):
            for there in _round(here):
                if len(found) < limit:
                    left = limit - len(found)
                    found += _records(self._reading, left, _WAITS, free, part, *there)
        return found

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
        query = select(*RECORD).select_from(_OBJECTS).where(_WAITS, _HAS_BOX)
        if who is not None and is_listed(self._reading, who):
            query = query.where(is_free_for(who), not_(is_begun_by_others(who)))
        found = self._reading.execute(query.order_by(*order, *_PLACE).limit(limit))
        return [record(row) for row in found.all()]

    def waiting_counts(self) -> WaitingCounts:
        """Of what is not accepted."""
        foreseen = and_(_HAS_BOX, InstanceTable.predicted_error.is_not(None))
        query = select(
            func.count().filter(_HAS_BOX), func.count(), func.count().filter(foreseen)
        ).select_from(_OBJECTS)
        boxed, every, foreseen_count = self._reading.execute(query.where(_WAITS)).one()
        return WaitingCounts(boxed, every - boxed, foreseen_count)

    def accepted_before(self, instance_id: int, *, who: str) -> InstanceRecord | None:
        """The nearest accepted instance before this one that is not hidden from this person.

        Raises ProjectError where there is no such instance.
        """
        query = (
            select(*RECORD)
            .select_from(_OBJECTS)
            .where(InstanceTable.state == InstanceState.ACCEPTED.value, counts())
            .where(tuple_(*_PLACE) < _place(self._reading, instance_id))
            .order_by(*(column.desc() for column in _PLACE))
        )
        with self._reading.execute(query) as rows:
            found = (record(row) for row in rows)
            return next((r for r in found if not is_hidden_from(self._reading, r.id, who)), None)

    def count_of(self, state: InstanceState) -> int:
        """How many instances are in this state."""
        in_state = InstanceTable.state == state.value
        query = select(func.count()).select_from(_OBJECTS).where(in_state, counts())
        return int(self._reading.execute(query).scalar_one())

    def clicks(self, *, excluded: bool = False) -> dict[int, int]:
        """Clicks and confirmations by the id of the instance; what was taken back counts.

        excluded: with those of instances that were left out.
        """
        query = (
            select(JournalTable.instance_id, func.count())
            .where(JournalTable.kind.in_(_EFFORT))
            .group_by(JournalTable.instance_id)
        )
        if not excluded:
            query = query.where(JournalTable.instance_id.not_in(excluded_ids()))
        found = self._reading.execute(query).all()
        return {instance_id: count for instance_id, count in found if instance_id is not None}


def _records(
    connection: Connection, limit: int, *conditions: ColumnElement[bool]
) -> list[InstanceRecord]:
    query = select(*RECORD).select_from(_OBJECTS).where(*conditions).order_by(*_PLACE)
    return [record(row) for row in connection.execute(query.limit(limit)).all()]


def _round(here: tuple[int, int, int] | None) -> list[tuple[ColumnElement[bool], ...]]:
    """The parts of the way through all instances: after this one, then from the start again."""
    if here is None:
        return [()]
    return [(tuple_(*_PLACE) > here,), (tuple_(*_PLACE) < here,)]


def _place(connection: Connection, instance_id: int) -> tuple[int, int, int]:
    query = select(*_PLACE).select_from(_OBJECTS).where(InstanceTable.id == instance_id)
    row = connection.execute(query).first()
    if row is None:
        raise unknown_instance(instance_id)
    position, image_id, found = row
    return position, image_id, found
