"""The last proposal of each instance, so that it need not be computed again."""

from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from projects.store.rows import instances
from projects.store.rows.records import StoredProposal
from projects.store.rows.stored_scheme import FIRST, StoredScheme, read_scheme
from projects.store.schema.tables import InstanceTable, ProposalTable
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import SchemeError

_STORED = np.dtype("<f8")


def store_proposal(
    connection: Connection,
    instance_id: int,
    scheme: StoredScheme,
    points: Floats,
    covariances: Floats,
    predicted_error: float | None,
    model: str | None,
    imported_from: str | None,
) -> None:
    """In the place of an earlier one; the instance's predicted error follows. Either model or
    imported_from is None.

    One that came from a file makes room only for another from a file: a person asked for it.
    """
    size = len(scheme)
    if points.shape != (size, 2) or covariances.shape != (size, 2, 2):
        raise SchemeError(
            f"The proposal has arrays of {points.shape} and {covariances.shape}; the project's "
            f"scheme needs {(size, 2)} and {(size, 2, 2)}.",
            remedy="Use a model that was trained for the project's scheme.",
        )
    instances.instance(connection, instance_id)
    earlier = select(ProposalTable.imported_from).where(ProposalTable.instance_id == instance_id)
    if imported_from is None and connection.execute(earlier).scalar() is not None:
        return
    connection.execute(delete(ProposalTable).where(ProposalTable.instance_id == instance_id))
    connection.execute(
        insert(ProposalTable).values(
            instance_id=instance_id,
            points=np.ascontiguousarray(points, dtype=_STORED).tobytes(),
            covariances=np.ascontiguousarray(covariances, dtype=_STORED).tobytes(),
            predicted_error=predicted_error,
            model=model,
            at=datetime.now(UTC),
            imported_from=imported_from,
            scheme_id=scheme.id,
        )
    )
    follows = update(InstanceTable).where(InstanceTable.id == instance_id)
    connection.execute(follows.values(predicted_error=predicted_error))


def proposal(
    connection: Connection, instance_id: int, scheme: StoredScheme
) -> StoredProposal | None:
    """As one of this scheme, whichever it was made for: unknown where a landmark is new."""
    query = select(
        ProposalTable.points,
        ProposalTable.covariances,
        ProposalTable.predicted_error,
        ProposalTable.model,
        ProposalTable.at,
        ProposalTable.imported_from,
        ProposalTable.scheme_id,
    ).where(ProposalTable.instance_id == instance_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    of_its_time = FIRST if row.scheme_id is None else row.scheme_id
    made_for = scheme if of_its_time == scheme.id else read_scheme(connection, of_its_time)
    size = len(made_for)
    points = np.frombuffer(row.points, _STORED).reshape(size, 2).astype(np.float64)
    covariances = np.frombuffer(row.covariances, _STORED).reshape(size, 2, 2).astype(np.float64)
    return StoredProposal(
        scheme.carried(points, made_for),
        scheme.carried(covariances, made_for),
        row.predicted_error,
        row.model,
        row.at,
        row.imported_from,
    )
