"""Many of the program's own proposals at once: what was computed elsewhere, put in by one writer.

In bulk, several times faster than one by one; what comes of it is the same.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.many_rows import insert_rows, is_among
from landmark_annotator.projects.store.rows import (
    exclusions,
    instances,
    predicted_errors,
    proposals,
)
from landmark_annotator.projects.store.rows.proposal_records import OwnProposal
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, ProposalTable
from landmark_annotator.projects.vocabulary.own_boxes import may_be_whole

_AT_ONCE = 500
"""Databases take only so many values in one statement."""


def store_own_proposals(
    connection: Connection, scheme: StoredScheme, made: Sequence[OwnProposal]
) -> frozenset[int]:
    """Each in the place of the program's earlier one. Returns the ids of the instances that have
    another box than it was made for, or are accepted, left out or gone: nothing is stored of
    those."""
    passed: set[int] = set()
    for start in range(0, len(made), _AT_ONCE):
        several = made[start : start + _AT_ONCE]
        # Of an instance that is named twice the last one counts, as if they came one by one.
        by_id = {one.instance_id: one for one in several}
        waiting = dict(_waiting(connection, list(by_id)))
        passed |= {i for i, one in by_id.items() if waiting.get(i) != one.box}
        kept = [one for i, one in by_id.items() if i not in passed]
        if kept:
            _replace(connection, scheme, kept)
    return frozenset(passed)


def when_made(connection: Connection, among: Sequence[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    query = select(ProposalTable.instance_id, ProposalTable.at).where(ProposalTable.own.is_(True))
    for start in range(0, len(among), _AT_ONCE):
        some = is_among(connection, ProposalTable.instance_id, among[start : start + _AT_ONCE])
        found |= {row[0]: row[1] for row in connection.execute(query.where(some))}
    return found


def _waiting(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, object]]:
    """Those for which something can be proposed, with their boxes."""
    query = (
        select(*instances.RECORD)
        .select_from(InstanceTable)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(
            is_among(connection, InstanceTable.id, ids),
            InstanceTable.state != InstanceState.ACCEPTED.value,
            exclusions.counts(),
        )
        # Where several write at once, nobody accepts one of them before this is stored; SQLite has
        # one writer. Always in the same order, so that two who write do not wait for each other.
        .order_by(InstanceTable.id)
        .with_for_update(of=InstanceTable, key_share=True)
    )
    for row in connection.execute(query).all():
        record = instances.record(row)
        yield record.id, record.box


def _replace(connection: Connection, scheme: StoredScheme, made: Sequence[OwnProposal]) -> None:
    at, ids = clock.now(connection), [one.instance_id for one in made]
    connection.execute(
        delete(ProposalTable).where(
            is_among(connection, ProposalTable.instance_id, ids), ProposalTable.own.is_(True)
        )
    )
    expected = [
        predicted_errors.Expected(
            one.instance_id,
            one.predicted_error,
            one.measured if may_be_whole(one.box) else None,
            one.points,
        )
        for one in made
    ]
    errors = predicted_errors.as_told_now(connection, scheme, expected)
    rows = [
        proposals.row_of(
            one.instance_id,
            scheme,
            one.points,
            one.covariances,
            error,
            model=one.model,
            making=one.making,
            own=True,
            at=at,
            hidden=one.hidden,
        )
        for one, error in zip(made, errors, strict=True)
    ]
    insert_rows(connection, ProposalTable, rows)
    predicted_errors.follow(connection, is_among(connection, InstanceTable.id, ids))
