"""What the network learns: the coordinates of all landmarks, from one crop, stage by stage."""

from collections.abc import Iterator, Sequence
from functools import partial

import torch
from torch import Tensor

from landmark_annotator.backends.cropnet.losses import objective
from landmark_annotator.backends.cropnet.network import CoarseToFineNetwork
from landmark_annotator.backends.cropnet.settings import Settings
from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.coordinate_training import fit_coordinates
from landmark_annotator.backends.densities.coordinates import eye_distances, in_frame
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import reduced_precision
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_SMOOTHED = 0.8
"""Share of the epochs in which patches are smoothed before they are compared: the thesis leaves
that out "once the loss stops going down"."""


def fit(
    patches: Sequence[Patch],
    scheme: Scheme,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: Progress,
    held_out: Sequence[Patch] = (),
) -> tuple[CoarseToFineNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.

    patches: of the training instances. held_out: what its error is measured on while it learns.
    Raises Cancelled.
    """
    data = TrainingData(patches, scheme, settings, stride=1)
    return fit_coordinates(
        partial(CoarseToFineNetwork, design=settings.design),
        data,
        torch.optim.Adam,
        partial(batches, data, epochs=settings.epochs_for(len(patches))),
        partial(batch_loss, scheme=scheme, settings=settings),
        _points,
        held_out,
        checkpoint,
        progress,
    )


def batches(data: TrainingData, epoch: int, epochs: int) -> Iterator[Batch]:
    """Those of an epoch, and whether patches are smoothed in it (B,): 1 or 0."""
    smooth = float(epoch < _SMOOTHED * epochs)
    for crops, targets in data.batches(epoch):
        yield crops, targets, torch.full((len(crops),), smooth)


def batch_loss(
    network: CoarseToFineNetwork, batch: Batch, scheme: Scheme, settings: Settings
) -> Tensor:
    crops, targets, smooth = batch
    places = in_frame(targets[..., :2], settings.size)
    with reduced_precision(crops.device):
        seen = network(crops)
    lengths = eye_distances(places, scheme)
    known = torch.cat([places, targets[..., 2:]], dim=2)
    return objective(seen, settings.by_stage, known, lengths, settings.size, smooth)


def _points(network: CoarseToFineNetwork, crops: Tensor) -> Tensor:
    points: Tensor = network(crops).points[-1]
    return points
