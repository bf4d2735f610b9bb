"""What has been spent, by whom and when, what the rest will take, and whether the budget lasts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, tzinfo

from landmark_annotator.projects.budgets.forecast import Effort, Forecast, forecast, why_none
from landmark_annotator.projects.budgets.working_time import Pauses, WorkingTime
from landmark_annotator.projects.store import (
    ActionKind,
    InstanceState,
    Plan,
    Project,
    Spend,
    WorkDone,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import duration

_CLICKS = (ActionKind.CLICK, ActionKind.CONFIRM)
_NEARLY = 0.8
"""Share of the budget from which on its end is warned of."""


class BudgetSpent(ActionableError):
    """The lead asked that labelling stops here."""


@dataclass(frozen=True)
class DayEffort:
    """Of one person on one day. accepted: how often an instance was accepted."""

    who: str
    day: date
    clicks: int
    seconds: float
    accepted: int


@dataclass(frozen=True)
class Ledger:
    """Seconds are of working time: pauses are what does not count.

    forecast: None where too few are finished, which `no_forecast` then says. warnings: sentences,
    where the budget of the plan is spent or will not last.
    """

    spent: Spend
    pauses: Pauses
    efforts: tuple[DayEffort, ...]
    remaining: int
    forecast: Forecast | None
    no_forecast: str
    warnings: tuple[str, ...]


@dataclass
class _Counted:
    clicks: int = 0
    seconds: float = 0.0
    accepted: int = 0
    by_hand: int = 0
    """Clicks where nothing was proposed."""

    def add(self, done: WorkDone, seconds: float, accepted: bool) -> None:
        if done.kind in _CLICKS:
            self.clicks += 1
            self.by_hand += done.by_hand
        self.seconds += seconds
        self.accepted += accepted

    @property
    def effort(self) -> Effort:
        return Effort(self.clicks, self.seconds, 2 * self.by_hand > self.clicks)


def ledger(project: Project, zone: tzinfo | None = None) -> Ledger:
    """From the journal. zone: whose days are counted, by default this computer's."""
    entries = list(project.work_done())
    time = WorkingTime(entries)
    days: dict[tuple[str, date], _Counted] = defaultdict(_Counted)
    instances: dict[int, _Counted] = defaultdict(_Counted)
    finished: dict[int, None] = {}
    for entry in entries:
        seconds = time.seconds(entry)
        accepted = entry.kind.accepts
        if entry.kind in _CLICKS or seconds or accepted:
            days[entry.who, entry.at.astimezone(zone).date()].add(entry, seconds, accepted)
        if entry.instance_id is not None:
            instances[entry.instance_id].add(entry, seconds, accepted)
            if accepted:
                finished.pop(entry.instance_id, None)
                finished[entry.instance_id] = None
    waiting = set(project.listed([InstanceState.UNTOUCHED, InstanceState.STARTED]).tolist())
    accepted_now = set(project.listed([InstanceState.ACCEPTED]).tolist())
    done = [instances[i].effort for i in finished if i in accepted_now]
    begun = [row.effort for i, row in instances.items() if i in waiting]
    rest = forecast(done, begun, len(waiting))
    spent = Spend(sum(entry.kind in _CLICKS for entry in entries), time.total())
    return Ledger(
        spent=spent,
        pauses=time.pauses(),
        efforts=tuple(
            DayEffort(who, day, row.clicks, row.seconds, row.accepted)
            for (who, day), row in sorted(days.items(), key=lambda item: (item[0][1], item[0][0]))
        ),
        remaining=len(waiting),
        forecast=rest,
        no_forecast="" if rest is not None or not waiting else why_none(done),
        warnings=tuple(_warnings(project.plan(), spent, rest)),
    )


def refuse_beyond_budget(plan: Plan, spent: Spend) -> None:
    """Raises BudgetSpent where the plan asks for a stop and its budget is used up."""
    if plan.hard_stop and (over := over_budget(plan, spent)):
        more = "--clicks N" if over.endswith("clicks") else "--hours H"
        raise BudgetSpent(
            f"The project's budget is spent: {over}.",
            kept="Everything labelled so far is stored.",
            remedy=f"Ask the project lead, who can give more: annotator plan PROJECT {more}.",
        )


def spent_warnings(plan: Plan, spent: Spend) -> list[str]:
    """Where the budget is spent or nearly so; needs no forecast, and so no look at the journal."""
    found = []
    for unit, limit, used in _limits(plan, spent):
        if used >= _NEARLY * limit:
            nearly = "" if used >= limit else "nearly "
            found.append(f"The budget is {nearly}spent: {_of(unit, used, limit)}.")
    return found


def over_budget(plan: Plan, spent: Spend) -> str:
    """What is used up, '' where the plan allows more."""
    if plan.clicks is not None and spent.clicks >= plan.clicks:
        return _of("clicks", spent.clicks, plan.clicks)
    if plan.seconds is not None and spent.seconds >= plan.seconds:
        return _of("hours", spent.seconds, plan.seconds)
    return ""


def _of(unit: str, used: float, limit: float) -> str:
    if unit == "clicks":
        return f"{used:,.0f} of {limit:,.0f} clicks"
    return f"{duration(used)} of {duration(limit)}"


def _warnings(plan: Plan, spent: Spend, forecast: Forecast | None) -> list[str]:
    found = spent_warnings(plan, spent)
    if forecast is None:
        return found
    for unit, limit, used in _limits(plan, spent):
        rest = forecast.clicks if unit == "clicks" else forecast.seconds
        if used < limit < used + rest.high:
            surely = "will not" if used + rest.low > limit else "may not"
            more = f"{rest.said()} clicks" if unit == "clicks" else rest.said_as_time()
            found.append(
                f"The budget {surely} last: {_of(unit, used, limit)} are spent, and the rest is "
                f"expected to take {more}."
            )
    return found


def _limits(plan: Plan, spent: Spend) -> list[tuple[str, float, float]]:
    """(unit, what the plan allows, what is used of it), where it has limits"""
    limits = (("clicks", plan.clicks, spent.clicks), ("hours", plan.seconds, spent.seconds))
    return [(unit, limit, used) for unit, limit, used in limits if limit is not None]
