"""What an action of the click loop finds: the instance, who acts, and who else is there.

Asked once an action, for on a server every question is a way there and back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    exists,
    func,
    join,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from landmark_annotator.projects.store.engine.many_rows import is_among
from landmark_annotator.projects.store.people.assignments import Assignment
from landmark_annotator.projects.store.people.leases import Lease
from landmark_annotator.projects.store.people.roles import Role, role_of
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.flags_and_reviews import WITH_REMARKS
from landmark_annotator.projects.store.rows.many_stored import hold_many, stored_many
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.people_tables import (
    AlternativeTable,
    AssignmentTable,
    LeaseTable,
    PersonTable,
)
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable

_INSTANCE: BindParameter[int] = bindparam("instance")
_WHO: BindParameter[str] = bindparam("who")
_OTHER = aliased(InstanceTable)
_LAST_ASSIGNMENT = select(func.max(AssignmentTable.id)).scalar_subquery()
_ROLE = select(PersonTable.role).where(PersonTable.name == _WHO)
_DONE = InstanceState.ACCEPTED.value


def _beside(instance: ColumnElement[int] | InstrumentedAttribute[int]) -> tuple[Any, ...]:
    """instance: its id."""
    revision = select(func.max(JournalTable.id)).where(JournalTable.instance_id == instance)
    open_own = exists().where(
        AlternativeTable.instance_id == instance,
        AlternativeTable.who == _WHO,
        AlternativeTable.settled_at.is_(None),
    )
    of_two = exists().where(
        or_(_OTHER.id == InstanceTable.second_opinion_on, _OTHER.second_opinion_on == instance)
    )
    return (
        InstanceTable.image_id,
        revision.scalar_subquery(),
        exists(select(PersonTable.name)),
        _ROLE.scalar_subquery(),
        of_two.where(or_(_OTHER.state != _DONE, InstanceTable.state != _DONE)),
        of_two.where(_OTHER.state == _DONE, InstanceTable.state == _DONE),
        open_own,
    )


_BESIDE = _beside(_INSTANCE)
_LEASE = (LeaseTable.image_id, LeaseTable.who, LeaseTable.since, LeaseTable.until)
_ASSIGNMENT = (AssignmentTable.lease_seconds, AssignmentTable.twice, AssignmentTable.seed)
_FROM = join(
    WITH_REMARKS,
    LeaseTable,
    LeaseTable.image_id == InstanceTable.image_id,
    isouter=True,
).join(AssignmentTable, AssignmentTable.id == _LAST_ASSIGNMENT, isouter=True)
_QUERY = (
    select(*_BESIDE, *_LEASE, *_ASSIGNMENT, *instances.WHOLE)
    .select_from(_FROM)
    .where(InstanceTable.id == _INSTANCE)
)
_MANY = select(
    InstanceTable.id, *_beside(InstanceTable.id), *_LEASE, *_ASSIGNMENT, *instances.WHOLE
).select_from(_FROM)


@dataclass(frozen=True)
class Circumstances:
    """revision: the id of the instance's newest journal entry, 0 where there is none. role: None
    where the project is everybody's. of_two: whether two people label the object and not both have
    accepted it; both_done: whether both have. own_kept: whether something that this person made of
    the shape is kept beside it. lease: of the image, also one that has run out."""

    stored: StoredInstance
    image_id: int
    revision: int
    role: Role | None
    of_two: bool
    both_done: bool
    own_kept: bool
    lease: Lease | None
    assignment: Assignment


def circumstances(
    connection: Connection, instance_id: int, who: str, *, by_program: bool = False
) -> Circumstances:
    """Nobody else changes the instance from now on until the transaction ends.

    by_program: `who` is nobody of the list of people, and need not be.
    Raises ProjectError where there is none, NotAllowed where `who` is not in the list of people.
    """
    instances.hold_rows(connection, instance_id)
    row = connection.execute(_QUERY, {"instance": instance_id, "who": who}).first()
    if row is None:
        raise instances.unknown_instance(instance_id)
    *rest, whole = _parts(row, len(_BESIDE), len(_LEASE), len(_ASSIGNMENT))
    return _told(
        connection, who, by_program, instances.stored(connection, instance_id, whole), rest
    )


def circumstances_of_many(
    connection: Connection, instance_ids: Sequence[int], who: str, *, by_program: bool = False
) -> dict[int, Circumstances]:
    """As `circumstances`, of at most `AT_ONCE`, in their order."""
    hold_many(connection, instance_ids)
    query = _MANY.where(is_among(connection, InstanceTable.id, instance_ids))
    parts = {
        row[0]: _parts(row[1:], len(_BESIDE), len(_LEASE), len(_ASSIGNMENT))
        for row in connection.execute(query, {"who": who})
    }
    for instance_id in instance_ids:
        if instance_id not in parts:
            raise instances.unknown_instance(instance_id)
    stored = stored_many(connection, {i: whole for i, (*_, whole) in parts.items()})
    return {i: _told(connection, who, by_program, stored[i], parts[i][:-1]) for i in instance_ids}


def _told(
    connection: Connection,
    who: str,
    by_program: bool,
    stored: StoredInstance,
    parts: Sequence[Sequence[Any]],
) -> Circumstances:
    """parts: what the question says of `_BESIDE`, `_LEASE` and `_ASSIGNMENT`."""
    beside, lease, said = parts
    image_id, revision, has_people, role, of_two, both_done, own_kept = beside
    return Circumstances(
        stored,
        image_id,
        revision or 0,
        # Who is not in the list is told whom to ask.
        role_of(connection, who)
        if has_people and role is None and not by_program
        else role and Role(role),
        of_two,
        both_done,
        own_kept,
        None if lease[0] is None else Lease(*lease),
        Assignment() if said[0] is None else Assignment(*said),
    )


def _parts(row: Sequence[Any], *sizes: int) -> list[Sequence[Any]]:
    """The row cut after so many columns each, and the rest."""
    values, found = tuple(row), []
    for size in sizes:
        found.append(values[:size])
        values = values[size:]
    return [*found, values]
