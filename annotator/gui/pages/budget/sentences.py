"""What the budget page says in words: pure text, no Qt."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from landmark_annotator.annotator.session.planning.budget_view import Shop, Spending
from landmark_annotator.annotator.session.planning.offer import Purchase, ask_above
from landmark_annotator.projects.budgets.known_formats import Comparison
from landmark_annotator.projects.budgets.ledger import DayEffort
from landmark_annotator.projects.groups import in_window
from landmark_annotator.projects.store import Plan
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.wording import counted, duration, fine, time_each

FOLLOWS = "how well the rest follows"
"""What c-hat is called where it is not explained."""

_NAMED = 3
"""Points of a plan that are told by their names; of more the number is."""

_LISTED = 12
"""Names of points below the picture that shows where all of them lie."""


@dataclass(frozen=True)
class DaySpent:
    """people: (who, clicks, time, accepted, clicks an image) of each."""

    said: str
    people: tuple[tuple[str, ...], ...]


def purchase_lines(shop: Shop, purchase: Purchase) -> list[str]:
    """What the points buy."""
    assert purchase.format is not None
    lines = [f"{FOLLOWS.capitalize()}: {purchase.format.c_hat:.3f} of 1"]
    if purchase.error is not None:
        measure = shop.measure
        told = "" if measure is None else f", {fine(measure.of(purchase.error))} mm"
        lines.append(f"Expected error {purchase.error:.2f} %{told} (NME on held-out shapes)")
    else:
        lines.append("Expected error: not known yet")
    lines.append(
        f"{time_each(purchase.image_seconds)} an {shop.offer.one}, "
        f"{duration(3600 * purchase.hours)} for {counted(shop.offer.images, shop.offer.one)}"
    )
    return lines


def recommended_lines(shop: Shop, purchase: Purchase, key: str) -> list[str]:
    """What is recommended, and why where this is it. key: goes to the number of points."""
    best = shop.recommended
    offer = shop.offer
    free = [] if offer.unplanned is None else [offer.unplanned.said(offer.images, offer.one)]
    free += _as_proposed(shop)
    if best.m == 0:
        return [f"Recommended: {best.title}. {best.reasons[0]}", *best.reasons[1:], *free]
    if purchase.m == best.m:
        return [f"Recommended. {best.reasons[0]}", *best.reasons[1:], *free]
    return [f"Recommended: m{best.m} ({key})", *free]


def _as_proposed(shop: Shop) -> list[str]:
    """What it costs to click nothing: enough for whoever wishes for no less. Nothing where that is
    what people do without a plan, which is told."""
    offer, alone, free = shop.offer, shop.offer.unclicked, shop.offer.unplanned
    if alone is None or (free is not None and free.clicks == 0):
        return []
    return [
        f"Without a click: what is proposed is looked at and accepted, "
        f"{time_each(alone.image_seconds)} an {offer.one}, {duration(3600 * alone.hours)} for "
        f"{counted(offer.images, offer.one)}; expected error {alone.error:.2f} %."
    ]


def notes_of(shop: Shop) -> list[str]:
    measure = shop.measure
    by = [] if measure is None else [f"Millimetres are by a normaliser of {measure.said}."]
    return [shop.offer.costs.source, *map(in_window, shop.offer.notes), *by]


def format_name(one: Comparison, landmarks: int) -> str:
    """landmarks: of the scheme. One that is for a part of them stands on another footing."""
    inside = len(one.known.within)
    return one.known.name if inside == landmarks else f"{one.known.name} of {inside}"


def plan_line(found: Spending) -> str:
    plan = found.plan
    if not plan.landmarks:
        return "No plan yet: people are asked for what the model asks for."
    ask = "" if plan.ask_above is None else f", one more above {plan.ask_above:.1f} %"
    return f"The plan is {plan.name}: {counted(len(plan.landmarks), 'point')} an {found.one}{ask}."


def planned(plan: Plan, key: str) -> str:
    """What was just decided. key: gives a plan up, which undo does not."""
    if not plan.landmarks:
        return "There is no plan any more: annotators are asked for what the model asks for."
    points = counted(len(plan.landmarks), "point")
    asked = f"from now on annotators are asked for its {points}"
    return f"{plan.name} is the plan: {asked}. It is no step for undo: {key} gives it up."


def plan_means(found: Shop, purchase: Purchase, names: str) -> str:
    """What becomes of the labelling once the purchase is the plan. names: of its points."""
    assert purchase.format is not None
    count = len(purchase.format.landmarks)
    these = names if count <= _NAMED else f"these {count:,} points"
    above = ask_above(purchase.error)
    more = "" if above is None else f", and for one more where the error stays above {above:.1f} %"
    return (
        f"The plan is what everybody is asked for: {these} of each {found.offer.one}{more}; the "
        "model places the rest. Nothing that is labelled changes, and whoever clicks more points "
        "still can. Another plan can follow at any time."
    )


def spent_lines(found: Spending) -> list[str]:
    """Spend against the plan, and what is expected of the rest."""
    spent, plan = found.ledger.spent, found.plan
    clicks = counted(spent.clicks, "click")
    if plan.clicks is not None:
        clicks = f"{spent.clicks:,} of {counted(plan.clicks, 'click')}"
    time = "" if plan.seconds is None else f" of {duration(plan.seconds)}"
    lines = [f"Spent: {clicks}, {duration(spent.seconds)}{time}"]
    if found.ledger.pauses.actions:
        lines.append(found.ledger.pauses.said())
    if unseen := found.ledger.unseen_said():
        lines.append(unseen)
    rest = found.ledger.rest
    if rest is not None:
        lines.append(
            f"Still to come: {rest.clicks.said()} clicks and {rest.seconds.said_as_time()} for "
            f"{counted(rest.remaining, found.one)}{found.ledger.to_come_said} ({rest.certainty})"
        )
    elif found.ledger.no_forecast:
        lines.append(
            f"Still to come for {counted(found.ledger.remaining, found.one)}"
            f"{found.ledger.to_come_said}: {found.ledger.no_forecast}"
        )
    return [*lines, *(f"\N{WARNING SIGN} {warning}" for warning in found.ledger.warnings)]


def effort_days(found: Spending) -> list[DaySpent]:
    """The last day first."""
    by_day = groupby(found.ledger.efforts, key=lambda effort: effort.day)
    days = [DaySpent(day.isoformat(), tuple(map(_effort_texts, of_day))) for day, of_day in by_day]
    return days[::-1]


def _effort_texts(effort: DayEffort) -> tuple[str, ...]:
    return (
        effort.who,
        f"{effort.clicks:,}",
        duration(effort.seconds),
        f"{effort.accepted:,}",
        f"{effort.clicks / effort.accepted:.1f}" if effort.accepted else "",
    )


def names(scheme: Scheme, landmarks: Sequence[int]) -> str:
    return ", ".join(scheme.landmarks[i] for i in landmarks)


def first_names(scheme: Scheme, landmarks: Sequence[int]) -> str:
    """Of many the first ones, and how many more: all of them would make the window too high."""
    more = len(landmarks) - _LISTED
    return names(scheme, landmarks[:_LISTED]) + (f", and {more:,} more" if more > 0 else "")


def names_tip(scheme: Scheme, landmarks: Sequence[int]) -> str:
    """All of them, for a tooltip, which breaks the lines of HTML alone."""
    return f"<p>{html.escape(names(scheme, landmarks))}</p>" if len(landmarks) else ""
