"""What the network learns: the densities of all landmarks, from one crop."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.heatmap.augmentation import MARGIN, Patch, training_crop
from landmark_annotator.backends.heatmap.densities import means
from landmark_annotator.backends.heatmap.inference import in_frame
from landmark_annotator.backends.heatmap.losses import LOSSES
from landmark_annotator.backends.heatmap.network import STRIDE, HeatmapNetwork
from landmark_annotator.backends.heatmap.pretrained import start_from
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.batches import Batch, BatchOrder, as_batch, prefetched
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.held_out_curve import MOST, HeldOutCurve
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.shared_training import over_all
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_AVERAGING = 0.998
_LARGEST_GRADIENT = 5.0
_OUTSIDE = 2.0
"""Cells beyond the border of a density at which a landmark no longer counts as in the crop."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """patches: of the training instances."""

    patches: Sequence[Patch]
    scheme: Scheme
    settings: Settings

    @property
    def order(self) -> BatchOrder:
        return self.settings.order(len(self.patches))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch; see `_batch`."""
        seed = self.settings.seed
        order = self.order.drawn(np.random.default_rng((seed, epoch)))
        return prefetched(order, self._batch, np.random.default_rng((seed, epoch, 1)))

    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        """Crops (B, 3, S, S), and targets (B, L, 3): x and y in cells, NaN where unknown, and the
        weight of the label."""
        mirror = self.scheme.mirror if self.scheme.partners else None
        turns = self.scheme.heading is not None
        size = self.settings.size
        made = [training_crop(self.patches[i], size, mirror, turns, random) for i in chosen]
        points = np.stack([points for _, points in made])
        points[..., :2] = (points[..., :2] + 0.5) / STRIDE - 0.5
        return as_batch(np.stack([pixels for pixels, _ in made])), torch.from_numpy(points).float()


def fit(
    data: TrainingData,
    checkpoint: Checkpoint,
    progress: Progress,
    start: Path | None = None,
    held_out: Sequence[Patch] = (),
) -> tuple[HeatmapNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.

    start: the folder of a trained model to go on from, in place of the settings' trunk. held_out:
    what its error is measured on while it learns. Raises Cancelled.
    """
    settings = data.settings
    torch.manual_seed(settings.seed)
    network = HeatmapNetwork(len(data.scheme))
    start_from(str(start or settings.trunk), network, data.scheme)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    loop = TrainingLoop[HeatmapNetwork](
        schedule=CosineSchedule(settings.learning_rate, settings.epochs_for(len(data.patches))),
        optimiser=adamw,
        steps=data.order.steps,
        batches=data.batches,
        loss=partial(_loss, name=settings.loss),
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
        shared=True,
    )
    watched = _held_out_curve(held_out[:MOST], data, loop.schedule.epochs, progress)
    state = loop.run(network, progress, checkpoint, watched)
    return state.average, state.seconds


def _held_out_curve(
    patches: Sequence[Patch], data: TrainingData, epochs: int, progress: Progress
) -> HeldOutCurve[HeatmapNetwork]:
    size = data.settings.size
    crops = [crop(each.pixels, each.drawn, size, MARGIN) for each in patches]
    return HeldOutCurve(
        as_batch(np.stack(crops)) if crops else torch.empty(0),
        [each.drawn.to_frame(each.points) for each in patches],
        lambda network, batch: in_frame(means(network(batch)[0]).cpu(), size),
        data.scheme,
        progress,
        epochs,
    )


def _loss(network: HeatmapNetwork, batch: Batch, name: str) -> Tensor:
    crops, targets = batch
    with reduced_precision(crops.device):
        densities, log_scales = network(crops)
    height, width = densities.shape[2:]
    limit = torch.tensor([width - 1.0, height - 1.0], device=crops.device) + _OUTSIDE
    # Comparisons with NaN are false: what is unknown is left out with what is outside.
    places, weights = targets[..., :2], targets[..., 2]
    weights = weights * ((places > -_OUTSIDE) & (places < limit)).all(dim=2)
    losses = LOSSES[name](densities, log_scales, places.nan_to_num())
    return (losses * weights).sum() / over_all(weights.sum()).clamp_min(1)
