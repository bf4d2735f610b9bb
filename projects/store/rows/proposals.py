"""The last proposals of each instance, so that they need not be computed again, and so that
accepted shapes can say what they were worth.

The program's own is kept, and beside it whatever somebody has brought: of each name the last one.
One is chosen, by `WHICH_PROPOSAL`.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import numpy as np
import orjson
from sqlalchemy import (
    Connection,
    Delete,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.many_rows import is_among
from landmark_annotator.projects.store.engine.postgres import holds_rows
from landmark_annotator.projects.store.rows import instances, predicted_errors
from landmark_annotator.projects.store.rows.exclusions import excluded_ids
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.predicted_errors import CHOSEN_FIRST, STORED
from landmark_annotator.projects.store.rows.proposal_records import (
    JudgedProposal,
    Making,
    StoredProposal,
)
from landmark_annotator.projects.store.rows.records import ActionKind, InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import (
    FIRST,
    StoredScheme,
    read_scheme,
)
from landmark_annotator.projects.store.schema.tables import (
    InstanceTable,
    JournalTable,
    ProposalTable,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, SchemeError

_TOUCHES = (
    ActionKind.CLICK,
    ActionKind.CONFIRM,
    ActionKind.VISIBILITY,
    ActionKind.SUGGESTION,
    ActionKind.CLEAR,
    ActionKind.RESHAPE,
    ActionKind.ACCEPT,
    ActionKind.SHEET,
    ActionKind.IMAGE,
    ActionKind.RULE,
    ActionKind.IMPORT,
    ActionKind.FILL,
)
"""From the first of them on a model may have learned from the instance."""
_PROPOSAL = (
    ProposalTable.points,
    ProposalTable.covariances,
    ProposalTable.predicted_error,
    ProposalTable.model,
    ProposalTable.at,
    ProposalTable.imported_from,
    ProposalTable.scheme_id,
    ProposalTable.own,
    ProposalTable.who,
    ProposalTable.made,
)
_OF_ONE = (
    select(*_PROPOSAL)
    .where(ProposalTable.instance_id == bindparam("instance"))
    .order_by(*CHOSEN_FIRST)
)
_FIRST_OF_ONE = _OF_ONE.limit(bindparam("most"))
_AT_ONCE = 500
"""Databases take only so many values in one statement."""


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
    own: bool,
    who: str | None,
    hidden: Floats | None,
    measured: Box | None,
) -> None:
    """In the place of an earlier one of the same name, or of the program's earlier one; the
    instance's predicted error is that of the one that is chosen. Raises ActionableError unless
    either model or imported_from is None."""
    if (model is None) == (imported_from is None) or (own and model is None):
        raise ActionableError(
            "A proposal is from a model or from a file, and one of the program's own from a model.",
            kept="Nothing was stored.",
            remedy="Give the name of one of them: model= or imported_from=.",
        )
    points, covariances = floats(points, "A proposal"), floats(covariances, "A proposal")
    hidden = None if hidden is None else floats(hidden, "What is said of hidden landmarks")
    expected = predicted_errors.Expected(instance_id, predicted_error, measured, points)
    [error] = predicted_errors.as_told_now(connection, scheme, [expected])
    row = row_of(
        instance_id,
        scheme,
        points,
        covariances,
        error,
        model=model,
        imported_from=imported_from,
        making=making,
        own=own,
        who=who,
        at=clock.now(connection),
        hidden=hidden,
    )
    instances.hold(connection, instance_id)
    if holds_rows(connection):
        # One way to the server for both.
        gone = _earlier(own, instance_id, model, imported_from).returning(ProposalTable.id)
        connection.execute(insert(ProposalTable).values(row).add_cte(gone.cte("gone")))
    else:
        of = {"of_instance": instance_id, "of_model": model, "of_file": imported_from}
        connection.execute(_EARLIER_OWN if own else _EARLIER, of)
        connection.execute(_NEW, row)
    predicted_errors.follow_one(connection, instance_id)


def _earlier(own: bool, instance_id: Any, model: Any, imported_from: Any) -> Delete:
    """What makes place for a new one."""
    table = ProposalTable
    gone = delete(table).where(table.instance_id == instance_id, table.own == own)
    if own:
        return gone
    return gone.where(
        table.model.is_not_distinct_from(model),
        table.imported_from.is_not_distinct_from(imported_from),
    )


_OF: list[Any] = [bindparam(name) for name in ("of_instance", "of_model", "of_file")]
_EARLIER, _EARLIER_OWN = _earlier(False, *_OF), _earlier(True, *_OF)
_NEW = insert(ProposalTable)


def row_of(
    instance_id: int,
    scheme: StoredScheme,
    points: Floats,
    covariances: Floats,
    predicted_error: float | None,
    *,
    model: str | None = None,
    imported_from: str | None = None,
    making: Making | None = None,
    own: bool = False,
    who: str | None = None,
    at: datetime,
    hidden: Floats | None = None,
) -> dict[str, Any]:
    """The columns of a proposal. Raises SchemeError where it is not of so many landmarks, or a
    probability of being hidden is none."""
    size = len(scheme)
    if points.shape != (size, 2) or covariances.shape != (size, 2, 2):
        raise SchemeError(
            f"The proposal has arrays of {points.shape} and {covariances.shape}; the project's "
            f"scheme needs {(size, 2)} and {(size, 2, 2)}.",
            remedy="Use a model that was trained for the project's scheme.",
        )
    if hidden is not None and (hidden.shape != (size,) or ((hidden < 0) | (hidden > 1)).any()):
        raise SchemeError(
            "What the proposal says of hidden landmarks is no probability for each of them.",
            kept="Nothing was stored.",
            remedy=f"Give {size} numbers from 0 to 1, NaN where nothing is known, or none at all.",
        )
    return {
        "instance_id": instance_id,
        "points": np.ascontiguousarray(points, dtype=STORED).tobytes(),
        "covariances": np.ascontiguousarray(covariances, dtype=STORED).tobytes(),
        "predicted_error": predicted_error,
        "model": model,
        "at": at,
        "imported_from": imported_from,
        "scheme_id": scheme.id,
        "maker": None if making is None else making.maker,
        "made": _written(making, hidden),
        "own": own,
        "who": who,
        "aside": False,
    }


def proposals(
    connection: Connection, instance_id: int, scheme: StoredScheme, most: int | None = None
) -> list[StoredProposal]:
    """The chosen one first. As of this scheme, whichever they were made for: unknown where a
    landmark is new, and without an error where it was measured otherwise. most: only so many."""
    rows = connection.execute(
        _OF_ONE if most is None else _FIRST_OF_ONE, {"instance": instance_id, "most": most}
    ).all()
    return [_proposal(connection, row, scheme) for row in rows]


def of_many(
    connection: Connection, among: Sequence[int], scheme: StoredScheme
) -> Iterator[tuple[int, list[StoredProposal]]]:
    """As `proposals`, of each of these instances that has any, a part of them at a time."""
    query = select(ProposalTable.instance_id, *_PROPOSAL)
    query = query.order_by(ProposalTable.instance_id, *CHOSEN_FIRST)
    for start in range(0, len(among), _AT_ONCE):
        some = is_among(connection, ProposalTable.instance_id, among[start : start + _AT_ONCE])
        rows = connection.execute(query.where(some)).all()
        for instance_id, own in groupby(rows, key=attrgetter("instance_id")):
            yield instance_id, [_proposal(connection, row, scheme) for row in own]


def by_id(
    connection: Connection, ids: Sequence[int], scheme: StoredScheme
) -> dict[int, StoredProposal]:
    """As `proposals`, those of these that are there, by their own ids."""
    query = select(ProposalTable.id, *_PROPOSAL).where(ProposalTable.id.in_(ids))
    rows = connection.execute(query).all()
    return {row.id: _proposal(connection, row, scheme) for row in rows}


def _proposal(connection: Connection, row: Any, scheme: StoredScheme) -> StoredProposal:
    of_its_time = FIRST if row.scheme_id is None else row.scheme_id
    made_for = scheme if of_its_time == scheme.id else read_scheme(connection, of_its_time)
    size = len(made_for)
    points = np.frombuffer(row.points, STORED).reshape(size, 2).astype(np.float64)
    covariances = np.frombuffer(row.covariances, STORED).reshape(size, 2, 2).astype(np.float64)
    return StoredProposal(
        scheme.carried(points, made_for),
        scheme.carried(covariances, made_for),
        row.predicted_error if made_for.measure == scheme.measure else None,
        row.model,
        row.at,
        row.imported_from,
        row.own,
        row.who,
        _hidden(row.made, scheme, made_for),
    )


def judged(connection: Connection, scheme: StoredScheme, most: int) -> list[JudgedProposal]:
    """The newest of them, newest first. Of this very scheme, of instances that count, and not of
    second opinions: models have learned from the first one."""
    size = len(scheme)
    return [
        JudgedProposal(
            row.instance_id,
            row.image_id,
            np.frombuffer(row.points, STORED).reshape(size, 2).astype(np.float64),
            np.frombuffer(row.covariances, STORED).reshape(size, 2, 2).astype(np.float64),
            _read(row.maker, row.made),
            row.predicted_error,
        )
        for row in connection.execute(_JUDGED, {"scheme": scheme.id, "most": most}).all()
    ]


_FIRST_TOUCHED = (
    select(func.min(JournalTable.at))
    .where(JournalTable.instance_id == ProposalTable.instance_id)
    .where(JournalTable.kind.in_([kind.value for kind in _TOUCHES]))
    .scalar_subquery()
)
_JUDGED = (
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
        func.coalesce(ProposalTable.scheme_id, FIRST) == bindparam("scheme"),
        InstanceTable.state == InstanceState.ACCEPTED.value,
        is_first_opinion(),
        InstanceTable.id.not_in(excluded_ids()),
        ProposalTable.at < _FIRST_TOUCHED,
    )
    .order_by(ProposalTable.at.desc())
    .limit(bindparam("most"))
)


def _written(making: Making | None, hidden: Floats | None) -> str | None:
    content: dict[str, Any] = {}
    if making is not None:
        content = {
            "labels": making.labels,
            "degrees": None if math.isinf(making.degrees) else making.degrees,
            "axes": np.ascontiguousarray(making.axes),
            "widened": making.widened,
            "moved": None if making.moved is None else np.ascontiguousarray(making.moved.round(4)),
            "novelty": making.novelty,
        }
    if hidden is not None:
        content["hidden"] = np.ascontiguousarray(hidden, np.float64).round(6)
    if not content:
        return None
    # Where many proposals are stored, the standard library's took a quarter of the time.
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY).decode()


def _hidden(text: str | None, scheme: StoredScheme, made_for: StoredScheme) -> Floats | None:
    found = None if text is None else orjson.loads(text).get("hidden")
    if found is None:
        return None
    return scheme.carried(np.array(found, np.float64), made_for)  # NaN is null there


def _read(maker: str, text: str) -> Making:
    content = orjson.loads(text)
    degrees, moved = content["degrees"], content["moved"]
    return Making(
        maker,
        content["labels"],
        math.inf if degrees is None else degrees,
        np.array(content["axes"]),
        content["widened"],
        None if moved is None else np.array(moved),
        content.get("novelty"),  # Earlier versions did not keep it.
    )
