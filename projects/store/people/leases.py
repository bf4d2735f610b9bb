"""Who has which image in hands: one person at most, for a time.

A lease begins when a person opens an image that is free, is as good as new after every gesture
there, and ends when the person goes on or when nothing was done for too long. Where a project is
everybody's there are none. The time is the server's where there is one: a person's own clock that
is wrong would take images out of other people's hands, or keep them for ever.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

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
_NEWEST = select(func.max(AssignmentTable.id)).scalar_subquery()
_AS_IT_IS = (
    select(
        exists(select(PersonTable.name)),
        exists().where(PersonTable.name == bindparam("who")),
        *_COLUMNS,
        AssignmentTable.lease_seconds,
        AssignmentTable.twice,
        AssignmentTable.seed,
    )
    .select_from(ImageTable)
    .outerjoin(LeaseTable, LeaseTable.image_id == ImageTable.id)
    .outerjoin(AssignmentTable, AssignmentTable.id == _NEWEST)
    .where(ImageTable.id == bindparam("image"))
)
"""All that is asked before an image is taken, for on a server every question is a way there and
back: whether there are people, and this one among them, whose it is, and for how long."""


def now() -> datetime:
    """By this machine's clock."""
    return datetime.now(UTC)


def moment(connection: Connection, ahead: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """So much from now on, by the one clock of all who share the project."""
    if connection.dialect.name == "postgresql":
        then = func.clock_timestamp() + literal(ahead, Interval())
        return func.timezone("UTC", then, type_=UtcTime())
    return literal(now() + ahead, UtcTime())


def leases(connection: Connection, images: Collection[int] | None = None) -> list[Lease]:
    """Those that hold, of all images or of these, in the order of their ids."""
    query = (
        select(*_COLUMNS).where(LeaseTable.until > moment(connection)).order_by(LeaseTable.image_id)
    )
    if images is not None:
        query = query.where(LeaseTable.image_id.in_(images))
    return [Lease(*row) for row in connection.execute(query).all()]


def take(connection: Connection, image_id: int, who: str) -> Lease | None:
    """Whose image it is now: that of `who`, unless somebody else has it. None where the project is
    everybody's. Inside a transaction; raises NotAllowed where `who` is not in the list."""
    row = connection.execute(_AS_IT_IS, {"image": image_id, "who": who}).first()
    if row is None:
        return None  # an image that is no more
    (has_people, listed), there, said = row[:2], row[2:6], row[6:]
    # Who is not in the list is told whom to ask.
    if not has_people or (not listed and role_of(connection, who) is None):
        return None
    return take_from(
        connection,
        image_id,
        who,
        None if there[0] is None else Lease(*there),
        Assignment() if said[0] is None else Assignment(*said),
    )


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
    mine = LeaseTable.image_id.in_(images), LeaseTable.who == who
    connection.execute(delete(LeaseTable).where(*mine))
