"""What has been spent, by whom and when, what the rest will take, and whether the budget lasts."""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np

from projects.store import ActionKind, InstanceState, Plan, Project, Spend
from projects.vocabulary.errors import ActionableError

_CLICKS = (ActionKind.CLICK, ActionKind.CONFIRM)
_RECENT = 100
"""Instances that a forecast goes by: the last ones, because the tool learns and so do people."""
_LEAST = 3
"""Finished instances from which on there is a forecast."""
_CERTAINTY = 0.95
_NEARLY = 0.8
"""Share of the budget from which on its end is warned of."""


class BudgetSpent(ActionableError):
    """The lead asked that labelling stops here."""


@dataclass(frozen=True)
class Effort:
    """Of one person on one day. accepted: how often an instance was accepted."""

    who: str
    day: date
    clicks: int
    seconds: float
    accepted: int


@dataclass(frozen=True)
class Interval:
    """The true figure lies within with 95 %, if the rest is like the last ones."""

    expected: float
    low: float
    high: float

    def said(self, scale: float = 1.0) -> str:
        """scale: what one of the unit that is told holds, such as 3600 for hours.

        Where every image took the same, as under a plan, there is nothing to be unsure of.
        """
        low, middle, high = (rounded(v / scale, 3) for v in (self.low, self.expected, self.high))
        return f"{middle} ({low} to {high})" if high != low else middle


@dataclass(frozen=True)
class Forecast:
    """What the instances that are not accepted will take. based_on: how many finished ones."""

    remaining: int
    clicks: Interval
    seconds: Interval
    based_on: int


@dataclass(frozen=True)
class Ledger:
    """warnings: sentences, where the budget of the plan is spent or will not last."""

    spent: Spend
    efforts: tuple[Effort, ...]
    remaining: int
    forecast: Forecast | None
    warnings: tuple[str, ...]


def ledger(project: Project, zone: tzinfo | None = None) -> Ledger:
    """From the journal. zone: whose days are counted, by default this computer's."""
    days: dict[tuple[str, date], list[float]] = defaultdict(lambda: [0, 0.0, 0])
    effort: dict[int, list[float]] = defaultdict(lambda: [0, 0.0])
    finished: dict[int, None] = {}
    for entry in project.journal():
        click = entry.kind in _CLICKS
        accepted = entry.kind is ActionKind.ACCEPT
        seconds = entry.duration or 0.0
        if click or seconds or accepted:
            row = days[entry.who, entry.at.astimezone(zone).date()]
            row[0] += click
            row[1] += seconds
            row[2] += accepted
        if entry.instance_id is not None:
            effort[entry.instance_id][0] += click
            effort[entry.instance_id][1] += seconds
            if accepted:
                finished.pop(entry.instance_id, None)
                finished[entry.instance_id] = None
    records = project.instances()
    waiting = {r.id for r in records if r.state is not InstanceState.ACCEPTED}
    recent = [effort[i] for i in finished if i not in waiting][-_RECENT:]
    begun = [effort[i] for i in waiting if i in effort]
    forecast = _forecast(recent, begun, len(waiting))
    spent = project.spend()
    return Ledger(
        spent=spent,
        efforts=tuple(
            Effort(who, day, int(row[0]), row[1], int(row[2]))
            for (who, day), row in sorted(days.items(), key=lambda item: (item[0][1], item[0][0]))
        ),
        remaining=len(waiting),
        forecast=forecast,
        warnings=tuple(_warnings(project.plan(), spent, forecast)),
    )


def rounded(number: float, digits: int = 4) -> str:
    """With so many digits, or as a whole number: never as a power of ten."""
    return f"{number:,.0f}" if abs(number) >= 10 ** (digits - 1) else f"{number:.{digits}g}"


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
    for unit, limit, used, scale in _limits(plan, spent):
        if used >= _NEARLY * limit:
            nearly = "" if used >= limit else "nearly "
            of_limit = f"{rounded(used / scale)} of {rounded(limit / scale)} {unit}"
            found.append(f"The budget is {nearly}spent: {of_limit}.")
    return found


def over_budget(plan: Plan, spent: Spend) -> str:
    """What is used up, '' where the plan allows more."""
    if plan.clicks is not None and spent.clicks >= plan.clicks:
        return f"{spent.clicks:,} of {plan.clicks:,} clicks"
    if plan.seconds is not None and spent.seconds >= plan.seconds:
        return f"{rounded(spent.seconds / 3600)} of {rounded(plan.seconds / 3600)} hours"
    return ""


def _forecast(
    recent: list[list[float]], begun: list[list[float]], remaining: int
) -> Forecast | None:
    """None without enough finished instances to go by."""
    if len(recent) < _LEAST:
        return None
    clicks, seconds = (_rest(recent, begun, remaining, column) for column in (0, 1))
    return Forecast(remaining, clicks, seconds, len(recent))


def _rest(
    recent: list[list[float]], begun: list[list[float]], remaining: int, column: int
) -> Interval:
    """So many more like the recent ones, less what the begun ones have taken already."""
    # Imported late: the window knows the ledger, and is not to wait for scipy.
    from scipy.special import stdtrit

    values = np.array([row[column] for row in recent])
    mean, variance = float(values.mean()), float(values.var(ddof=1))
    done = sum(min(row[column], mean) for row in begun)
    expected = remaining * mean - done
    # The spread of the rest itself, and of the mean that stands for it.
    deviation = math.sqrt(remaining * variance + remaining**2 * variance / len(values))
    reach = float(stdtrit(len(values) - 1, (1 + _CERTAINTY) / 2)) * deviation
    return Interval(expected, max(expected - reach, 0.0), expected + reach)


def _warnings(plan: Plan, spent: Spend, forecast: Forecast | None) -> list[str]:
    found = spent_warnings(plan, spent)
    if forecast is None:
        return found
    for unit, limit, used, scale in _limits(plan, spent):
        rest = forecast.clicks if unit == "clicks" else forecast.seconds
        if used < limit < used + rest.high:
            surely = "will not" if used + rest.low > limit else "may not"
            found.append(
                f"The budget {surely} last: {rounded(used / scale)} of {rounded(limit / scale)} "
                f"{unit} are spent, and the rest is expected to take {rest.said(scale)} {unit}."
            )
    return found


def _limits(plan: Plan, spent: Spend) -> list[tuple[str, float, float, float]]:
    """(unit, what the plan allows, what is used of it, what one unit holds), where it has limits"""
    limits = (
        ("clicks", plan.clicks, spent.clicks, 1.0),
        ("hours", plan.seconds, spent.seconds, 3600.0),
    )
    return [(u, limit, used, scale) for u, limit, used, scale in limits if limit is not None]
