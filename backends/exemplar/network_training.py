"""What the classifier learns: its classes, the box and the points, from one crop."""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor

from landmark_annotator.backends.exemplar.losses import LOSSES, Loss, position_error
from landmark_annotator.backends.exemplar.network import ExemplarNetwork
from landmark_annotator.backends.exemplar.settings import Settings
from landmark_annotator.backends.exemplar.training_data import TrainingData
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, reduced_precision, share_cores
from landmark_annotator.backends.learning.held_out_curve import HeldOutLoss
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.projects.vocabulary.progress import Progress

_BOX_WEIGHT = 20.0
_POINTS_WEIGHT = 60.0
_AVERAGING = 0.995


def fit(
    data: TrainingData,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Progress,
    held_out: TrainingData | None = None,
) -> tuple[ExemplarNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.
    held_out: what people see its loss on meanwhile. Raises Cancelled."""
    share_cores()
    torch.manual_seed(settings.seed)
    network = ExemplarNetwork(
        len(data.exemplars),
        data.aligned.shape[1],
        settings.size,
        settings.rank,
        len(data.radii),
    )
    loop = TrainingLoop[ExemplarNetwork](
        schedule=CosineSchedule(settings.learning_rate, settings.epochs),
        optimiser=adamw,
        steps=data.order.steps,
        batches=partial(data.batches, seed=settings.seed),
        loss=partial(_loss, radii=data.radii, class_loss=LOSSES[settings.loss]),
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
    )
    watched = None
    if held_out is not None and held_out.patches:
        batches = partial(held_out.batches, 0, seed=settings.seed)
        watched = HeldOutLoss(batches, loop.loss, progress, settings.epochs)
    state = loop.run(network, progress, checkpoint, watched)
    return state.average, state.seconds


def _loss(
    network: ExemplarNetwork, batch: Batch, radii: Sequence[float], class_loss: Loss
) -> Tensor:
    crops, distances, wanted_moves, wanted_points = batch
    with reduced_precision(crops.device):
        scores, moves, points = network(crops)
    loss = _BOX_WEIGHT * position_error(moves.float(), wanted_moves)
    loss = loss + _POINTS_WEIGHT * position_error(points.float(), wanted_points)
    for head, radius in zip(scores, radii, strict=True):
        loss = loss + class_loss(head.float(), distances, radius) / len(radii)
    return loss
