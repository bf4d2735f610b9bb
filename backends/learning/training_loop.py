"""The training loop, which can be interrupted and resumed at any epoch."""

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from backends.learning.checkpoints import (
    Trainee,
    discard_checkpoint,
    follow,
    restore_checkpoint,
    save_checkpoint,
)
from projects.vocabulary.arrays import Ints
from projects.vocabulary.errors import Cancelled
from projects.vocabulary.progress import Progress

_MOST_WARM_STEPS = 100

Batch = TypeVar("Batch")
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, eq=False)
class Course(Generic[Batch]):
    """order: the instances of each batch of an epoch. batch: makes one. loss: of a network on a
    batch. averaging: how much of the running mean of the network a step keeps. fingerprint: a
    checkpoint only continues the same course. fresh: does not go on from a checkpoint.
    largest_gradient: longer ones are shortened to it."""

    epochs: int
    learning_rate: float
    averaging: float
    seed: int
    fresh: bool
    fingerprint: str
    order: Callable[[int], Sequence[Ints]]
    batch: Callable[[Ints, np.random.Generator], Batch]
    loss: Callable[[nn.Module, Batch], Tensor]
    largest_gradient: float = math.inf

    def run(self, network: Network, folder: Path, progress: Progress) -> tuple[Network, float]:
        """The running average of the network over its training, and the seconds that this took.

        Raises Cancelled, with a checkpoint in the folder.
        """
        average = copy.deepcopy(network).eval()
        trainee = Trainee(
            network,
            average,
            torch.optim.AdamW(network.parameters(), self.learning_rate, weight_decay=0.02),
        )
        if self.fresh:
            discard_checkpoint(folder)
        done, seconds = restore_checkpoint(folder, trainee, self.fingerprint)
        started = time.monotonic() - seconds
        steps = len(self.order(0))
        progress.start("training", self.epochs * steps)
        progress.advance(done * steps)
        network.train()
        for epoch in range(done, self.epochs):
            # Everything random in an epoch follows from seed and epoch, so that a resumed training
            # is the uninterrupted one.
            torch.manual_seed(self.seed * 1_000_003 + epoch)
            for index, batch in enumerate(self._prepared(epoch)):
                step = epoch * steps + index
                loss = self._step(trainee, batch, step, self.epochs * steps)
                follow(average, network, min(self.averaging, (step + 1) / (step + 10)))
                progress.advance(1, f"loss {loss:.2f}")
                if progress.cancelled():
                    raise Cancelled(
                        f"Training was stopped in epoch {epoch + 1} of {self.epochs}.",
                        kept=f"The first {epoch} epochs are kept; an older model stays in use.",
                        remedy="Run the same command again to go on from there.",
                    )
            seconds = time.monotonic() - started
            save_checkpoint(folder, trainee, epoch + 1, seconds, self.fingerprint)
        return average, seconds

    def _prepared(self, epoch: int) -> Iterator[Batch]:
        """The batches of an epoch, the next one made while the last one is learned from.

        One thread makes them in order, so the generator is drawn from as it would be without it.
        """
        random = np.random.default_rng((self.seed, epoch, 1))
        with ThreadPoolExecutor(1) as maker:
            coming: Future[Batch] | None = None
            for chosen in self.order(epoch):
                following = maker.submit(self.batch, chosen, random)
                if coming is not None:
                    yield coming.result()
                coming = following
            if coming is not None:
                yield coming.result()

    def _step(self, trainee: Trainee, batch: Batch, step: int, steps: int) -> float:
        for group in trainee.optimiser.param_groups:
            group["lr"] = self.learning_rate * _schedule(step, steps)
        loss = self.loss(trainee.network, batch)
        trainee.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trainee.network.parameters(), self.largest_gradient)
        trainee.optimiser.step()
        return float(loss.detach())


def _schedule(step: int, steps: int) -> float:
    """A short warm-up, then half a cosine to zero."""
    warm = min(_MOST_WARM_STEPS, max(steps // 10, 1))
    return min(1.0, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * step / steps))
