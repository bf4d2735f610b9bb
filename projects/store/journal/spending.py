"""What people spent, added up by the database: a year's journal has millions of entries, and what
is shown of it are days and some hundred instances.

No action counts for longer than its fence, which leaves pauses out; fences: in seconds, by person
and kind of action, none where all of the time counts.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Executable,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    type_coerce,
    values,
)

from landmark_annotator.projects.store.people.server_rights import tells_all_work
from landmark_annotator.projects.store.rows.exclusions import instance_counts
from landmark_annotator.projects.store.rows.one_text import in_one_text, numbers
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    InstanceState,
    Spend,
    TimedActions,
    TimedLandmarks,
)
from landmark_annotator.projects.store.schema.base import no_time
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable

Fences = Mapping[tuple[str, ActionKind], float]

_QUARTER = 900
"""Seconds. In every zone a day begins with one, so days of any zone are made of them."""
_FIRST_PAGE = 200
_CLICK = JournalTable.kind.in_([ActionKind.CLICK.value, ActionKind.CONFIRM.value])
_ACCEPTED = JournalTable.kind.in_([kind.value for kind in ActionKind if kind.accepts])
_BY_HAND = and_(_CLICK, JournalTable.proposed_x.is_(None))


class SpentThen(NamedTuple):
    """By one person in the quarter of an hour that begins at `at`. clicks: with confirmations.
    accepted: how often an instance was accepted."""

    at: datetime
    who: str
    clicks: int
    seconds: float
    accepted: int


class SpentOn(NamedTuple):
    """On each of so many instances. by_hand: clicks where nothing was proposed."""

    clicks: int
    seconds: float
    by_hand: int
    instances: int = 1


def timed_actions(connection: Connection, after: int) -> list[TimedActions]:
    """Those that come after the entry of this id, also of what is hidden from this login."""
    query: Executable
    if tells_all_work(connection):
        query = text("SELECT * FROM worked(:after)").bindparams(after=after)
    else:
        # Not the bare column: SQLite would walk its index from end to end for a few new entries.
        who = JournalTable.who.concat(literal_column("''"))
        query = (
            select(
                who,
                JournalTable.kind,
                func.count(),
                in_one_text(cast(JournalTable.duration, String)),
                func.max(JournalTable.id),
            )
            .where(JournalTable.id > after)
            .group_by(who, JournalTable.kind)
        )
    return [
        TimedActions(who, ActionKind.stored(kind), count, numbers(durations, np.float64), last)
        for who, kind, count, durations, last in connection.execute(query)
    ]


def timed_landmarks(connection: Connection) -> list[TimedLandmarks]:
    """Of the whole journal what has a duration."""
    query = (
        select(
            JournalTable.who,
            JournalTable.kind,
            JournalTable.landmark,
            in_one_text(cast(JournalTable.duration, String)),
        )
        .where(JournalTable.duration.is_not(None))
        .group_by(JournalTable.who, JournalTable.kind, JournalTable.landmark)
    )
    return [
        TimedLandmarks(who, ActionKind.stored(kind), landmark, numbers(durations, np.float64))
        for who, kind, landmark, durations in connection.execute(query)
    ]


def spend(connection: Connection, who: str | None) -> Spend:
    """Of one person, or of all."""
    query = select(
        func.count().filter(_CLICK),
        func.sum(JournalTable.duration),
    )
    if who is not None:
        query = query.where(JournalTable.who == who)
    clicks, seconds = connection.execute(query).one()
    return Spend(clicks, float(seconds or 0.0))


def spent_by_time(connection: Connection, fences: Fences) -> list[SpentThen]:
    """In no order; without times at which nothing was done that counts. Raises ProjectError where
    a time is none."""
    counted, rows = _counted(fences)
    epoch = extract("epoch", JournalTable.at)
    begin = (epoch - epoch % _QUARTER).label("begin")
    query = (
        select(
            begin,
            JournalTable.who,
            _number(_CLICK),
            _seconds(counted),
            _number(_ACCEPTED),
            func.min(type_coerce(JournalTable.at, String)),
        )
        .select_from(rows)
        .where(or_(_CLICK, _ACCEPTED, JournalTable.duration > 0))
        .group_by(begin, JournalTable.who)
    )
    found = []
    for start, who, clicks, seconds, accepted, at in connection.execute(query):
        if start is None:
            raise no_time(at)
        found.append(
            SpentThen(datetime.fromtimestamp(int(start), UTC), who, clicks, seconds, accepted)
        )
    return found


def spent_on_waiting(connection: Connection, fences: Fences) -> list[SpentOn]:
    """On instances that the journal knows and that are not accepted, those alike as one."""
    counted, rows = _counted(fences)
    waits = InstanceTable.state.in_([InstanceState.UNTOUCHED.value, InstanceState.STARTED.value])
    each = (
        select(
            _number(_CLICK).label("clicks"),
            _seconds(counted).label("seconds"),
            _number(_BY_HAND).label("by_hand"),
        )
        .select_from(rows.join(InstanceTable, InstanceTable.id == JournalTable.instance_id))
        .where(waits, instance_counts())
        .group_by(JournalTable.instance_id)
        .subquery()
    )
    alike = (each.c.clicks, each.c.seconds, each.c.by_hand)
    query = select(*alike, func.count()).group_by(*alike)
    return [SpentOn(*row) for row in connection.execute(query)]


def spent_on_finished(
    connection: Connection, fences: Fences, since: datetime | None = None
) -> Iterator[SpentOn]:
    """On each accepted instance, the one that was accepted last first; reads no further than it is
    asked for. since: of those alone that were accepted after it."""
    counted, rows = _counted(fences)
    start, most = 0, _FIRST_PAGE
    while True:
        page = _finished(since).limit(most).offset(start).subquery()
        query = (
            select(_number(_CLICK), _seconds(counted), _number(_BY_HAND))
            .select_from(rows.join(page, page.c.instance_id == JournalTable.instance_id))
            .group_by(page.c.instance_id, page.c.last)
            .order_by(page.c.last.desc())
        )
        found = connection.execute(query).all()
        yield from (SpentOn(*row) for row in found)
        if len(found) < most:
            return
        start, most = start + most, 2 * most


def _finished(since: datetime | None) -> Select[int | None, int]:
    last = func.max(JournalTable.id).label("last")
    query = (
        select(JournalTable.instance_id, last)
        .join(InstanceTable, InstanceTable.id == JournalTable.instance_id)
        .where(_ACCEPTED, InstanceTable.state == InstanceState.ACCEPTED.value, instance_counts())
        .group_by(JournalTable.instance_id)
        .order_by(last.desc())
    )
    return query if since is None else query.where(JournalTable.at > since)


def _counted(fences: Fences) -> tuple[ColumnElement[float | None], FromClause]:
    """What an entry counts for, NULL where its time is not known; and what to read it from."""
    held = [(who, kind.value, fence) for (who, kind), fence in fences.items() if fence < math.inf]
    took, journal = JournalTable.duration, JournalTable.__table__
    if not held:
        return took.expression, journal
    columns = column("who", String), column("kind", String), column("fence", Double)
    # As a table of its own: SQLite names the columns of no other list of values.
    listed = values(*columns, name="fences").data(held).cte("fences")
    own = and_(listed.c.who == JournalTable.who, listed.c.kind == JournalTable.kind)
    # Where there is no fence, nothing is above it.
    return case((took > listed.c.fence, listed.c.fence), else_=took), journal.outerjoin(listed, own)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _seconds(counted: ColumnElement[float | None]) -> ColumnElement[float]:
    return func.coalesce(func.sum(counted), literal(0.0, Double))
