"""Batches that somebody had certified: which shapes, in which order they are drawn, and what the
checks of the drawn ones found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.database import inserted_id
from landmark_annotator.projects.store.schema.tables import CertificateCheckTable, CertificateTable
from landmark_annotator.projects.vocabulary.arrays import Floats

_STORED = np.dtype("<f8")

_NOTHING = json.dumps([])
"""The batch of a row that says that the one before it was given up."""


@dataclass(frozen=True)
class Certificate:
    """batch: the id of each shape and its fingerprint when the batch was made, in the order in
    which they are drawn. visible: the error, in percent of the normaliser, above which a shape is
    wrong. share, confidence: see `landmark_annotator.projects.certificates.Demand`. scheme_id: of
    its landmarks. number: of how many batches of its scope it is the last. One without a batch says
    that the one before it was given up."""

    id: int
    at: datetime
    who: str
    scope: str
    seed: int
    visible: float
    share: float
    confidence: float
    scheme_id: int
    batch: tuple[tuple[int, str], ...]
    number: int = 1

    @property
    def given_up(self) -> bool:
        return not self.batch


@dataclass(frozen=True, eq=False)
class Check:
    """Of one drawn shape. points: (L, 2) as it was drawn, and drawn: its fingerprint then.
    change: by how much a person has visibly changed it at most, in percent of the normaliser, and
    checked: its fingerprint after that; None while it waits for her."""

    number: int
    instance_id: int
    drawn: str
    points: Floats
    who: str
    at: datetime
    change: float | None = None
    checked: str | None = None


def start_certificate(
    connection: Connection,
    *,
    who: str,
    scope: str,
    seed: int,
    visible: float,
    share: float,
    confidence: float,
    scheme_id: int,
    batch: Sequence[tuple[int, str]],
) -> int:
    result = connection.execute(
        insert(CertificateTable).values(
            at=clock.now(connection),
            who=who,
            scope=scope,
            seed=seed,
            visible=visible,
            share=share,
            confidence=confidence,
            scheme_id=scheme_id,
            batch=json.dumps(list(batch)),
        )
    )
    return inserted_id(result)


def newest_id(connection: Connection, scope: str) -> int | None:
    return connection.execute(_NEWEST, {"scope": scope}).scalar_one()


_NEWEST = select(func.max(CertificateTable.id)).where(CertificateTable.scope == bindparam("scope"))


def newest_certificate(
    connection: Connection, scope: str, before: int | None = None
) -> Certificate | None:
    """before: of those with a smaller id, which were all drawn before."""
    table = CertificateTable
    query = select(*table.__table__.columns).where(table.scope == scope)
    if before is not None:
        query = query.where(table.id < before)
    row = connection.execute(query.order_by(table.id.desc()).limit(1)).first()
    if row is None:
        return None
    drawn = select(func.count()).where(
        table.scope == scope, table.id <= row.id, table.batch != _NOTHING
    )
    number = connection.execute(drawn).scalar_one()
    batch = tuple((int(i), str(print_)) for i, print_ in json.loads(row.batch))
    return Certificate(
        row.id,
        row.at,
        row.who,
        row.scope,
        row.seed,
        row.visible,
        row.share,
        row.confidence,
        row.scheme_id,
        batch,
        number,
    )


def checks(connection: Connection, certificate_id: int) -> list[Check]:
    """In the order in which the shapes were drawn."""
    table = CertificateCheckTable
    query = select(*table.__table__.columns).where(table.certificate_id == certificate_id)
    return [
        Check(
            row.number,
            row.instance_id,
            row.drawn,
            np.frombuffer(row.points, _STORED).reshape(-1, 2).astype(np.float64),
            row.who,
            row.at,
            row.change,
            row.checked,
        )
        for row in connection.execute(query.order_by(table.number)).all()
    ]


def draw_check(connection: Connection, certificate_id: int, check: Check) -> None:
    """One that is drawn, or as good as checked as its instance is gone; not in the place of what
    somebody else has drawn, or judged, since it was looked for."""
    table = CertificateCheckTable
    same = (table.certificate_id == certificate_id) & (table.number == check.number)
    there = connection.execute(select(table.change).where(same)).first()
    if there is None or (there.change is None and check.change is not None):
        keep_check(connection, certificate_id, check)


def keep_check(connection: Connection, certificate_id: int, check: Check) -> None:
    """In the place of an earlier one of the same number."""
    table = CertificateCheckTable
    same = (table.certificate_id == certificate_id) & (table.number == check.number)
    connection.execute(delete(table).where(same))
    connection.execute(
        insert(table).values(
            certificate_id=certificate_id,
            number=check.number,
            instance_id=check.instance_id,
            drawn=check.drawn,
            points=np.ascontiguousarray(check.points, dtype=_STORED).tobytes(),
            who=check.who,
            at=check.at,
            change=check.change,
            checked=check.checked,
        )
    )
