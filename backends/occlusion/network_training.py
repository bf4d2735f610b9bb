"""What the network learns: the coordinates of all landmarks, from one crop."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from landmark_annotator.backends.densities.augmentation import MARGIN, Patch
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.backends.learning.batches import Batch, as_batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.held_out_curve import MOST, HeldOutCurve
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop
from landmark_annotator.backends.occlusion.losses import objective
from landmark_annotator.backends.occlusion.network import OcclusionNetwork
from landmark_annotator.backends.occlusion.settings import Settings
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_AVERAGING = 0.998
_LARGEST_GRADIENT = 5.0
_PENALTY = 1e-5
"""alpha, gamma and lambda of the paper's equation 3."""


def fit(
    patches: Sequence[Patch],
    scheme: Scheme,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Progress,
    held_out: Sequence[Patch] = (),
) -> tuple[OcclusionNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.

    patches: of the training instances. held_out: what its error is measured on while it learns.
    Raises Cancelled.
    """
    data = TrainingData(patches, scheme, settings, stride=1)
    torch.manual_seed(settings.seed)
    network = OcclusionNetwork(_mean(patches), settings.size, settings.design)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    loop = TrainingLoop[OcclusionNetwork](
        schedule=CosineSchedule(settings.learning_rate, settings.epochs_for(len(patches))),
        optimiser=_adam,
        steps=data.order.steps,
        batches=data.batches,
        loss=partial(batch_loss, scheme=scheme, settings=settings),
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
        shared=True,
    )
    watched = _held_out_curve(held_out[:MOST], scheme, settings, loop.schedule.epochs, progress)
    state = loop.run(network, progress, checkpoint, watched)
    return state.average, state.seconds


def _adam(learned: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    """The gradient of alpha |W|^2 is 2 alpha W."""
    return torch.optim.Adam(learned, weight_decay=2 * _PENALTY)


def _mean(patches: Sequence[Patch]) -> Tensor:
    """(L, 2) of the drawn boxes; a landmark that nobody has labelled is in the middle."""
    shapes = np.stack([each.drawn.to_frame(each.points) for each in patches])
    known = np.isfinite(shapes)
    sums = np.where(known, shapes, 0.0).sum(axis=0)
    return torch.from_numpy(sums / np.maximum(known.sum(axis=0), 1)).float()


def batch_loss(
    network: OcclusionNetwork, batch: Batch, scheme: Scheme, settings: Settings
) -> Tensor:
    """Of a batch of `TrainingData` whose cells are single pixels."""
    crops, targets = batch
    places = in_frame(targets[..., :2], settings.size)
    return objective(
        network,
        network(crops),
        torch.cat([places, targets[..., 2:]], dim=2),
        eye_distances(places, scheme),
        settings.sparsity,
        settings.rank_penalty,
    )


def in_frame(pixels: Tensor, size: int) -> Tensor:
    """(..., 2) pixels of a crop of this size to the frame of its box."""
    return ((pixels + 0.5) / size - 0.5) * MARGIN


def eye_distances(places: Tensor, scheme: Scheme) -> Tensor:
    """(B,) what errors of shapes (B, L, 2) are divided by, as `Scheme.normaliser_length` has it;
    places: in the frame of a box, whose diagonal serves where that is unknown."""
    diagonal = places.new_full((len(places),), 2.0**0.5)
    if scheme.normaliser is None:
        return diagonal
    first, second = scheme.normaliser
    lengths = torch.linalg.vector_norm(places[:, first] - places[:, second], dim=1)
    return torch.where(lengths > 0, lengths, diagonal)


def _held_out_curve(
    patches: Sequence[Patch], scheme: Scheme, settings: Settings, epochs: int, progress: Progress
) -> HeldOutCurve[OcclusionNetwork]:
    crops = [crop(each.pixels, each.drawn, settings.size, MARGIN) for each in patches]
    return HeldOutCurve(
        as_batch(np.stack(crops)) if crops else torch.empty(0),
        [each.drawn.to_frame(each.points) for each in patches],
        lambda network, batch: network(batch).points.cpu().double().numpy(),
        scheme,
        progress,
        epochs,
    )
