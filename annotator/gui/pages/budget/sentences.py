"""What the budget page says in words: pure text, no Qt."""

from collections.abc import Sequence

from annotator.session.planning.budget_view import Shop, Spending
from annotator.session.planning.offer import Purchase
from projects.budgets.known_formats import Comparison
from projects.budgets.ledger import rounded
from projects.store import Plan
from projects.vocabulary import Scheme


def purchase_lines(shop: Shop, purchase: Purchase) -> list[str]:
    """What the points buy."""
    assert purchase.format is not None
    lines = [
        f"c-hat {purchase.format.c_hat:.3f}: every landmark is correlated that strongly "
        "with a clicked one, or more"
    ]
    if purchase.error is not None:
        lines.append(f"Expected error {purchase.error:.2f} % (NME on held-out shapes)")
    else:
        lines.append("No expected error: too few shapes are labelled to hold some out")
    lines.append(
        f"{purchase.image_seconds:.0f} s an image, {rounded(purchase.hours, 3)} hours for "
        f"{shop.offer.images:,} images"
    )
    return lines


def notes_of(shop: Shop) -> list[str]:
    return [shop.offer.costs.source, *shop.offer.notes]


def format_name(one: Comparison, landmarks: int) -> str:
    """landmarks: of the scheme. One that is for a part of them stands on another footing."""
    inside = len(one.known.within)
    return one.known.name if inside == landmarks else f"{one.known.name} of {inside}"


def plan_line(plan: Plan) -> str:
    if not plan.landmarks:
        return "No plan yet: people are asked as the model does."
    ask = "" if plan.ask_above is None else f", one more above {plan.ask_above:.1f} %"
    return f"The plan is {plan.name}: {len(plan.landmarks)} points an image{ask}."


def spent_lines(found: Spending) -> list[str]:
    """Spend against the plan, and what is expected of the rest."""
    spent, plan = found.ledger.spent, found.plan
    clicks = "" if plan.clicks is None else f" of {plan.clicks:,}"
    lines = [f"Spent: {spent.clicks:,}{clicks} clicks, {_time(spent.seconds, plan.seconds)}"]
    rest = found.ledger.forecast
    if rest is not None:
        scale, unit = (3600, "hours") if rest.seconds.expected >= 2 * 3600 else (60, "minutes")
        lines.append(
            f"Still to come: {rest.seconds.said(scale)} {unit} for {rest.remaining:,} images"
        )
    return [*lines, *(f"\N{WARNING SIGN} {warning}" for warning in found.ledger.warnings)]


def _time(spent: float, limit: float | None) -> str:
    """spent, limit: seconds."""
    if limit is None and spent < 2 * 3600:
        return f"{spent / 60:,.0f} minutes"
    of = "" if limit is None else f" of {rounded(limit / 3600, 3)}"
    return f"{rounded(spent / 3600, 3)}{of} hours"


def effort_rows(found: Spending) -> list[tuple[str, ...]]:
    """(day, who, clicks, minutes, accepted, clicks an image), the last day first."""
    return [
        (
            effort.day.isoformat(),
            effort.who,
            f"{effort.clicks:,}",
            f"{effort.seconds / 60:,.1f}",
            f"{effort.accepted:,}",
            f"{effort.clicks / effort.accepted:.1f}" if effort.accepted else "",
        )
        for effort in reversed(found.ledger.efforts)
    ]


def names(scheme: Scheme, landmarks: Sequence[int]) -> str:
    return ", ".join(scheme.landmarks[i] for i in landmarks)
