"""The three stages of section 5.5.4 of the thesis "Deep face analysis".

1. Trunk and sparse branch, on the sparsely labelled instances.
2. The dense branch alone, all else frozen, on the densely labelled ones. Frozen features are
   computed once for every crop.
3. All of it, on the densely labelled ones.

Each is stochastic gradient descent whose rate falls when the loss stalls, and gives a running
average.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, device_of, reduced_precision
from landmark_annotator.backends.learning.held_out_curve import HeldOutLoss
from landmark_annotator.backends.learning.schedules import PlateauSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop
from landmark_annotator.backends.weak.losses import squared_error
from landmark_annotator.backends.weak.network import UNIT, TwoBranchNetwork
from landmark_annotator.backends.weak.settings import Settings
from landmark_annotator.backends.weak.training_data import BATCH, TrainingData
from landmark_annotator.projects.vocabulary.progress import Progress

_FROZEN_CROPS = 1024
"""Crops that stage 2 sees, at least one of every instance."""
_AVERAGING = 0.99
_LARGEST_GRADIENT = 5.0


@dataclass(frozen=True, eq=False)
class Stages:
    settings: Settings
    progress: Progress

    def sparse(
        self,
        network: TwoBranchNetwork,
        data: TrainingData,
        checkpoint: Checkpoint,
        held_out: TrainingData | None = None,
    ) -> TwoBranchNetwork:
        """Stage 1, which takes nearly all the time: the others are short, and a resumed training
        makes them again. held_out: what people see its loss on meanwhile. Raises Cancelled, with a
        checkpoint of the epochs that are done."""
        chosen = self.settings
        own = network.order.argsort()[: network.sparse.out_features // 2]
        loop = self._loop(
            "sparse branch",
            PlateauSchedule(chosen.learning_rate, chosen.epochs),
            data.order.steps,
            partial(data.batches, (chosen.seed, 1)),
            partial(_loss, landmarks=own),
            learned=lambda name: not name.startswith("dense."),
        )
        watched = None
        if held_out is not None:
            batches = partial(held_out.batches, (chosen.seed, 1), 0)
            watched = HeldOutLoss(batches, loop.loss, self.progress, chosen.epochs, loop.title)
        return loop.run(network, self.progress, checkpoint, watched).average

    def dense(self, network: TwoBranchNetwork, data: TrainingData) -> TwoBranchNetwork:
        """Stage 2, on a copy of the network."""
        chosen = self.settings
        network = copy.deepcopy(network).eval()
        features, wanted = _frozen(network, data, (chosen.seed, 2))
        own = network.order.argsort()[network.sparse.out_features // 2 :]
        random = torch.Generator().manual_seed(chosen.seed)

        def batches(epoch: int) -> Iterator[Batch]:
            for rows in torch.randperm(len(features), generator=random).reshape(-1, BATCH):
                yield features[rows], wanted[rows]

        loop = self._loop(
            "dense branch",
            PlateauSchedule(chosen.learning_rate, chosen.dense_epochs),
            len(features) // BATCH,
            batches,
            partial(_branch_loss, landmarks=own),
            learned=lambda name: name.startswith("dense."),
        )
        return loop.run(network, self.progress).average

    def fine(self, network: TwoBranchNetwork, data: TrainingData) -> TwoBranchNetwork:
        """Stage 3, on a copy of the network."""
        chosen = self.settings
        loop = self._loop(
            "fine-tuning",
            PlateauSchedule(chosen.learning_rate / 10, chosen.fine_epochs),
            data.order.steps,
            partial(data.batches, (chosen.seed, 3)),
            partial(_loss, landmarks=torch.arange(len(network.order))),
        )
        return loop.run(copy.deepcopy(network), self.progress).average

    def whole(
        self,
        network: TwoBranchNetwork,
        data: TrainingData,
        after_epoch: Callable[[int, TwoBranchNetwork], None],
    ) -> None:
        """Plain coordinate regression: all landmarks at once, from the start, with no stages.
        after_epoch: called with the number of epochs so far, and the network as it is then."""
        chosen = self.settings
        loop = self._loop(
            "coordinate regression",
            PlateauSchedule(chosen.learning_rate, chosen.epochs),
            data.order.steps,
            partial(data.batches, (chosen.seed, 0)),
            partial(_loss, landmarks=torch.arange(len(network.order))),
        )
        loop.run(network, self.progress, after_epoch=after_epoch)

    def _loop(
        self,
        title: str,
        schedule: PlateauSchedule,
        steps: int,
        batches: Callable[[int], Iterator[Batch]],
        loss: Callable[[TwoBranchNetwork, Batch], Tensor],
        learned: Callable[[str], bool] = bool,
    ) -> TrainingLoop[TwoBranchNetwork]:
        return TrainingLoop(
            schedule=schedule,
            optimiser=_descent,
            steps=steps,
            batches=batches,
            loss=loss,
            averaging=_AVERAGING,
            seed=self.settings.seed,
            device=device_named(self.settings.device),
            learned=learned,
            largest_gradient=_LARGEST_GRADIENT,
            title=title,
            kept="What the sparse branch has learned is kept",
        )


def _descent(learned: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    return torch.optim.SGD(learned, momentum=0.9, nesterov=True, weight_decay=1e-4)


def _loss(network: TwoBranchNetwork, batch: Batch, landmarks: Tensor) -> Tensor:
    """Of some landmarks, on crops."""
    crops, wanted = batch
    with reduced_precision(crops.device):
        found = network(crops)
    return squared_error(found.float()[:, landmarks], wanted[:, landmarks], UNIT)


def _branch_loss(network: TwoBranchNetwork, batch: Batch, landmarks: Tensor) -> Tensor:
    """Of some landmarks, on features."""
    features, wanted = batch
    found = network.landmarks(features)
    return squared_error(found[:, landmarks], wanted[:, landmarks], UNIT)


@torch.no_grad()
def _frozen(
    network: TwoBranchNetwork, data: TrainingData, seed: tuple[int, ...]
) -> tuple[Tensor, Tensor]:
    """Features (S, F) and landmarks (S, L, 2) of crops of all instances; S fills batches."""
    features, wanted, device = [], [], device_of(network)
    for turn in range(max(round(_FROZEN_CROPS / len(data.patches)), 1)):
        for crops, points in data.batches(seed, turn):
            with reduced_precision(device):
                features.append(network.embed(crops.to(device)).float())
            wanted.append(points)
            if sum(map(len, features)) >= max(_FROZEN_CROPS, len(data.patches)):
                break
    return torch.cat(features), torch.cat(wanted)
