"""Which of several objects of its image an instance is."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, exists, or_, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.schema.tables import InstanceTable

_ROWS = 1000
BESIDE = aliased(InstanceTable)
# Of two, one of which was left out or taken back, the other is the only one. What is left out
# keeps its number all the same: it is listed beside the other where those are shown.
SEVERAL = exists().where(
    BESIDE.image_id == InstanceTable.image_id,
    BESIDE.id != InstanceTable.id,
    or_(BESIDE.excluded_why.is_(None), InstanceTable.excluded_why.is_not(None)),
)


def object_numbers(connection: Connection, of_several: Select[Any]) -> dict[int, int]:
    """By instance which of several objects of its image it is, from 1, of those images; without
    those that are the only one that was not left out."""
    query = select(InstanceTable.id, InstanceTable.image_id, SEVERAL)
    query = query.where(InstanceTable.image_id.in_(of_several)).order_by(InstanceTable.id)
    counted, found = defaultdict[int, int](int), dict[int, int]()
    for instance_id, image_id, several in rows_at_once(connection.execute(query)):
        counted[image_id] += 1
        if several:
            found[instance_id] = counted[image_id]
    return found


def rows_at_once(found: CursorResult[Any]) -> Iterator[Any]:
    """All of them: one by one, of a list of a hundred thousand, takes as long again."""
    return chain.from_iterable(found.partitions(_ROWS))
