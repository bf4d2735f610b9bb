"""Working time: what people spent on the work, without the pauses that their clocks ran through.

The journal keeps the time from one action to the next. Whoever answers the telephone in between
has not worked on that image, so an action counts for no longer than a fence that the person's own
rhythm sets. What the journal holds stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from landmark_annotator.projects.store import ActionKind, Plan, Project, Spend
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import duration

_FENCE = 5.0
"""Upper quartiles. The quartile moves little while fewer than a quarter of the actions are pauses,
and of lognormal times with a spread of one e-fold one in a hundred is longer than five of them."""
_SHORTEST = 10.0
"""Seconds that are no pause, however fast somebody is."""
_ENOUGH = 10
"""Timed actions from which on a rhythm is known; with fewer, all of the time counts."""
_CLICKS = (ActionKind.CLICK, ActionKind.CONFIRM)
_ANY = ""


class TimedAction(Protocol):
    """A journal's entry, or as much of it as is needed here. duration: seconds, None: unknown."""

    @property
    def who(self) -> str: ...

    @property
    def kind(self) -> ActionKind: ...

    @property
    def duration(self) -> float | None: ...


@dataclass(frozen=True)
class Pauses:
    """What does not count: of so many actions so many seconds."""

    actions: int
    seconds: float

    def said(self) -> str:
        """One sentence; "" where nothing was left out."""
        if not self.actions:
            return ""
        held = "1 action" if self.actions == 1 else f"{self.actions:,} actions"
        return (
            f"Pauses do not count: {duration(self.seconds)} in {held} that took more than "
            f"{_FENCE:g} times as long as most of that person's do."
        )


class WorkingTime:
    """Of what is added, of one journal.

    A person's rhythm is that of the same kind of action, with few of those of all that the person
    did, with few of those too of what everybody did.
    """

    def __init__(self, actions: Iterable[TimedAction] = ()) -> None:
        self._took: dict[tuple[str, str], list[Floats]] = defaultdict(list)
        self._fences: dict[tuple[str, str], float] = {}
        self.add(actions)

    def add(self, actions: Iterable[TimedAction]) -> None:
        took: dict[tuple[str, ActionKind], list[float]] = defaultdict(list)
        for action in actions:
            if action.duration is not None:
                took[action.who, action.kind].append(action.duration)
        for (who, kind), seconds in took.items():
            self.add_durations(who, kind, np.array(seconds))

    def add_durations(self, who: str, kind: ActionKind, seconds: Floats) -> None:
        """seconds: (N,) of that many actions."""
        if len(seconds):
            self._took[who, _sort(kind)].append(seconds)
            self._fences = {}

    def seconds(self, action: TimedAction) -> float:
        """What the action counts for; 0 where its time is not known."""
        if action.duration is None:
            return 0.0
        return min(action.duration, self.fence(action.who, action.kind))

    def fence(self, who: str, kind: ActionKind) -> float:
        """Seconds that an action counts for at most."""
        return self._fence(who, _sort(kind))

    def of(self, who: str, kind: ActionKind, seconds: Floats) -> Floats:
        """(N,) what actions of one kind by one person count for."""
        return np.minimum(seconds, self.fence(who, kind))

    def total(self) -> float:
        """Seconds of all that was added."""
        return sum(float(np.minimum(self._all(of), self._fence(*of)).sum()) for of in self._took)

    def pauses(self) -> Pauses:
        actions, seconds = 0, 0.0
        for of in self._took:
            beyond = self._all(of) - self._fence(*of)
            actions += int((beyond > 0).sum())
            seconds += float(beyond[beyond > 0].sum())
        return Pauses(actions, seconds)

    def _fence(self, who: str, sort: str) -> float:
        if (who, sort) not in self._fences:
            self._fences[who, sort] = self._measured(who, sort)
        return self._fences[who, sort]

    def _measured(self, who: str, sort: str) -> float:
        for one, kind in ((who, sort), (who, _ANY), (_ANY, sort), (_ANY, _ANY)):
            of = [
                (somebody, some)
                for somebody, some in self._took
                if one in (somebody, _ANY) and kind in (some, _ANY)
            ]
            took = np.concatenate([np.zeros(0), *map(self._all, of)])
            if len(took) >= _ENOUGH:
                return max(_FENCE * float(np.quantile(took, 0.75)), _SHORTEST)
        return float("inf")

    def _all(self, of: tuple[str, str]) -> Floats:
        """(N,) of this person and sort, in one piece from now on."""
        self._took[of] = [np.concatenate(self._took[of])]
        return self._took[of][0]


class ProjectTime:
    """What a project has cost so far, read once and from then on only what is new."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._time = WorkingTime()
        self._clicks = self._last = 0
        self._recorded = 0.0

    @property
    def begun(self) -> bool:
        """Whether anything was read yet."""
        return self._last > 0

    @property
    def time(self) -> WorkingTime:
        """Up to this moment."""
        self.read()
        return self._time

    def read(self) -> None:
        """What is new."""
        for one in self._project.timed_actions(after=self._last):
            self._time.add_durations(one.who, one.kind, one.durations)
            self._clicks += one.actions * (one.kind in _CLICKS)
            self._recorded += float(one.durations.sum())
            self._last = max(self._last, one.last)

    def spent(self, plan: Plan) -> Spend:
        """Undone actions count, pauses do not: they are looked for where the plan limits time."""
        time = self.time
        return Spend(self._clicks, self._recorded if plan.seconds is None else time.total())

    def take_over(self, other: "ProjectTime") -> None:
        """What has been read of the same project by another, so that it is not read here."""
        if other._last > self._last:
            self._time, self._last = other._time, other._last
            self._clicks, self._recorded = other._clicks, other._recorded


def _sort(kind: ActionKind) -> str:
    return "click" if kind in _CLICKS else kind.value
