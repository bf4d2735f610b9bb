"""What the network learns: the densities of all landmarks, from one crop."""

import copy
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.losses import Loss, loss_named
from landmark_annotator.backends.densities.training_data import (
    TrainingData,
    held_out_curve,
    labelled_loss,
)
from landmark_annotator.backends.heatmap.network import STRIDE, HeatmapNetwork
from landmark_annotator.backends.heatmap.pretrained import start_from
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_AVERAGING = 0.998
_LARGEST_GRADIENT = 5.0
_FURTHER_RATE = 0.5
"""Of the highest step, for a network that has learned already."""


def fit(
    patches: Sequence[Patch],
    scheme: Scheme,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Progress,
    start: Path | None = None,
    held_out: Sequence[Patch] = (),
) -> tuple[HeatmapNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.

    patches: of the training instances. start: the folder of a trained model to go on from, in place
    of the settings' trunk. held_out: what its error is measured on while it learns. Raises
    Cancelled.
    """
    torch.manual_seed(settings.seed)
    network = HeatmapNetwork(len(scheme), settings.coordinates)
    start_from(str(start or settings.trunk), network, scheme)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    # A short course is over before bent crops are worth anything.
    data = TrainingData(patches, scheme, settings, STRIDE, bent=not settings.quick)
    schedule = CosineSchedule(settings.learning_rate, settings.epochs_for(len(patches)))
    watched = held_out_curve(held_out, data, schedule.epochs, progress)
    state = _loop(data, settings, schedule, "training").run(network, progress, checkpoint, watched)
    return state.average, state.seconds


def fit_further(
    network: HeatmapNetwork,
    patches: Sequence[Patch],
    scheme: Scheme,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Progress,
    title: str,
) -> tuple[HeatmapNetwork, float]:
    """As `fit`, on from a trained network, which stays as it is, in a shorter course of smaller
    steps. title: of this training."""
    data = TrainingData(patches, scheme, settings, STRIDE)
    epochs = settings.epochs_with_unlabelled(len(patches))
    schedule = CosineSchedule(settings.learning_rate * _FURTHER_RATE, epochs)
    loop = _loop(data, settings, schedule, title)
    state = loop.run(copy.deepcopy(network), progress, checkpoint)
    return state.average, state.seconds


def _loop(
    data: TrainingData, settings: Settings, schedule: CosineSchedule, title: str
) -> TrainingLoop[HeatmapNetwork]:
    return TrainingLoop[HeatmapNetwork](
        schedule=schedule,
        optimiser=adamw,
        steps=data.order.steps,
        batches=data.batches,
        loss=partial(_loss, loss=loss_named(settings.loss, settings.sigma)),
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
        shared=True,
        title=title,
    )


def _loss(network: HeatmapNetwork, batch: Batch, loss: Loss) -> Tensor:
    crops, targets = batch
    with reduced_precision(crops.device):
        densities, log_scales = network(crops)
    return labelled_loss(loss, densities, log_scales, targets)
