"""The training loop, which can be interrupted and resumed at any epoch."""

import copy
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np
import torch
from torch import Tensor, nn

from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import GO_ON, Checkpoint
from landmark_annotator.backends.learning.schedules import Schedule
from landmark_annotator.backends.learning.shared_norm import share_norms
from landmark_annotator.backends.learning.shared_training import (
    add_gradients,
    agree,
    is_first,
    over_all,
    own_part,
    processes,
)
from landmark_annotator.backends.learning.training_state import Network, TrainingState
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled
from landmark_annotator.projects.vocabulary.progress import Progress, tell_measured
from landmark_annotator.projects.vocabulary.wording import counted

Optimiser = Callable[[Sequence[nn.Parameter]], torch.optim.Optimizer]


def adamw(learned: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    return torch.optim.AdamW(learned, weight_decay=0.02)


@dataclass(frozen=True, eq=False)
class TrainingLoop(Generic[Network]):
    """steps: batches in an epoch. batches: of an epoch, counted from nought. loss: of the network
    on a batch. averaging: how much of the running mean of the network a step keeps. learned:
    whether the parameter of this name is trained. largest_gradient: longer ones are shortened to
    it. title: what the training is called; kept: what is left of it where it is stopped, by
    default its epochs so far. device: where it runs. shared: whether several processes
    may each learn from a part of every batch: then the loss is what the part adds to the loss of
    the whole batch, see `over_all`.
    """

    schedule: Schedule
    optimiser: Optimiser
    steps: int
    batches: Callable[[int], Iterable[Batch]]
    loss: Callable[[Network, Batch], Tensor]
    averaging: float
    seed: int
    device: torch.device
    learned: Callable[[str], bool] = bool
    largest_gradient: float = math.inf
    title: str = "training"
    kept: str = ""
    shared: bool = False

    def run(
        self,
        network: Network,
        progress: Progress,
        checkpoint: Checkpoint | None = None,
        after_epoch: Callable[[int, Network], None] | None = None,
    ) -> TrainingState[Network]:
        """Trains the network itself, on from the checkpoint; the result is the state's average.

        after_epoch: called with the number of epochs so far and the average. Raises Cancelled,
        with a checkpoint of the epochs that are done.
        """
        state = self._begun(network.to(self.device))
        if checkpoint is not None:
            checkpoint.restore(state)
        if processes() > 1:
            self._share(state)
        started = time.monotonic() - state.seconds
        progress.start(self.title, self.schedule.epochs * self.steps)
        progress.advance(len(state.losses) * self.steps)
        for epoch, loss in enumerate(state.losses, start=1):
            tell_measured(progress, self._curve, epoch, loss)
        network.train()
        while not self._done(state):
            # Everything random in an epoch follows from seed and epoch, so that a resumed training
            # is the uninterrupted one.
            torch.manual_seed(self.seed * 1_000_003 + len(state.losses))
            state.losses.append(self._epoch(state, progress))
            tell_measured(progress, self._curve, len(state.losses), state.losses[-1])
            state.seconds = time.monotonic() - started
            if checkpoint is not None and is_first():
                checkpoint.save(state)
            if after_epoch is not None and is_first():
                after_epoch(len(state.losses), state.average)
        agree(state)
        return state

    def _share(self, state: TrainingState[Network]) -> None:
        if not self.shared:
            raise ActionableError(
                "This kind of model is trained by one process.",
                kept="Nothing was trained.",
                remedy="Leave --processes out.",
            )
        share_norms(state.network)
        agree(state)

    @property
    def _curve(self) -> str:
        return "loss" if self.title == "training" else f"loss of the {self.title}"

    def _begun(self, network: Network) -> TrainingState[Network]:
        learned = [value for name, value in network.named_parameters() if self.learned(name)]
        return TrainingState(network, copy.deepcopy(network).eval(), self.optimiser(learned))

    def _done(self, state: TrainingState[Network]) -> bool:
        losses = state.losses
        if len(losses) >= self.schedule.epochs:
            return True
        return self.schedule.rate(losses, 0, self.steps) is None

    def _epoch(self, state: TrainingState[Network], progress: Progress) -> float:
        """The mean loss."""
        losses, epoch = [], len(state.losses)
        for index, batch in enumerate(self.batches(epoch)):
            losses.append(self._step(state, batch, index))
            done = epoch * self.steps + index
            state.follow(min(self.averaging, (done + 1) / (done + 10)))
            progress.advance(1, f"loss {losses[-1]:.2f}")
            if progress.cancelled():
                raise self._stopped(epoch)
        return float(np.mean(losses))

    def _step(self, state: TrainingState[Network], batch: Batch, index: int) -> float:
        rate = self.schedule.rate(state.losses, index, self.steps)
        for group in state.optimiser.param_groups:
            group["lr"] = rate
        part = tuple(tensor.to(self.device) for tensor in own_part(batch))
        loss = self.loss(state.network, part)
        state.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for group in state.optimiser.param_groups:
            add_gradients(group["params"])
            torch.nn.utils.clip_grad_norm_(group["params"], self.largest_gradient)
        state.optimiser.step()
        return float(over_all(loss))

    def _stopped(self, epoch: int) -> Cancelled:
        of_what = "" if self.title == "training" else f" of the {self.title}"
        finished = "No epoch is" if epoch == 0 else f"What {counted(epoch, 'epoch')} taught is"
        kept = self.kept or f"{finished} kept"
        anew = epoch == 0 and not self.kept
        return Cancelled(
            f"Training was stopped in epoch {epoch + 1} of {self.schedule.epochs}{of_what}.",
            kept=f"{kept}.",
            remedy="Run the same command again: it begins anew." if anew else GO_ON,
        )
