"""The project's plan: the points that are asked for on every image, and what may be spent."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.tables import PlanTable
from landmark_annotator.projects.vocabulary.errors import ProjectError

_MOST = 2_000_000_000
"""Clicks, or hours, of a budget: what a server's numbers hold."""


@dataclass(frozen=True)
class Plan:
    """name: of the sparse format, such as "m9"; empty where the plan has no points.

    landmarks: of the sparse format. ask_above: once those are placed, a predicted error above this
    (in % of the scheme's normaliser) asks for one more point; None never does. clicks, seconds:
    what may be spent in the project altogether, None for any. hard_stop: whether labelling ends
    there, or people are only warned.
    """

    name: str = ""
    landmarks: tuple[int, ...] = ()
    ask_above: float | None = None
    clicks: int | None = None
    seconds: float | None = None
    hard_stop: bool = False
    who: str = ""
    at: datetime | None = None

    @property
    def limited(self) -> bool:
        """Whether it says what may be spent."""
        return self.clicks is not None or self.seconds is not None


_NO_POINTS = json.dumps([])
_LAST = select(*PlanTable.__table__.columns).order_by(PlanTable.id.desc()).limit(1)


def store_plan(connection: Connection, scheme: StoredScheme, plan: Plan, who: str) -> Plan:
    """In the place of the earlier one, which stays in the table."""
    size = len(scheme)
    strange = [i for i in plan.landmarks if not 0 <= i < size]
    if strange or len(set(plan.landmarks)) != len(plan.landmarks):
        raise ProjectError(
            f"A plan names different landmarks among 0..{size - 1}, not {list(plan.landmarks)}.",
            kept="The plan so far stays.",
        )
    hours = None if plan.seconds is None else plan.seconds / 3600
    for limit, unit in ((plan.clicks, "clicks"), (hours, "hours")):
        if limit is not None and not 0 < limit <= _MOST:
            raise ProjectError(
                f"A budget of {limit:g} {unit} is none.",
                kept="The plan so far stays.",
                remedy=f"Give a number above zero, {_MOST:,} at most, or leave it out.",
            )
    if plan.hard_stop and not plan.limited:
        raise ProjectError(
            "There is no budget at which labelling could stop.",
            kept="The plan so far stays.",
            remedy="Give a number of clicks or hours as well.",
        )
    connection.execute(
        insert(PlanTable).values(
            at=clock.now(connection),
            who=who,
            name=plan.name,
            landmarks=json.dumps([scheme.numbers[i] for i in plan.landmarks]),
            ask_above=plan.ask_above,
            clicks=plan.clicks,
            seconds=plan.seconds,
            hard_stop=plan.hard_stop,
        )
    )
    return current_plan(connection, scheme)


def current_plan(connection: Connection, scheme: StoredScheme) -> Plan:
    """The last one, without landmarks that have gone; an empty plan where there was never one."""
    newest = connection.execute(_LAST).first()
    if newest is None:
        return Plan()
    numbers = json.loads(newest.landmarks)
    return Plan(
        name=newest.name,
        landmarks=tuple(scheme.places[n] for n in numbers if n in scheme.places),
        ask_above=newest.ask_above,
        clicks=newest.clicks,
        seconds=newest.seconds,
        hard_stop=newest.hard_stop,
        who=newest.who,
        at=newest.at,
    )


def points_since(connection: Connection) -> datetime | None:
    """Since when the points that are asked for are those of now; None where they always were."""
    every = select(PlanTable.at, PlanTable.landmarks).order_by(PlanTable.id.desc())
    since, points = None, None
    for at, landmarks in connection.execute(every):
        if points is not None and landmarks != points:
            return since
        since, points = at, landmarks
    return None if points in (None, _NO_POINTS) else since
