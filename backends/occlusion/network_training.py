"""What the network learns: the coordinates of all landmarks, from one crop."""

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.coordinate_training import fit_coordinates
from landmark_annotator.backends.densities.coordinates import eye_distances, in_frame
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.occlusion.losses import objective
from landmark_annotator.backends.occlusion.network import OcclusionNetwork
from landmark_annotator.backends.occlusion.settings import Settings
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

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
    return fit_coordinates(
        partial(OcclusionNetwork, size=settings.size, design=settings.design),
        data,
        _adam,
        data.batches,
        partial(batch_loss, scheme=scheme, settings=settings),
        _points,
        held_out,
        checkpoint,
        progress,
    )


def _adam(learned: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    """The gradient of alpha |W|^2 is 2 alpha W."""
    return torch.optim.Adam(learned, weight_decay=2 * _PENALTY)


def _points(network: OcclusionNetwork, crops: Tensor) -> Tensor:
    points: Tensor = network(crops).points
    return points


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
