"""What has become of a project elsewhere than by one connection: what a window looks up every few
seconds, and so one question, for on a server each is a way there and back."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy import union_all as all_of
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.journal.entries import written_by
from landmark_annotator.projects.store.people import leases
from landmark_annotator.projects.store.people.leases import Lease
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.schema.base import UtcTime
from landmark_annotator.projects.store.schema.people_tables import LeaseTable, PersonTable
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable

_WHOLE, _ENTRY, _LEASE, _PERSON = range(4)


@dataclass(frozen=True)
class Elsewhere:
    """newest: the id of the journal's newest entry, 0 where there is none. instances: how many
    there are, excluded ones too. entries: those after the one that was asked about that are by
    others than the person, or came by another connection, by their ids, each with its instance,
    None where that was about no single one; but for what a pixel of one image measures. leases:
    those that hold, in the order of their images; none where the project is everybody's. roles: of
    its people, by their names."""

    newest: int
    instances: int
    entries: dict[int, int | None]
    leases: tuple[Lease, ...]
    roles: dict[str, str]


def _measures_one_image() -> ColumnElement[bool]:
    """What a pixel of one image measures changes no list, and is said of every image in turn."""
    turned, scale = aliased(JournalTable), ActionKind.SCALE.value
    of_scale = exists().where(turned.id == JournalTable.target, turned.kind == scale)
    return and_(JournalTable.image_id.is_not(None), or_(JournalTable.kind == scale, of_scale))


@cache
def _asked(of_server: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Put together once: it takes longer than the answer."""
    now = leases.server_moment() if of_server else bindparam("now", type_=UtcTime())
    newest = func.coalesce(select(func.max(JournalTable.id)).scalar_subquery(), 0)
    count = select(func.count()).select_from(InstanceTable).scalar_subquery()
    no_time, no_text = cast(null(), UtcTime()), cast(null(), String())
    no_number = cast(null(), Integer())
    whole = select(literal(_WHOLE), newest, count, no_text, no_time, no_time, no_text)
    entry = select(
        literal(_ENTRY),
        JournalTable.id,
        JournalTable.instance_id,
        JournalTable.who,
        no_time,
        no_time,
        no_text,
    ).where(JournalTable.id > bindparam("after"), not_(_measures_one_image()))
    lease = select(
        literal(_LEASE),
        LeaseTable.image_id,
        no_number,
        LeaseTable.who,
        LeaseTable.since,
        LeaseTable.until,
        no_text,
    ).where(LeaseTable.until > now, exists(select(PersonTable.name)))
    person = select(
        literal(_PERSON),
        no_number,
        no_number,
        PersonTable.name,
        no_time,
        no_time,
        PersonTable.role,
    )
    return all_of(whole, entry, lease, person)


def elsewhere(connection: Connection, after: int, who: str) -> Elsewhere:
    """after: the id of an entry of the journal. All of it is of one moment."""
    last = instances = 0
    entries: dict[int, int | None] = {}
    held: list[Lease] = []
    roles: dict[str, str] = {}
    own = written_by(connection)
    of_server = connection.dialect.name == "postgresql"
    given = {"after": after} if of_server else {"after": after, "now": leases.now()}
    for what, number, about, name, since, until, role in connection.execute(
        _asked(of_server), given
    ):
        if what == _WHOLE:
            last, instances = number, about
        elif what == _LEASE:
            held.append(Lease(number, name, since, until))
        elif what == _PERSON:
            roles[name] = role
        elif name != who or number not in own:
            entries[number] = about
    by_image = sorted(held, key=lambda each: each.image_id)
    return Elsewhere(last, instances, dict(sorted(entries.items())), tuple(by_image), roles)
