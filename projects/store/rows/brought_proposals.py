"""The proposals that somebody has brought: of whom they are, and what is made of them."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, func, or_, select, update

from landmark_annotator.projects.store.engine.many_rows import is_among
from landmark_annotator.projects.store.rows import predicted_errors
from landmark_annotator.projects.store.rows.exclusions import excluded_ids
from landmark_annotator.projects.store.rows.predicted_errors import CHOSEN_FIRST
from landmark_annotator.projects.store.rows.proposal_records import BroughtProposals
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable, ProposalTable

_AT_ONCE = 500
"""Databases take only so many values in one statement."""


def brought(connection: Connection) -> list[BroughtProposals]:
    """By name, of instances that count and are not accepted."""
    place = func.row_number().over(partition_by=ProposalTable.instance_id, order_by=CHOSEN_FIRST)
    name = func.coalesce(ProposalTable.model, ProposalTable.imported_from)
    row = select(
        ProposalTable.instance_id,
        name.label("name"),
        ProposalTable.own,
        ProposalTable.who,
        ProposalTable.aside,
        place.label("place"),
    ).subquery()
    query = (
        select(
            row.c.name,
            row.c.who,
            func.count(),
            func.count().filter(row.c.place == 1),
            func.count().filter(row.c.aside),
        )
        .select_from(row)
        .join(InstanceTable, InstanceTable.id == row.c.instance_id)
        .where(
            row.c.own.is_(False),
            InstanceTable.state != InstanceState.ACCEPTED.value,
            InstanceTable.id.not_in(excluded_ids()),
        )
        .group_by(row.c.name, row.c.who)
        .order_by(row.c.name, row.c.who)
    )
    found: dict[str, BroughtProposals] = {}
    for name_of, who, *counts in connection.execute(query).all():
        before = found.get(name_of, BroughtProposals(name_of, (), 0, 0, 0))
        kept, shown, aside = counts
        found[name_of] = BroughtProposals(
            name_of,
            before.who if who is None else (*before.who, who),
            before.kept + kept,
            before.shown + shown,
            before.aside + aside,
        )
    return list(found.values())


def brought_to(connection: Connection, among: Sequence[int]) -> frozenset[int]:
    """Those of these instances for which somebody has brought a proposal."""
    query = select(ProposalTable.instance_id).where(ProposalTable.own.is_(False))
    found: set[int] = set()
    for start in range(0, len(among), _AT_ONCE):
        some = is_among(connection, ProposalTable.instance_id, among[start : start + _AT_ONCE])
        found.update(connection.execute(query.where(some)).scalars())
    return frozenset(found)


def chosen_brought(connection: Connection, instance_id: int) -> str | None:
    """The name of the chosen one; None where it is the program's, or where there is none."""
    name = func.coalesce(ProposalTable.model, ProposalTable.imported_from)
    query = select(ProposalTable.own, name).where(ProposalTable.instance_id == instance_id)
    row = connection.execute(query.order_by(*CHOSEN_FIRST).limit(1)).first()
    return None if row is None or row[0] else str(row[1])


def set_aside(connection: Connection, name: str, aside: bool) -> int:
    """What was brought under this name, of whatever instance: how many proposals that concerned."""
    named = or_(ProposalTable.model == name, ProposalTable.imported_from == name)
    which = and_(ProposalTable.own.is_(False), named, ProposalTable.aside != aside)
    concerned = select(ProposalTable.instance_id).where(which)
    ids = list(connection.execute(concerned.distinct()).scalars())
    done = connection.execute(update(ProposalTable).where(which).values(aside=aside)).rowcount
    for start in range(0, len(ids), _AT_ONCE):
        predicted_errors.follow(connection, InstanceTable.id.in_(ids[start : start + _AT_ONCE]))
    return done
