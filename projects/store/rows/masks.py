"""Masks of instances, by the numbers of their regions: those of people, and a model's proposals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.rows.changes import MaskRow
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.tables import MaskProposalTable, MaskTable
from landmark_annotator.projects.vocabulary import Mask, MaskProvenance, RegionMask
from landmark_annotator.projects.vocabulary.errors import SchemeError, closest

_AT_ONCE = 100
"""Instances whose masks are read at a time: some megabytes."""


@dataclass(frozen=True)
class MaskProposal:
    """What a model says of an instance: a mask of each region that it knows, by name."""

    masks: Mapping[str, Mask]
    model: str
    at: datetime


def rows(connection: Connection, ids: Sequence[int]) -> dict[int, dict[int, MaskRow]]:
    """Of some hundred instances at most, all of which are in the answer."""
    found: dict[int, dict[int, MaskRow]] = {instance_id: {} for instance_id in ids}
    query = select(
        MaskTable.instance_id,
        MaskTable.region,
        MaskTable.runs,
        MaskTable.provenance,
        MaskTable.who,
    ).where(MaskTable.instance_id.in_(ids))
    for owner, region, runs, provenance, who in connection.execute(query):
        found[owner][region] = MaskRow(Mask.from_bytes(runs), provenance, who)
    return found


def save(connection: Connection, instance_id: int, changed: Mapping[int, MaskRow | None]) -> None:
    """In the place of those that there were of these regions; None takes one away."""
    if not changed:
        return
    these = MaskTable.region.in_(changed)
    connection.execute(delete(MaskTable).where(MaskTable.instance_id == instance_id, these))
    new = [
        {
            "instance_id": instance_id,
            "region": region,
            "runs": row.mask.to_bytes(),
            "provenance": row.provenance,
            "who": row.who,
        }
        for region, row in changed.items()
        if row is not None
    ]
    if new:
        connection.execute(insert(MaskTable), new)


def of_scheme(scheme: StoredScheme, found: Mapping[int, MaskRow]) -> dict[str, RegionMask]:
    """By name, in the order of the scheme; without the regions that went."""
    return {
        name: RegionMask(found[number].mask, MaskProvenance(found[number].provenance))
        for name, number in scheme.regions.items()
        if number in found
    }


def masks_of(
    connection: Connection, scheme: StoredScheme, ids: Sequence[int]
) -> Iterator[tuple[int, dict[str, RegionMask]]]:
    """Of each of these that has masks, a part of them at a time."""
    for start in range(0, len(ids), _AT_ONCE):
        found = rows(connection, ids[start : start + _AT_ONCE])
        for instance_id, own in found.items():
            if named := of_scheme(scheme, own):
                yield instance_id, named


def counts(connection: Connection, scheme: StoredScheme) -> dict[str, int]:
    """In how many instances each region of the scheme has a mask."""
    query = select(MaskTable.region, func.count()).group_by(MaskTable.region)
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    return {name: found.get(number, 0) for name, number in scheme.regions.items()}


def number_of(scheme: StoredScheme, region: str) -> int:
    """Raises SchemeError with the closest known name."""
    if region not in scheme.regions:
        raise SchemeError(
            f'Scheme {scheme.scheme.name} has no region "{region}".'
            f"{closest(region, scheme.regions)}",
            remedy="annotator scheme PROJECT --regions FILE names those that have masks.",
        )
    return scheme.regions[region]


# Proposals


def store_proposal(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    proposed: Mapping[str, Mask],
    model: str,
) -> None:
    """In the place of the one that there was."""
    numbered = {number_of(scheme, region): mask for region, mask in proposed.items()}
    forget_proposal(connection, instance_id)
    at = clock.now(connection)
    new = [
        {
            "instance_id": instance_id,
            "region": number,
            "runs": mask.to_bytes(),
            "model": model,
            "at": at,
        }
        for number, mask in numbered.items()
    ]
    if new:
        connection.execute(insert(MaskProposalTable), new)


def forget_proposal(connection: Connection, instance_id: int) -> None:
    gone = delete(MaskProposalTable).where(MaskProposalTable.instance_id == instance_id)
    connection.execute(gone)


def proposal(connection: Connection, scheme: StoredScheme, instance_id: int) -> MaskProposal | None:
    """Of the regions that the scheme has; None where no model has said anything."""
    query = select(
        MaskProposalTable.region,
        MaskProposalTable.runs,
        MaskProposalTable.model,
        MaskProposalTable.at,
    ).where(MaskProposalTable.instance_id == instance_id)
    found = {row.region: row for row in connection.execute(query).all()}
    there = {name: found[number] for name, number in scheme.regions.items() if number in found}
    if not there:
        return None
    one = next(iter(there.values()))
    masks = {name: Mask.from_bytes(row.runs) for name, row in there.items()}
    return MaskProposal(masks, one.model, one.at)
