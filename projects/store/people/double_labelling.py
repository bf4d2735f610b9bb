"""Objects that two people label, neither of whom sees the other's labels until both are done.

A lead says for which share of the images; a seed draws them, by their content, so that images that
come later change nothing for those that are there. Once somebody has accepted an object in one of
them, an instance for a second opinion is added. Of a project that is everybody's nobody hides
anything from anybody.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from pathlib import PurePosixPath

from sqlalchemy import ColumnElement, Connection, or_, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.people.rights import refused_after_both
from landmark_annotator.projects.store.people.roles import people
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    LandmarkTable,
    MaskTable,
)

_BITS = 64


def is_drawn(sha256: str, share: float, seed: int) -> bool:
    """Whether two people label the image with this content."""
    digest = hashlib.sha256(f"{seed} {sha256}".encode()).digest()
    return bool(int.from_bytes(digest[: _BITS // 8], "big") < share * 2.0**_BITS)


def blind(connection: Connection) -> dict[int, int]:
    """Of each object that two people label, and not both have finished: the first instance by the
    second. None where the project is everybody's."""
    return _pairs(connection) if people(connection) else {}


def hidden_from(connection: Connection, who: str) -> frozenset[int]:
    """Instances whose labels this person is not to see yet: those of the other one of two, and of
    both where none of them is the person's own."""
    return _hidden(connection, blind(connection), who)


def is_hidden_from(connection: Connection, instance_id: int, who: str) -> bool:
    """As `hidden_from`, of one instance."""
    return bool(people(connection)) and is_hidden_among(connection, instance_id, who)


def is_hidden_among(connection: Connection, instance_id: int, who: str) -> bool:
    """As `is_hidden_from`, where the project has people."""
    first, second = aliased(InstanceTable), aliased(InstanceTable)
    about = or_(second.id == instance_id, first.id == instance_id)
    return instance_id in _hidden(connection, _pairs(connection, (first, second), about), who)


def refuse_after_both(connection: Connection, instance_id: int, who: str) -> None:
    """For an annotator who would change labels: raises NotAllowed where they are one of two that
    are both accepted. Each person sees both then, and what comes after is not made blindly."""
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


def _pairs(
    connection: Connection,
    both: tuple[type[InstanceTable], type[InstanceTable]] | None = None,
    about: ColumnElement[bool] | None = None,
) -> dict[int, int]:
    first, second = both or (aliased(InstanceTable), aliased(InstanceTable))
    accepted = InstanceState.ACCEPTED.value
    query = (
        select(second.id, first.id)
        .join(first, first.id == second.second_opinion_on)
        .where(or_(first.state != accepted, second.state != accepted))
        .where(first.excluded_why.is_(None), second.excluded_why.is_(None))
    )
    if about is not None:
        query = query.where(about)
    return {row[0]: row[1] for row in connection.execute(query).all()}


def _hidden(connection: Connection, pairs: dict[int, int], who: str) -> frozenset[int]:
    authors = _authors(connection, {*pairs, *pairs.values()})
    hidden = set[int]()
    for second, first in pairs.items():
        if who not in authors[first]:
            hidden.add(first)
        if who in authors[first] or (authors[second] and who not in authors[second]):
            hidden.add(second)
    return frozenset(hidden)


def _authors(connection: Connection, ids: Collection[int]) -> dict[int, set[str]]:
    """Whose labels there are, by instance."""
    found = defaultdict[int, set[str]](set)
    every = sorted(ids)
    for start in range(0, len(every), 500):
        part = every[start : start + 500]
        for table in (LandmarkTable, MaskTable):
            query = select(table.instance_id, table.who).where(table.instance_id.in_(part))
            for instance_id, name in connection.execute(query.distinct()).all():
                found[instance_id].add(name)
    return found
