"""The three stages of section 5.5.4 of the thesis "Deep face analysis".

1. Trunk and sparse branch, on the sparsely labelled instances.
2. The dense branch alone, all else frozen, on the densely labelled ones. Frozen features are
   computed once for every crop.
3. All of it, on the densely labelled ones.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backends.weak.checkpoints import Checkpoints
from backends.weak.network import UNIT, TwoBranchNetwork
from backends.weak.plateau_schedule import Learner, Pace, squared_error
from backends.weak.settings import Settings
from backends.weak.training_data import BATCH, Lesson
from projects.vocabulary.errors import Cancelled
from projects.vocabulary.progress import Progress

_FROZEN_CROPS = 1024
"""Crops that stage 2 sees, at least one of every instance."""


@dataclass(frozen=True, eq=False)
class Stages:
    settings: Settings
    progress: Progress

    def sparse(
        self, network: TwoBranchNetwork, lesson: Lesson, checkpoints: Checkpoints
    ) -> TwoBranchNetwork:
        """Stage 1. Raises Cancelled, with a checkpoint of the epochs that are done."""
        chosen = self.settings
        kept = [p for n, p in network.named_parameters() if not n.startswith("dense.")]
        learner = Learner.of(network, kept, chosen.learning_rate)
        pace = Pace(chosen.learning_rate, chosen.epochs)
        checkpoints.restore(learner, pace)
        own = network.order.argsort()[: network.sparse.out_features // 2]
        self._learn(learner, pace, lesson, own, "sparse branch", 1, checkpoints)
        return _average(learner)

    def dense(self, network: TwoBranchNetwork, lesson: Lesson) -> TwoBranchNetwork:
        """Stage 2, on a copy of the network."""
        chosen = self.settings
        network = copy.deepcopy(network).eval()
        features, wanted = _frozen(network, lesson, chosen.seed)
        learner = Learner.of(network, network.dense.parameters(), chosen.learning_rate)
        pace = Pace(chosen.learning_rate, chosen.dense_epochs)
        own = network.order.argsort()[network.sparse.out_features // 2 :]
        self.progress.start("dense branch", chosen.dense_epochs)
        random = torch.Generator().manual_seed(chosen.seed)
        while not pace.done:
            learner.set_rate(pace.rates()[-1])
            losses = []
            order = torch.randperm(len(features), generator=random)
            for rows in order.reshape(-1, BATCH):
                found = network.landmarks(features[rows])[:, own]
                losses.append(learner.step(squared_error(found, wanted[rows][:, own], UNIT)))
            pace.losses.append(float(np.mean(losses)))
            self._advanced(1, pace)
        return _average(learner)

    def fine(self, network: TwoBranchNetwork, lesson: Lesson) -> TwoBranchNetwork:
        """Stage 3, on a copy of the network."""
        chosen = self.settings
        network = copy.deepcopy(network)
        rate = chosen.learning_rate / 10
        learner = Learner.of(network, network.parameters(), rate)
        every = torch.arange(len(network.order))
        self._learn(learner, Pace(rate, chosen.fine_epochs), lesson, every, "fine-tuning", 3)
        return _average(learner)

    def whole(
        self, network: TwoBranchNetwork, lesson: Lesson, look: Callable[[int, Learner], None]
    ) -> None:
        """Plain coordinate regression: all landmarks at once, from the start, with no stages. look:
        what to do with the learner after every epoch, counted from one."""
        chosen = self.settings
        learner = Learner.of(network, network.parameters(), chosen.learning_rate)
        pace = Pace(chosen.learning_rate, chosen.epochs)
        every = torch.arange(len(network.order))
        self._learn(learner, pace, lesson, every, "coordinate regression", 0, look=look)

    def _learn(
        self,
        learner: Learner,
        pace: Pace,
        lesson: Lesson,
        landmarks: Tensor,
        title: str,
        stage: int,
        checkpoints: Checkpoints | None = None,
        look: Callable[[int, Learner], None] | None = None,
    ) -> None:
        """The loss is that of some landmarks. Everything random follows from seed, stage and
        epoch, so that a resumed training is the uninterrupted one."""
        self.progress.start(title, pace.epochs)
        self.progress.advance(len(pace.losses))
        learner.network.train()
        while not pace.done:
            learner.set_rate(pace.rates()[-1])
            losses = []
            for crops, wanted in lesson.batches((self.settings.seed, stage, len(pace.losses))):
                with torch.autocast("cpu", torch.bfloat16):
                    found = learner.network(crops)
                loss = squared_error(found.float()[:, landmarks], wanted[:, landmarks], UNIT)
                losses.append(learner.step(loss))
                if self.progress.cancelled():
                    self._stop(pace)
            pace.losses.append(float(np.mean(losses)))
            if checkpoints is not None:
                checkpoints.save(learner, pace)
            if look is not None:
                look(len(pace.losses), learner)
            self._advanced(1, pace)

    def _advanced(self, steps: int, pace: Pace) -> None:
        self.progress.advance(steps, f"loss {pace.losses[-1]:.3f}")
        if self.progress.cancelled():
            self._stop(pace)

    def _stop(self, pace: Pace) -> None:
        raise Cancelled(
            f"Training was stopped in epoch {len(pace.losses) + 1} of {pace.epochs} of a stage.",
            kept="What the sparse branch has learned is kept; an older model stays in use.",
            remedy="Run the same command again to go on from there.",
        )


def _average(learner: Learner) -> TwoBranchNetwork:
    network = learner.average
    assert isinstance(network, TwoBranchNetwork)
    return network.eval()


@torch.no_grad()
def _frozen(network: TwoBranchNetwork, lesson: Lesson, seed: int) -> tuple[Tensor, Tensor]:
    """Features (S, F) and landmarks (S, L, 2) of crops of all instances; S fills batches."""
    features, wanted = [], []
    for turn in range(max(round(_FROZEN_CROPS / len(lesson.patches)), 1)):
        for crops, points in lesson.batches((seed, 2, turn)):
            with torch.autocast("cpu", torch.bfloat16):
                features.append(network.embed(crops).float())
            wanted.append(points)
            if sum(map(len, features)) >= max(_FROZEN_CROPS, len(lesson.patches)):
                break
    return torch.cat(features), torch.cat(wanted)
