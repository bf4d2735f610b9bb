"""What has been spent, by whom and when, what the rest will take, and whether the budget lasts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from landmark_annotator.projects.budgets.forecast import (
    RECENT,
    Effort,
    Forecast,
    forecast,
    why_none,
)
from landmark_annotator.projects.budgets.working_time import Pauses, WorkingTime
from landmark_annotator.projects.store import (
    ActionKind,
    InstanceState,
    Plan,
    Project,
    Spend,
    read_at_once,
)
from landmark_annotator.projects.store.journal.spending import Fences, SpentOn, SpentThen
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted, duration

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

    remaining: what waits, with second opinions that are still to be asked for, of which there are
    to_come. forecast: None where too few are finished; `no_forecast` says so, '' where nothing is
    left.
    warnings: sentences, where the budget of the plan is spent or will not last.
    """

    spent: Spend
    pauses: Pauses
    efforts: tuple[DayEffort, ...]
    remaining: int
    forecast: Forecast | None
    no_forecast: str
    warnings: tuple[str, ...]
    to_come: int = 0

    @property
    def to_come_said(self) -> str:
        """To follow the number of what remains, which no list of what waits has; empty of none."""
        if not self.to_come:
            return ""
        if self.to_come == 1:
            return ", 1 of them a second opinion that is asked for later"
        return f", {self.to_come:,} of them second opinions that are asked for later"

    @property
    def unseen(self) -> Spend:
        """What is in `spent` and in nobody's effort: work on labels that are hidden from whoever
        asks, as long as two people label an object without seeing each other's."""
        clicks = self.spent.clicks - sum(effort.clicks for effort in self.efforts)
        seconds = self.spent.seconds - sum(effort.seconds for effort in self.efforts)
        return Spend(max(clicks, 0), max(seconds, 0.0))

    def unseen_said(self) -> str:
        """In a sentence, for below the efforts; empty of none."""
        unseen = self.unseen
        if not unseen.clicks and unseen.seconds < 1:
            return ""
        return (
            f"Of these {counted(unseen.clicks, 'click')} and {duration(unseen.seconds)} are in "
            "nobody's line: work on objects that two people label without seeing each other's "
            "labels, and are not both done with."
        )

    @property
    def rest(self) -> Forecast | None:
        """The forecast, where there is something left that it can be of."""
        return self.forecast if self.remaining else None


@read_at_once
def ledger(project: Project, zone: tzinfo | None = None) -> Ledger:
    """From the journal. zone: whose days are counted, by default this computer's."""
    time, clicks = WorkingTime(), 0
    actions = project.timed_actions()
    for one in actions:
        time.add_durations(one.who, one.kind, one.durations)
        clicks += one.actions * (one.kind in _CLICKS)
    fences = {(one.who, one.kind): time.fence(one.who, one.kind) for one in actions}
    counts = project.state_counts()
    to_come = project.second_opinions_to_come()
    waiting = counts[InstanceState.UNTOUCHED] + counts[InstanceState.STARTED] + to_come
    # What was clicked under another plan says nothing of what this one asks for.
    since = project.points_asked_since()
    done = _last_finished(project, fences, since)
    begun: Counter[Effort] = Counter()
    for alike in project.spent_on_waiting(fences):
        begun[_effort(alike)] += alike.instances
    plan, points = project.plan(), len(project.scheme)
    rest = forecast(done, begun, waiting, points, len(plan.landmarks) or points)
    why = (
        ""
        if rest is not None or not waiting
        else why_none(done, project.counted_in(), " since the plan changed" if since else "")
    )
    spent = Spend(clicks, time.total())
    return Ledger(
        spent=spent,
        pauses=time.pauses(),
        efforts=_efforts(project.spent_by_time(fences), zone),
        remaining=waiting,
        forecast=rest,
        no_forecast=why,
        warnings=tuple(_warnings(plan, spent, rest)),
        to_come=to_come,
    )


def _last_finished(project: Project, fences: Fences, since: datetime | None) -> list[Effort]:
    """As many of the last ones as a forecast goes by, in the order in which they were finished.
    since: only those after it."""
    found: list[Effort] = []
    typical = 0
    for one in project.spent_on_finished(fences, since):
        found.append(_effort(one))
        typical += not found[-1].by_hand
        if typical == RECENT:
            break
    return found[::-1]


def _effort(one: SpentOn) -> Effort:
    return Effort(one.clicks, one.seconds, 2 * one.by_hand > one.clicks)


def _efforts(spent: Iterable[SpentThen], zone: tzinfo | None) -> tuple[DayEffort, ...]:
    """By day, and on each by name."""
    days: dict[tuple[date, str], DayEffort] = {}
    for one in spent:
        day = one.at.astimezone(zone).date()
        before = days.get((day, one.who), DayEffort(one.who, day, 0, 0.0, 0))
        days[day, one.who] = DayEffort(
            one.who,
            day,
            before.clicks + one.clicks,
            before.seconds + one.seconds,
            before.accepted + one.accepted,
        )
    return tuple(effort for _, effort in sorted(days.items()))


def refuse_beyond_budget(plan: Plan, spent: Spend) -> None:
    """Raises BudgetSpent where the plan asks for a stop and its budget is used up."""
    if plan.hard_stop and (over := over_budget(plan, spent)):
        more = "--clicks N" if over.endswith(("click", "clicks")) else "--hours H"
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
        return f"{used:,.0f} of {counted(round(limit), 'click')}"
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
