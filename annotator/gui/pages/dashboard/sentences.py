"""What the dashboard says in words: pure text, no Qt."""

from collections.abc import Callable

import numpy as np

from landmark_annotator.annotator.session.reports.overview import RECENT, Overview
from landmark_annotator.projects.budgets.forecast import Interval
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary.wording import count, counted, duration, percent


def progress_text(found: Overview) -> tuple[str, str]:
    """(the figure, what it is)"""
    if not found.total:
        return "\N{EN DASH}", "accepted: no image counts"
    accepted = found.counts[InstanceState.ACCEPTED]
    said = f"accepted ({percent(accepted, found.total)} %)"
    if found.objects < accepted:
        # As many labels as people: three of each object would look like three times the objects.
        said += f": labels of {counted(found.objects, 'object')}, several people's of some"
    return f"{accepted:,} of {found.total:,}", said


def effort_text(found: Overview) -> tuple[str, str]:
    if not found.finished:
        return "\N{EN DASH}", f"clicks an {found.one}: nothing is finished by hand yet"
    last = found.finished[-RECENT:]
    clicks = float(np.mean([one.clicks for one in last]))
    seconds = float(np.mean([one.seconds for one in last]))
    said = f"an {found.one}" + ("" if len(last) == 1 else f", mean of the last {len(last)}")
    pauses = found.ledger.pauses
    if pauses.actions:
        said += f"; {duration(pauses.seconds)} of pauses left out"
    return f"{clicks:.1f} clicks, {duration(seconds)}", said


def forecast_text(found: Overview) -> tuple[str, str]:
    rest = found.ledger.rest
    left = f"for the {found.ledger.remaining:,} left{found.ledger.to_come_said}"
    if not found.total:
        return "\N{EN DASH}", "nothing is there to be labelled"
    if found.ledger.remaining == 0:
        return "0 min", "left: everything is accepted"
    if rest is None:
        return "\N{EN DASH}", f"{left}: {found.ledger.no_forecast}"
    clicks = count(rest.clicks.expected)
    certain = f"{_range(rest.seconds, duration)}, {_range(rest.clicks, count)} clicks"
    return (
        f"{duration(rest.seconds.expected)}, {clicks} {'click' if clicks == '1' else 'clicks'}",
        f"{left} ({rest.certainty}: {certain})",
    )


def review_text(found: Overview) -> tuple[str, str]:
    said = f"passed the review; {found.sent_back:,} sent back, {found.flagged:,} flagged"
    accepted = found.counts[InstanceState.ACCEPTED]
    return f"{found.passed:,} of {accepted:,}" if accepted else "\N{EN DASH}", said


def calibration_text(found: Overview) -> str:
    """Empty where proposals are as their models make them."""
    lines = (line[:1].upper() + line[1:] for line in found.calibration)
    return "".join(f"Proposals follow the labels. {line}.\n" for line in lines).strip()


def _range(interval: Interval, words: Callable[[float], str]) -> str:
    low, high = words(interval.low), words(interval.high)
    return low if low == high else f"{low} to {high}"
