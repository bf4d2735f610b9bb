"""What `annotator budget` prints and writes."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from landmark_annotator.annotator.cli.reports.spending_report import spending_facts, spending_lines
from landmark_annotator.annotator.cli.support.output import columns, counted
from landmark_annotator.annotator.session.planning.offer import Offer, Purchase
from landmark_annotator.annotator.session.planning.recommendation import Recommendation
from landmark_annotator.annotator.session.review.millimetres import Millimetres, exact
from landmark_annotator.projects.budgets.known_formats import Comparison
from landmark_annotator.projects.budgets.ledger import Ledger
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.store import Plan
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import HOURS_FROM, fine


def report(
    scheme: Scheme,
    offer: Offer,
    chosen: Recommendation,
    known: Sequence[Comparison],
    spending: Ledger,
    plan: Plan,
    command: str,
    measure: Millimetres | None = None,
) -> str:
    """For a person at the terminal. command: what makes the recommended format the plan."""
    errors = _error_columns(measure)
    unit, time = _time_column(max(purchase.hours for purchase in offer.purchases))
    rows: list[tuple[str, ...]] = [
        ("points", "follows", "spread", *errors.heads, f"s an {offer.one}", unit, "")
    ]
    free = offer.unplanned
    if free is not None:
        hours = free.image_seconds * offer.images / 3600
        told = (*errors.cells(free.error), _each(free.image_seconds), time(hours))
        mark = "" if chosen.m or chosen.as_proposed else "recommended"
        rows.append(("no plan", "-", "-", *told, mark))
    elif not chosen.m and not chosen.as_proposed:
        rows.append(("no plan", "-", "-", *errors.cells(None), "-", "-", "recommended"))
    rows += [_row(offer, purchase, chosen, time, errors) for purchase in offer.purchases]
    bought = offer.at(chosen.m)
    names = [scheme.landmarks[i] for i in bought.format.landmarks] if bought.format else []
    parts = [
        f"{counted(offer.curve.affinity.shapes, 'labelled shape')}; the {unit} are for "
        f"{counted(offer.images, offer.one)}.",
        columns(rows),
        "follows: how well the landmark that follows worst does so, 1 is exactly (c-hat).",
        *([] if free is None else [free.said(offer.images, offer.one)]),
        f"Recommended: {chosen.title}",
        *(f"    {reason}" for reason in chosen.reasons),
    ]
    if bought.format:
        parts.append(f"    Points: {', '.join(names) if len(names) < len(scheme) else 'all'}.")
        parts.append(f"    Make it the plan: {command}")
    elif plan.landmarks:
        parts.append(f"    Take the plan and its budget back: {command}")
    parts.append(f"    Details: {chosen.details}")
    if known:
        table = [("format", "points", "of", "c", "best")]
        for one in known:
            inside = str(len(one.known.within))
            figures = (f"{one.c:.3f}", f"{one.c_hat:.3f}")
            table.append((one.known.title, str(one.known.m), inside, *figures))
        parts.append(columns(table))
    parts += [offer.costs.source, *(f"Note: {note}" for note in offer.notes)]
    if measure is not None:
        parts.append(f"Note: Millimetres are by a normaliser of {measure.said}.")
    parts += ["", *spending_lines(spending, plan, offer.one)]
    return "\n".join(part for part in parts if part is not None)


def as_facts(
    scheme: Scheme,
    offer: Offer,
    chosen: Recommendation,
    known: Sequence[Comparison],
    spending: Ledger,
    plan: Plan,
    seed: int,
    measure: Millimetres | None = None,
) -> dict[str, Any]:
    """Plain values, landmarks by name. measure: what errors are in millimetres, where that is
    known."""

    def names(landmarks: Sequence[int]) -> list[str]:
        return [scheme.landmarks[i] for i in landmarks]

    return {
        "scheme": scheme.name,
        "shapes": offer.curve.affinity.shapes,
        "instances": offer.images,
        "seed": seed,
        "curve": {
            "m": offer.curve.sizes,
            "c_hat": offer.curve.c_hat,
            "bound": [f.bound for f in offer.curve.formats],
            "proven": offer.curve.proven,
            "jumps": offer.curve.jumps,
            "seconds": offer.curve.seconds,
            "solver": offer.curve.formats[-1].solver,
            "spread": None if offer.spread is None else offer.spread.deviation.tolist(),
            "spread_mean": None if offer.spread is None else offer.spread.mean.tolist(),
        },
        "purchases": [
            {
                "m": p.m,
                "landmarks": names(p.format.landmarks) if p.format else [],
                "c_hat": p.format.c_hat if p.format else None,
                "mean_affinity": p.format.mean_affinity if p.format else None,
                "ties": p.format.ties if p.format else None,
                "error": p.error,
                **_in_millimetres(p.error, measure),
                "image_seconds": p.image_seconds,
                "hours": p.hours,
            }
            for p in offer.purchases
        ],
        "recommended": {
            "m": chosen.m,
            "way": _way(chosen),
            "meets_target": chosen.met,
            "reasons": list(chosen.reasons),
            "details": chosen.details,
        },
        "unplanned": None
        if offer.unplanned is None
        else {
            "clicks": offer.unplanned.clicks,
            "error": offer.unplanned.error,
            **_in_millimetres(offer.unplanned.error, measure),
            "image_seconds": offer.unplanned.image_seconds,
            "hours": offer.unplanned.image_seconds * offer.images / 3600,
            "measured_on": offer.unplanned.measured,
            "by_model": offer.unplanned.by_model,
        },
        "known_formats": [
            {
                "name": one.known.name,
                "m": one.known.m,
                "of": len(one.known.within),
                "landmarks": names(one.landmarks),
                "c": one.c,
                "best_c_hat": one.c_hat,
            }
            for one in known
        ],
        "costs": offer.costs.source,
        "notes": list(offer.notes),
        **spending_facts(scheme, spending, plan),
    }


def _way(chosen: Recommendation) -> str:
    """In a word, for scripts."""
    if chosen.m:
        return "points"
    return "as proposed" if chosen.as_proposed else "no plan"


def write_facts(path: Path, facts: dict[str, Any]) -> None:
    """Raises ActionableError where the file cannot be written."""
    try:
        write_whole(path, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise ActionableError(
            f"The figures cannot be written to {path}: {error.strerror}.",
            remedy="Give another path to --json.",
        ) from error


def _time_column(most: float) -> tuple[str, Callable[[float], str]]:
    """Its heading, and what tells hours in it: the largest, so many, with three digits."""
    unit, times = ("hours", 1) if most >= HOURS_FROM else ("minutes", 60)
    decimals = max(0, 2 - math.floor(math.log10(times * most))) if most > 0 else 0
    return unit, lambda hours: f"{times * hours:,.{decimals}f}"


def _each(seconds: float) -> str:
    """Such that so many of them are what the table has for all."""
    return f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:.0f}"


class _ErrorColumns(NamedTuple):
    """heads: of the columns. cells: what they tell of an error in percent."""

    heads: tuple[str, ...]
    cells: Callable[[float | None], tuple[str, ...]]


def _error_columns(measure: Millimetres | None) -> _ErrorColumns:
    def percent(error: float | None) -> str:
        return "-" if error is None else f"{error:.2f}"

    if measure is None:
        return _ErrorColumns(("error %",), lambda error: (percent(error),))
    return _ErrorColumns(
        ("error %", "mm"),
        lambda error: (percent(error), "-" if error is None else fine(measure.of(error))),
    )


def _in_millimetres(error: float | None, measure: Millimetres | None) -> dict[str, float]:
    return {} if error is None or measure is None else {"millimetres": exact(measure.of(error))}


def _row(
    offer: Offer,
    purchase: Purchase,
    chosen: Recommendation,
    time: Callable[[float], str],
    errors: _ErrorColumns,
) -> tuple[str, ...]:
    """time: tells hours."""
    marks = []
    c_hat = varies = "-"
    if purchase.format is not None:
        c_hat = f"{purchase.format.c_hat:.3f}"
        if purchase.m in offer.curve.jumps:
            marks.append("jump")
        if not purchase.format.proven:
            marks.append(f"not proven, at most {purchase.format.bound:.3f}")
        if offer.spread is not None:
            varies = f"±{offer.spread.deviation[offer.curve.sizes.index(purchase.m)]:.3f}"
    if purchase.m == chosen.m and (chosen.as_proposed or purchase.format is not None):
        marks.append("recommended")
    return (
        str(purchase.m),
        c_hat,
        varies,
        *errors.cells(purchase.error),
        _each(purchase.image_seconds),
        time(purchase.hours),
        ", ".join(marks),
    )
