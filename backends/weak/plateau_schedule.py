"""Stochastic gradient descent whose rate falls when the loss stalls, and a running average.

As in section 5.5.4 of the thesis: a lower rate once the loss has not gone down for 200 of 1,500
epochs. Stages here are shorter, so the rate falls in smaller steps, and at the latest after a
half, two thirds and five sixths of a stage: at the first rate the noise of the steps hides what
was learned.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from backends.learning.checkpoints import follow

_PATIENCE = 200 / 1500
"""Share of a stage's epochs."""
_DECAY = 0.25
_PROGRESS = 0.99
"""A loss that is not at least so much smaller than the best one has not gone down."""
_LATEST = (1 / 2, 2 / 3, 5 / 6)
"""Shares of the epochs, one for each fall of the rate; a stall after the last one ends a stage."""
_AVERAGING = 0.99


@dataclass(eq=False)
class Pace:
    """Of one stage. rate: at its start; losses: the mean of each epoch so far."""

    rate: float
    epochs: int
    losses: list[float] = field(default_factory=list)

    def rates(self) -> list[float]:
        """Of every epoch so far and the next one; shorter than that where the stage has ended."""
        rates, best, since, falls = [self.rate], float("inf"), 0, 0
        patience = max(round(_PATIENCE * self.epochs), 2)
        for epoch, loss in enumerate(self.losses, start=1):
            since = 0 if loss < _PROGRESS * best else since + 1
            best = min(best, loss)
            last = falls == len(_LATEST)
            late = not last and epoch >= round(_LATEST[falls] * self.epochs)
            if since >= patience and last:
                break
            if since >= patience or late:
                since, best, falls = 0, float("inf"), falls + 1
            rates.append(self.rate * _DECAY**falls)
        return rates

    @property
    def done(self) -> bool:
        return len(self.losses) >= self.epochs or len(self.rates()) <= len(self.losses)


@dataclass(eq=False)
class Learner:
    """A network in one stage. average: its running mean, which is what the stage gives."""

    network: nn.Module
    average: nn.Module
    optimiser: torch.optim.SGD
    steps: int = 0

    @classmethod
    def of(cls, network: nn.Module, learned: Iterable[nn.Parameter], rate: float) -> "Learner":
        average = copy.deepcopy(network).eval()
        return cls(
            network,
            average,
            torch.optim.SGD(learned, rate, momentum=0.9, nesterov=True, weight_decay=1e-4),
        )

    def set_rate(self, rate: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def step(self, loss: Tensor) -> float:
        """One step down the loss; returns it."""
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        learned = self.optimiser.param_groups[0]["params"]
        torch.nn.utils.clip_grad_norm_(learned, 5.0)
        self.optimiser.step()
        self.steps += 1
        follow(self.average, self.network, min(_AVERAGING, self.steps / (self.steps + 9)))
        return float(loss.detach())


def squared_error(found: Tensor, wanted: Tensor, unit: float) -> Tensor:
    """The L2 loss: squared distances (B, l, 2) in units, summed over the landmarks of an instance.

    Unknown ones are left out. A sum, so that what a landmark teaches its own weights does not
    depend on how many others there are.
    """
    squares = ((found - wanted.nan_to_num()) / unit) ** 2 * torch.isfinite(wanted)
    return squares.sum() / len(found)
