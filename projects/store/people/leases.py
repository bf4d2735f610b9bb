"""Who has which image in hands: one person at most, for a time.

A lease begins when a person opens an image that is free, is as good as new after every gesture
there, and ends when the person goes on or when nothing was done for too long. Where a project is
everybody's there are none. The time is the server's where there is one: a person's own clock that
is wrong would take images out of other people's hands, or keep them for ever.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Interval,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from landmark_annotator.projects.store.engine.many_rows import is_among, is_one_of
from landmark_annotator.projects.store.people.assignments import Assignment
from landmark_annotator.projects.store.people.roles import role_of
from landmark_annotator.projects.store.schema.base import UtcTime
from landmark_annotator.projects.store.schema.people_tables import (
    AssignmentTable,
    LeaseTable,
    PersonTable,
)
from landmark_annotator.projects.store.schema.tables import ImageTable


@dataclass(frozen=True)
class Lease:
    """since, until: aware, UTC."""

    image_id: int
    who: str
    since: datetime
    until: datetime


_COLUMNS = (LeaseTable.image_id, LeaseTable.who, LeaseTable.since, LeaseTable.until)
_NAMES = ("image_id", "who", "since", "until")
_NEWEST = select(func.max(AssignmentTable.id)).scalar_subquery()
_AS_IT_IS = (
    select(
        exists(select(PersonTable.name)),
        exists().where(PersonTable.name == bindparam("who")),
        ImageTable.id,
        *_COLUMNS,
        AssignmentTable.lease_seconds,
        AssignmentTable.twice,
        AssignmentTable.seed,
    )
    .select_from(ImageTable)
    .outerjoin(LeaseTable, LeaseTable.image_id == ImageTable.id)
    .outerjoin(AssignmentTable, AssignmentTable.id == _NEWEST)
    .where(ImageTable.id.in_(bindparam("images", expanding=True)))
    .order_by(ImageTable.id)
)
"""All that is asked before images are taken, for on a server every question is a way there and
back: whether there are people, and this one among them, whose they are, and for how long."""
_AT_ONCE = 500
"""Databases take only so many values in one statement."""


def now() -> datetime:
    """By this machine's clock."""
    return datetime.now(UTC)


def moment(connection: Connection, ahead: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """So much from now on, by the one clock of all who share the project."""
    if connection.dialect.name == "postgresql":
        return server_moment(ahead)
    return literal(now() + ahead, UtcTime())


def server_moment(ahead: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """The same where that clock is a server's."""
    then = func.clock_timestamp() + literal(ahead, Interval())
    return func.timezone("UTC", then, type_=UtcTime())


def leases(connection: Connection, images: Collection[int] | None = None) -> list[Lease]:
    """Those that hold, of all images or of these, in the order of their ids."""
    query = (
        select(*_COLUMNS).where(LeaseTable.until > moment(connection)).order_by(LeaseTable.image_id)
    )
    if images is not None:
        query = query.where(is_one_of(connection, LeaseTable.image_id, images))
    return [Lease(*row) for row in connection.execute(query).all()]


def take(connection: Connection, image_id: int, who: str) -> Lease | None:
    """Whose image it is now: that of `who`, unless somebody else has it. None where the project is
    everybody's. Inside a transaction; raises NotAllowed where `who` is not in the list."""
    return next(iter(take_all(connection, (image_id,), who)), None)


def take_all(connection: Connection, images: Collection[int], who: str) -> list[Lease]:
    """As `take`, of each of these, in the order of their ids; those that are no more are passed
    over. Images that nobody ever had, and those that are `who`'s already, are taken together."""
    ids, taken = sorted(images), list[Lease]()
    for start in range(0, len(ids), _AT_ONCE):
        given = {"images": ids[start : start + _AT_ONCE], "who": who}
        rows = connection.execute(_AS_IT_IS, given).all()
        if not rows:
            continue
        has_people, listed = rows[0][:2]
        said: Any = rows[0][7:]
        # Who is not in the list is told whom to ask.
        if not has_people or (not listed and role_of(connection, who) is None):
            return []
        assignment = Assignment() if said[0] is None else Assignment(*said)
        there = {row[2]: None if row[3] is None else Lease(*row[3:7]) for row in rows}
        done = _take_together(connection, there, who, assignment)
        rest = [image_id for image_id in there if image_id not in done]
        for image_id in rest:
            done[image_id] = take_from(connection, image_id, who, there[image_id], assignment)
        taken += [done[image_id] for image_id in there]
    return taken


def _take_together(
    connection: Connection, there: Mapping[int, Lease | None], who: str, said: Assignment
) -> dict[int, Lease]:
    """By image, what two statements take; where there is no more than one of a kind, nothing."""
    new = [image_id for image_id, lease in there.items() if lease is None]
    own = [image_id for image_id, lease in there.items() if lease is not None and lease.who == who]
    at, until = moment(connection), moment(connection, said.lease)
    found: list[Any] = []
    if len(new) > 1:
        these = select(ImageTable.id, literal(who), at, until).where(
            is_among(connection, ImageTable.id, new)
        )
        made = insert(LeaseTable).from_select(list(_NAMES), these)
        found += connection.execute(made.returning(*_COLUMNS)).all()
    if len(own) > 1:
        mine = is_among(connection, LeaseTable.image_id, own), LeaseTable.who == who
        kept = update(LeaseTable).where(*mine).values(until=until).returning(*_COLUMNS)
        found += connection.execute(kept).all()
    return {row[0]: Lease(*row) for row in found}


def take_from(
    connection: Connection, image_id: int, who: str, there: Lease | None, said: Assignment
) -> Lease:
    """As `take`, by one of the people. there: whose it was when somebody looked last, however long
    ago that ran out; None of an image that nobody ever had."""
    at, until = moment(connection), moment(connection, said.lease)
    of_image = LeaseTable.image_id == image_id
    if there is None:
        new = {"image_id": image_id, "who": who, "since": at, "until": until}
        made = insert(LeaseTable).values(new).returning(*_COLUMNS)
        return Lease(*connection.execute(made).one())
    if there.who == who:
        own = update(LeaseTable).where(of_image, LeaseTable.who == who).values(until=until)
        kept = connection.execute(own.returning(*_COLUMNS)).first()
        if kept is not None:
            return Lease(*kept)
    passes = update(LeaseTable).where(of_image, or_(LeaseTable.until <= at, LeaseTable.who == who))
    passes = passes.values(who=who, since=at, until=until)
    passed = connection.execute(passes.returning(*_COLUMNS)).first()
    if passed is not None:
        return Lease(*passed)
    now_there = connection.execute(select(*_COLUMNS).where(of_image)).first()
    if now_there is None:
        return take_from(connection, image_id, who, None, said)
    return Lease(*now_there)


def give_back(connection: Connection, images: Collection[int], who: str) -> None:
    """Those of these that the person has."""
    mine = is_one_of(connection, LeaseTable.image_id, images), LeaseTable.who == who
    connection.execute(delete(LeaseTable).where(*mine))


def keep_for(connection: Connection, before: timedelta, said: timedelta) -> None:
    """Those that hold end so long after the last gesture as is said now. before: how long that was
    so far. Inside a transaction, so that what was only held too long is free at once."""
    for lease in leases(connection) if said != before else ():
        until = lease.until + said - before
        # A gesture that came in between has made it as good as new already.
        unmoved = LeaseTable.image_id == lease.image_id, LeaseTable.until == lease.until
        connection.execute(update(LeaseTable).where(*unmoved).values(until=until))
