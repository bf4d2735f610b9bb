"""What people say of an instance beside its shape: a flag, a reviewer's verdict; and who did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, join, select

from landmark_annotator.projects.store.engine.many_rows import insert_rows, is_among
from landmark_annotator.projects.store.rows.exclusions import excluded_ids
from landmark_annotator.projects.store.rows.records import Flag, InstanceState, Review, Verdict
from landmark_annotator.projects.store.schema.tables import (
    FlagTable,
    InstanceTable,
    LandmarkTable,
    ReviewTable,
)

_AT_ONCE = 500
"""Ids that one query names: databases bound how many it may."""
WITH_REMARKS = join(
    InstanceTable, FlagTable, FlagTable.instance_id == InstanceTable.id, isouter=True
).join(ReviewTable, ReviewTable.instance_id == InstanceTable.id, isouter=True)
"""The instances with what there is of the columns `FLAG` and `REVIEW`."""
FLAG = (FlagTable.comment, FlagTable.who, FlagTable.at, FlagTable.resolved_by)
REVIEW = (ReviewTable.verdict, ReviewTable.comment, ReviewTable.who, ReviewTable.at)


def flag(
    comment: str | None, who: str | None, at: datetime | None, resolved_by: str | None
) -> Flag | None:
    """Of the columns `FLAG`, which are all NULL where there is none."""
    if comment is None or who is None or at is None:
        return None
    return Flag(comment, who, at, resolved_by)


def review(
    verdict: str | None, comment: str | None, who: str | None, at: datetime | None
) -> Review | None:
    """Of the columns `REVIEW`, which are all NULL where there is none."""
    if verdict is None or comment is None or who is None or at is None:
        return None
    return Review(Verdict(verdict), comment, who, at)


_THESE: BindParameter[int | None] = bindparam("ids", expanding=True)
_EVERY_FLAG = select(
    FlagTable.instance_id,
    FlagTable.comment,
    FlagTable.who,
    FlagTable.at,
    FlagTable.resolved_by,
)
_SOME_FLAGS = _EVERY_FLAG.where(FlagTable.instance_id.in_(_THESE))
_FLAGS = _EVERY_FLAG.where(FlagTable.instance_id.not_in(excluded_ids()))
_EVERY_REVIEW = select(
    ReviewTable.instance_id,
    ReviewTable.verdict,
    ReviewTable.comment,
    ReviewTable.who,
    ReviewTable.at,
)
_SOME_REVIEWS = _EVERY_REVIEW.where(ReviewTable.instance_id.in_(_THESE))
_REVIEWS = _EVERY_REVIEW.where(ReviewTable.instance_id.not_in(excluded_ids()))


def flags(
    connection: Connection, instance_id: int | None = None, ids: Sequence[int] | None = None
) -> dict[int, Flag]:
    """By instance, of one, of these or of all that count, resolved ones too."""
    some = instance_id is not None or ids is not None
    of: dict[str, Sequence[int | None]] = {"ids": ids or [instance_id]} if some else {}
    rows = connection.execute(_SOME_FLAGS if some else _FLAGS, of).all()
    return {i: Flag(comment, who, at, by) for i, comment, who, at, by in rows}


def reviews(
    connection: Connection,
    instance_id: int | None = None,
    verdict: Verdict | None = None,
    ids: Sequence[int] | None = None,
) -> dict[int, Review]:
    """By instance, of one, of these or of all that count, of one verdict or any."""
    some = instance_id is not None or ids is not None
    of: dict[str, Sequence[int | None]] = {"ids": ids or [instance_id]} if some else {}
    query = _SOME_REVIEWS if some else _REVIEWS
    if verdict is not None:
        query = query.where(ReviewTable.verdict == verdict.value)
    rows = connection.execute(query, of).all()
    return {i: Review(Verdict(said), comment, who, at) for i, said, comment, who, at in rows}


_MARKED = (
    select(InstanceTable.id, InstanceTable.state, *FLAG, *REVIEW)
    .select_from(WITH_REMARKS)
    .where(InstanceTable.id.in_(bindparam("ids", expanding=True)))
)


def marked(
    connection: Connection, ids: Collection[int]
) -> dict[int, tuple[InstanceState, Flag | None, Review | None]]:
    """By instance, of these."""
    every, found = list(ids), {}
    for start in range(0, len(every), _AT_ONCE):
        some = {"ids": every[start : start + _AT_ONCE]}
        for i, state, *rest in connection.execute(_MARKED, some):
            found[i] = InstanceState(state), flag(*rest[:4]), review(*rest[4:])
    return found


def placed_by(connection: Connection, instance_id: int) -> dict[int, str]:
    """Of the landmarks that have a row."""
    query = select(LandmarkTable.landmark, LandmarkTable.who)
    rows = connection.execute(query.where(LandmarkTable.instance_id == instance_id)).all()
    return {row.landmark: row.who for row in rows}


def save_flags(connection: Connection, flags: Mapping[int, Flag | None]) -> None:
    """Of at most `AT_ONCE` instances, in the place of those that there were."""
    rows = {i: None if flag is None else asdict(flag) for i, flag in flags.items()}
    _replace(connection, FlagTable, rows)


def save_reviews(connection: Connection, reviews: Mapping[int, Review | None]) -> None:
    """As `save_flags`."""
    rows = {
        i: None if review is None else {**asdict(review), "verdict": review.verdict.value}
        for i, review in reviews.items()
    }
    _replace(connection, ReviewTable, rows)


def _replace(
    connection: Connection,
    table: type[FlagTable] | type[ReviewTable],
    rows: Mapping[int, Mapping[str, Any] | None],
) -> None:
    if not rows:
        return
    connection.execute(delete(table).where(is_among(connection, table.instance_id, list(rows))))
    new = [{"instance_id": i, **row} for i, row in rows.items() if row is not None]
    insert_rows(connection, table, new)
