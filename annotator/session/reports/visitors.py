"""Who else has a project open, in words."""

from collections.abc import Sequence
from datetime import datetime

from landmark_annotator.projects.store import Visitor
from landmark_annotator.projects.vocabulary.wording import moment


def who_is_there(visitors: Sequence[Visitor], me: str, now: datetime | None = None) -> str:
    """One sentence; `visitors` are one at least. now: what today is told by, the clock's own."""
    first, *others = visitors
    who = "You have" if first.who == me else f"{first.who or 'Somebody'} has"
    where = " in another window" if first.here else f" on {first.machine or 'another machine'}"
    also = f", and {len(others)} more" if others else ""
    return f"{who} this project open{where} since {moment(first.since, now)}{also}."
