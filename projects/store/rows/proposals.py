"""The last proposal of each instance, so that it need not be computed again, and so that accepted
shapes can say what it was worth."""

import json
import math
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select, update

from projects.store.rows import instances
from projects.store.rows.exclusions import excluded_ids
from projects.store.rows.records import (
    ActionKind,
    InstanceState,
    JudgedProposal,
    Making,
    StoredProposal,
)
from projects.store.rows.stored_scheme import FIRST, StoredScheme, read_scheme
from projects.store.schema.tables import InstanceTable, JournalTable, ProposalTable
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import SchemeError

_STORED = np.dtype("<f8")
_TOUCHES = (
    ActionKind.CLICK,
    ActionKind.CONFIRM,
    ActionKind.VISIBILITY,
    ActionKind.CLEAR,
    ActionKind.RESHAPE,
    ActionKind.ACCEPT,
    ActionKind.SHEET,
    ActionKind.RULE,
    ActionKind.IMPORT,
    ActionKind.FILL,
)
"""From the first of them on a model may have learned from the instance."""


def store_proposal(
    connection: Connection,
    instance_id: int,
    scheme: StoredScheme,
    points: Floats,
    covariances: Floats,
    predicted_error: float | None,
    model: str | None,
    imported_from: str | None,
    making: Making | None,
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
            maker=None if making is None else making.maker,
            made=None if making is None else _written(making),
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


def judged(connection: Connection, scheme: StoredScheme, most: int) -> list[JudgedProposal]:
    """The newest of them, newest first. Of this very scheme, of instances that count, and not of
    second opinions: models have learned from the first one."""
    first_touched = (
        select(func.min(JournalTable.at))
        .where(JournalTable.instance_id == ProposalTable.instance_id)
        .where(JournalTable.kind.in_([kind.value for kind in _TOUCHES]))
        .scalar_subquery()
    )
    query = (
        select(
            ProposalTable.instance_id,
            InstanceTable.image_id,
            ProposalTable.points,
            ProposalTable.covariances,
            ProposalTable.maker,
            ProposalTable.made,
            ProposalTable.predicted_error,
        )
        .join(InstanceTable, InstanceTable.id == ProposalTable.instance_id)
        .where(
            ProposalTable.maker.is_not(None),
            func.coalesce(ProposalTable.scheme_id, FIRST) == scheme.id,
            InstanceTable.state == InstanceState.ACCEPTED.value,
            InstanceTable.second_opinion_on.is_(None),
            InstanceTable.id.not_in(excluded_ids()),
            ProposalTable.at < first_touched,
        )
        .order_by(ProposalTable.at.desc())
        .limit(most)
    )
    size = len(scheme)
    return [
        JudgedProposal(
            row.instance_id,
            row.image_id,
            np.frombuffer(row.points, _STORED).reshape(size, 2).astype(np.float64),
            np.frombuffer(row.covariances, _STORED).reshape(size, 2, 2).astype(np.float64),
            _read(row.maker, row.made),
            row.predicted_error,
        )
        for row in connection.execute(query).all()
    ]


def _written(making: Making) -> str:
    content = {
        "labels": making.labels,
        "degrees": None if math.isinf(making.degrees) else making.degrees,
        "axes": making.axes.tolist(),
        "widened": making.widened,
        "moved": None if making.moved is None else making.moved.round(4).tolist(),
    }
    return json.dumps(content)


def _read(maker: str, text: str) -> Making:
    content = json.loads(text)
    degrees, moved = content["degrees"], content["moved"]
    return Making(
        maker,
        content["labels"],
        math.inf if degrees is None else degrees,
        np.array(content["axes"]),
        content["widened"],
        None if moved is None else np.array(moved),
    )
