"""Spend against plan, as `annotator budget` and `annotator status` tell it."""

from typing import Any

from landmark_annotator.annotator.cli.support.output import columns, counted
from landmark_annotator.projects.budgets.ledger import Ledger
from landmark_annotator.projects.store import Plan
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.wording import duration


def spending_lines(spending: Ledger, plan: Plan, one: str) -> list[str]:
    """Spend against the plan, by person and day, and what is expected of the rest. one: what an
    instance is called where they are counted."""
    clicks = "" if plan.clicks is None else f" of {plan.clicks:,}"
    time = "" if plan.seconds is None else f" of {duration(plan.seconds)}"
    lines = [
        f"Clicks spent: {spending.spent.clicks:,}{clicks}",
        f"Time spent: {duration(spending.spent.seconds)}{time}",
    ]
    if spending.efforts:
        rows = [("day", "who", "clicks", "minutes", "accepts")]
        rows += [
            (e.day.isoformat(), e.who, f"{e.clicks:,}", f"{e.seconds / 60:,.1f}", f"{e.accepted:,}")
            for e in spending.efforts
        ]
        lines.append(columns(rows))
    if unseen := spending.unseen_said():
        lines.append(unseen)
    return [*lines, *forecast_lines(spending, one)]


def forecast_lines(spending: Ledger, one: str) -> list[str]:
    """Which time does not count, what the rest will take, and the warnings."""
    lines = [spending.pauses.said()] if spending.pauses.actions else []
    rest = spending.rest
    if rest is not None:
        later = spending.to_come_said
        lines.append(
            f"The {counted(rest.remaining, one)} left{later}{',' if later else ''} will take "
            f"{rest.clicks.said()} clicks and {rest.seconds.said_as_time()} "
            f"({rest.certainty})."
        )
    elif spending.no_forecast:
        lines.append(f"No forecast yet: {spending.no_forecast}.")
    return [*lines, *warning_lines(spending)]


def warning_lines(spending: Ledger) -> list[str]:
    return [f"Warning: {warning}" for warning in spending.warnings]


def spending_facts(scheme: Scheme, spending: Ledger, plan: Plan) -> dict[str, Any]:
    """Plain values."""
    rest = spending.rest
    return {
        "plan": plan_facts(scheme, plan),
        "spent": {"clicks": spending.spent.clicks, "seconds": spending.spent.seconds},
        "pauses": {"actions": spending.pauses.actions, "seconds": spending.pauses.seconds},
        "efforts": [
            {
                "who": e.who,
                "day": e.day.isoformat(),
                "clicks": e.clicks,
                "seconds": e.seconds,
                "accepted": e.accepted,
            }
            for e in spending.efforts
        ],
        "forecast": None
        if rest is None
        else {
            "remaining": rest.remaining,
            "second_opinions_to_come": spending.to_come,
            "clicks": [rest.clicks.low, rest.clicks.expected, rest.clicks.high],
            "seconds": [rest.seconds.low, rest.seconds.expected, rest.seconds.high],
            "based_on": rest.based_on,
        },
        "warnings": list(spending.warnings),
    }


def plan_facts(scheme: Scheme, plan: Plan) -> dict[str, Any]:
    return {
        "format": plan.name,
        "landmarks": [scheme.landmarks[i] for i in plan.landmarks],
        "ask_above": plan.ask_above,
        "clicks": plan.clicks,
        "seconds": plan.seconds,
        "hard_stop": plan.hard_stop,
        "who": plan.who,
    }
