"""Objects that two people label, neither of whom sees the other's labels until both are done.

A lead says for which share of the images; a seed draws them, by their content, so that images that
come later change nothing for those that are there. Once somebody has accepted an object in one of
them, an instance for a second opinion is added. Of a project that is everybody's nobody hides
anything from anybody.
"""

import hashlib
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.engine.many_rows import is_one_of
from landmark_annotator.projects.store.people.rights import refused_after_both
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.people_tables import PersonTable
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    LandmarkTable,
    MaskTable,
)

_BITS = 64
_BOTH = _FIRST, _SECOND = aliased(InstanceTable), aliased(InstanceTable)
_HAS_PEOPLE = exists(select(PersonTable.name))


def is_drawn(sha256: str, share: float, seed: int) -> bool:
    """Whether two people label the image with this content."""
    digest = hashlib.sha256(f"{seed} {sha256}".encode()).digest()
    return bool(int.from_bytes(digest[: _BITS // 8], "big") < share * 2.0**_BITS)


def blind(connection: Connection) -> dict[int, int]:
    """Of each object that two people label, and not both have finished: the first instance by the
    second. None where the project is everybody's."""
    return dict(map(tuple, connection.execute(_ALL_PAIRS).all()))


def hidden_from(
    connection: Connection, who: str, among: Collection[int] | None = None
) -> frozenset[int]:
    """Instances whose labels this person is not to see yet: those of the other one of two, and of
    both where none of them is the person's own. among: of these alone, None for all."""
    if among is None:
        return _hidden(connection, who, _HAS_PEOPLE)
    hidden = _hidden(connection, who, and_(_HAS_PEOPLE, _is_about(connection, among)))
    return hidden & frozenset(among)


def is_hidden_from(connection: Connection, instance_id: int, who: str) -> bool:
    """As `hidden_from`, of one instance."""
    return bool(hidden_from(connection, who, (instance_id,)))


def hidden_of(connection: Connection, instance_ids: Collection[int], who: str) -> frozenset[int]:
    """Those of these instances that are `hidden_from` the person, where the project has people."""
    return _hidden(connection, who, _is_about(connection, instance_ids)) & frozenset(instance_ids)


def is_hidden_among(connection: Connection, instance_id: int, who: str) -> bool:
    """As `hidden_of`, of one instance."""
    return bool(hidden_of(connection, (instance_id,), who))


def refuse_after_both(
    connection: Connection, role: Role | None, instance_id: int, who: str
) -> None:
    """For whoever would change labels: raises NotAllowed for an annotator where they are one of two
    that are both accepted. Each person sees both then, and what comes after is not made blindly.
    """
    if role is not Role.ANNOTATOR:
        return
    first, second = aliased(InstanceTable), aliased(InstanceTable)
    accepted = InstanceState.ACCEPTED.value
    query = (
        select(ImageTable.path, ImageTable.frame)
        .join(second, second.image_id == ImageTable.id)
        .join(first, first.id == second.second_opinion_on)
        .where(or_(second.id == instance_id, second.second_opinion_on == instance_id))
        .where(first.state == accepted, second.state == accepted)
    )
    found = connection.execute(query.limit(1)).first()
    if found is not None:
        name = PurePosixPath(found.path).name
        where = name if found.frame is None else f"image {found.frame} of {name}"
        raise refused_after_both(who, where)


def _pairs(*more: Any) -> Select[Any]:
    """Of each object that two people label, and not both have finished: both ids, the second one's
    before the first one's, and `more`."""
    accepted = InstanceState.ACCEPTED.value
    return (
        select(_SECOND.id, _FIRST.id, *more)
        .join(_FIRST, _FIRST.id == _SECOND.second_opinion_on)
        .where(or_(_FIRST.state != accepted, _SECOND.state != accepted))
        .where(_FIRST.excluded_why.is_(None), _SECOND.excluded_why.is_(None))
    )


_ALL_PAIRS = _pairs().where(_HAS_PEOPLE)


def _is_about(connection: Connection, instance_ids: Collection[int]) -> ColumnElement[bool]:
    return or_(*(is_one_of(connection, instance.id, instance_ids) for instance in _BOTH))


def _hidden(
    connection: Connection, who: str, about: ColumnElement[bool] | None = None
) -> frozenset[int]:
    """Asked once, for on a server every question is a way there and back."""
    query = _pairs(*map(_begun, _BOTH), *(_labelled(instance, who) for instance in _BOTH))
    query = query if about is None else query.where(about)
    hidden = set[int]()
    for second, first, *told in connection.execute(query).all():
        first_begun, second_begun, is_first, is_second = told
        # One that nobody has labelled, as after an undo, is anybody's but the other one's.
        if not is_first and (first_begun or is_second):
            hidden.add(first)
        if is_first or (second_begun and not is_second):
            hidden.add(second)
    return frozenset(hidden)


def _begun(instance: type[InstanceTable]) -> ColumnElement[bool]:
    """Whether it holds labels, which a server may hide from whoever asks."""
    return instance.state != InstanceState.UNTOUCHED.value


def _labelled(instance: type[InstanceTable], who: str) -> ColumnElement[bool]:
    """Whether it holds labels of this person."""
    of_each = (
        exists().where(table.instance_id == instance.id, table.who == who)
        for table in (LandmarkTable, MaskTable)
    )
    return or_(*of_each)
