"""How the network learns, from labels and against an adversary.

Equations 4 to 7: the discriminator learns to tell true densities on labelled images from the
network's on images without labels, and the network to make them alike. Both take a step at once,
each by its own loss, with one optimiser; Adam scales every weight's step by itself, so that it
matters to neither how large the other's loss is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.training_data import held_out_curve, labelled_loss
from landmark_annotator.backends.laplace.discriminator import (
    Discriminator,
    taken_for,
    true_densities,
)
from landmark_annotator.backends.laplace.losses import LOSSES
from landmark_annotator.backends.laplace.network import LaplaceNetwork
from landmark_annotator.backends.laplace.settings import Settings
from landmark_annotator.backends.laplace.training_data import LaplaceData
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.schedules import ConstantSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop
from landmark_annotator.projects.vocabulary.progress import Progress

_WEIGHT_DECAY = 1e-5


class Opponents(nn.Module):
    """The network, and the discriminator where it has one."""

    def __init__(self, network: LaplaceNetwork, discriminator: Discriminator | None) -> None:
        super().__init__()
        self.network = network
        self.discriminator = discriminator


@dataclass(frozen=True)
class Objective:
    """What a step of both learns by."""

    settings: Settings

    def __call__(self, opponents: Opponents, batch: Batch) -> Tensor:
        crops, targets = batch[:2]
        with reduced_precision(crops.device):
            densities, log_scales = opponents.network(crops)
        loss = labelled_loss(self._of_labels, densities, log_scales, targets)
        discriminator = opponents.discriminator
        if discriminator is None or len(batch) < 3:
            return loss
        others = batch[2]
        with reduced_precision(others.device):
            guessed = opponents.network(others)[0]
        fooled = taken_for(discriminator.frozen(others, guessed), True).mean()
        told = self.told_apart(discriminator, crops, targets, others, guessed.detach())
        return loss + self.settings.adversarial * fooled + told

    def told_apart(
        self,
        discriminator: Discriminator,
        crops: Tensor,
        targets: Tensor,
        others: Tensor,
        guessed: Tensor,
    ) -> Tensor:
        """The discriminator's own loss. Instances that lack a landmark show no true densities."""
        size = crops.shape[2]
        places = targets[..., :2]
        whole = ((places > -0.5) & (places < size - 0.5)).flatten(1).all(dim=1)
        truth = true_densities(places.nan_to_num(), size, self.settings.prior_scale)
        believed = taken_for(discriminator(crops, truth), True) * whole
        doubted = taken_for(discriminator(others, guessed), False).mean()
        return believed.sum() / whole.sum().clamp_min(1) + doubted

    def _of_labels(self, densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
        return LOSSES[self.settings.loss](densities, targets, self.settings.prior_scale)


def adam(learned: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    return torch.optim.Adam(learned, weight_decay=_WEIGHT_DECAY)


def fit(
    data: LaplaceData,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Progress,
    held_out: Sequence[Patch] = (),
) -> tuple[LaplaceNetwork, float]:
    """The network as its last step left it, and the seconds that this took. held_out: what its
    error is measured on while it learns. Raises Cancelled."""
    torch.manual_seed(settings.seed)
    network = LaplaceNetwork(len(data.scheme), settings.channels, settings.dropout)
    discriminator = None
    if len(data.unlabelled):
        discriminator = Discriminator(len(data.scheme), settings.channels, settings.prior_scale)
    opponents = Opponents(network, discriminator)
    opponents.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    epochs = settings.epochs_for(len(data.patches))
    loop = TrainingLoop[Opponents](
        schedule=ConstantSchedule(settings.learning_rate, epochs),
        optimiser=adam,
        steps=data.order.steps,
        batches=data.batches,
        loss=Objective(settings),
        averaging=0.0,
        seed=settings.seed,
        device=device_named(settings.device),
    )
    watched = held_out_curve(held_out, data, epochs, progress)
    state = loop.run(
        opponents, progress, checkpoint, lambda epoch, mean: watched(epoch, mean.network)
    )
    return state.average.network, state.seconds
