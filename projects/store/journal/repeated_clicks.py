"""Landmarks that somebody placed twice, one click right after the other: how steady a hand is."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from landmark_annotator.projects.store.rows.records import ActionKind, Point
from landmark_annotator.projects.store.schema.tables import JournalTable


class PlacedAgain(NamedTuple):
    instance_id: int
    before: Point
    after: Point


def placed_again(connection: Connection) -> list[PlacedAgain]:
    """Each click on a landmark that lay where the last click on it had put it, by the same
    person."""
    over = {
        name: func.lag(column)
        .over(
            partition_by=(JournalTable.instance_id, JournalTable.landmark),
            order_by=JournalTable.id,
        )
        .label(name)
        for name, column in (
            ("by", JournalTable.who),
            ("x", JournalTable.to_x),
            ("y", JournalTable.to_y),
        )
    }
    clicks = (
        select(
            JournalTable.instance_id,
            JournalTable.who,
            JournalTable.from_x,
            JournalTable.from_y,
            JournalTable.to_x,
            JournalTable.to_y,
            *over.values(),
        )
        .where(
            JournalTable.kind == ActionKind.CLICK.value,
            JournalTable.instance_id.is_not(None),
            JournalTable.to_x.is_not(None),
        )
        .subquery()
        .c
    )
    query = select(clicks.instance_id, clicks.x, clicks.y, clicks.to_x, clicks.to_y).where(
        clicks.by == clicks.who, clicks.x == clicks.from_x, clicks.y == clicks.from_y
    )
    return [
        PlacedAgain(instance_id, (x, y), (to_x, to_y))
        for instance_id, x, y, to_x, to_y in connection.execute(query)
    ]
