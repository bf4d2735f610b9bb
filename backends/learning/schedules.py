"""The learning rate of every step of a training."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_MOST_WARM_STEPS = 100
_PATIENCE = 200 / 1500
"""Share of the epochs."""
_DECAY = 0.25
_PROGRESS = 0.99
"""A loss that is not at least so much smaller than the best one has not gone down."""
_LATEST = (1 / 2, 2 / 3, 5 / 6)
"""Shares of the epochs, one for each fall of the rate; a stall after the last one ends it."""


class Schedule(Protocol):
    @property
    def epochs(self) -> int:
        """At most."""
        ...

    def rate(self, losses: Sequence[float], step: int, steps: int) -> float | None:
        """Of a step of `steps` in the epoch that follows those with these mean losses; None where
        the training has settled and ends."""
        ...


@dataclass(frozen=True)
class CosineSchedule:
    """A short warm-up to the highest rate, then half a cosine to zero."""

    highest: float
    epochs: int

    def rate(self, losses: Sequence[float], step: int, steps: int) -> float:
        done, all_steps = len(losses) * steps + step, self.epochs * steps
        warm = min(_MOST_WARM_STEPS, max(all_steps // 10, 1))
        share = min(1.0, (done + 1) / warm) * 0.5 * (1 + math.cos(math.pi * done / all_steps))
        return self.highest * share


@dataclass(frozen=True)
class ConstantSchedule:
    """One rate for every step."""

    highest: float
    epochs: int

    def rate(self, losses: Sequence[float], step: int, steps: int) -> float:
        return self.highest


@dataclass(frozen=True)
class PlateauSchedule:
    """A rate that falls when the loss stalls.

    As in section 5.5.4 of the thesis "Deep face analysis": a lower rate once the loss has not gone
    down for 200 of 1,500 epochs. Trainings here are shorter, so the rate falls in smaller steps,
    and at the latest after a half, two thirds and five sixths of the epochs: at the first rate the
    noise of the steps hides what was learned.
    """

    highest: float
    epochs: int

    def rate(self, losses: Sequence[float], step: int, steps: int) -> float | None:
        rates = self.rates(losses)
        return rates[-1] if len(rates) > len(losses) else None

    def rates(self, losses: Sequence[float]) -> list[float]:
        """Of every epoch so far and the next one; shorter than that where it has settled."""
        rates, best, since, falls = [self.highest], float("inf"), 0, 0
        patience = max(round(_PATIENCE * self.epochs), 2)
        for epoch, loss in enumerate(losses, start=1):
            since = 0 if loss < _PROGRESS * best else since + 1
            best = min(best, loss)
            last = falls == len(_LATEST)
            late = not last and epoch >= round(_LATEST[falls] * self.epochs)
            if since >= patience and last:
                break
            if since >= patience or late:
                since, best, falls = 0, float("inf"), falls + 1
            rates.append(self.highest * _DECAY**falls)
        return rates
