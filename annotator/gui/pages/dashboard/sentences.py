"""What the dashboard says in words: pure text, no Qt."""

import numpy as np

from annotator.session.reports.overview import RECENT, Overview
from projects.budgets.ledger import Interval
from projects.store import InstanceState


def progress_text(found: Overview) -> tuple[str, str]:
    """(the figure, what it is)"""
    accepted = found.counts[InstanceState.ACCEPTED]
    share = 100 * accepted / found.total if found.total else 0
    return f"{accepted:,} of {found.total:,}", f"accepted ({share:.0f} %)"


def effort_text(found: Overview) -> tuple[str, str]:
    if not found.finished:
        return "\N{EN DASH}", "clicks an image: nothing is finished by hand yet"
    last = found.finished[-RECENT:]
    clicks = float(np.mean([one.clicks for one in last]))
    seconds = float(np.mean([one.seconds for one in last]))
    return f"{clicks:.1f} clicks, {seconds:.0f} s", f"an image, mean of the last {len(last)}"


def forecast_text(found: Overview) -> tuple[str, str]:
    rest = found.ledger.forecast
    if found.ledger.remaining == 0:
        return "0 min", "left: everything is accepted"
    if rest is None:
        return "\N{EN DASH}", f"for the {found.ledger.remaining:,} left: too few are finished"
    scale, unit = (3600, "h") if rest.seconds.expected >= 2 * 3600 else (60, "min")
    return (
        f"{_of(rest.seconds, scale)} {unit}, {_of(rest.clicks, 1)} clicks",
        f"for the {rest.remaining:,} left (95 %: {_range(rest.seconds, scale)} {unit}, "
        f"{_range(rest.clicks, 1)} clicks)",
    )


def review_text(found: Overview) -> tuple[str, str]:
    said = f"passed the review; {found.sent_back:,} sent back, {found.flagged:,} flagged"
    return f"{found.passed:,} of {found.counts[InstanceState.ACCEPTED]:,}", said


def _of(interval: Interval, scale: float) -> str:
    return _counted(interval.expected / scale)


def _range(interval: Interval, scale: float) -> str:
    return f"{_counted(interval.low / scale)}\N{EN DASH}{_counted(interval.high / scale)}"


def _counted(number: float) -> str:
    """As exactly as a forecast is."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
