"""What the network learns: the densities of all landmarks, from one crop."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from backends.heatmap.augmentation import Patch, training_crop
from backends.heatmap.losses import LOSSES
from backends.heatmap.network import STRIDE, HeatmapNetwork
from backends.heatmap.pretrained import start_from
from backends.heatmap.settings import BATCH, Settings
from backends.learning.batches import as_batch
from backends.learning.checkpoints import fingerprint_of
from backends.learning.training_loop import Course
from projects.vocabulary.arrays import Ints
from projects.vocabulary.progress import Progress
from projects.vocabulary.scheme import Scheme

_AVERAGING = 0.998
_LARGEST_GRADIENT = 5.0
_OUTSIDE = 2.0
"""Cells beyond the border of a density at which a landmark no longer counts as in the crop."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """patches: of the training instances; keys: their names, in the same order."""

    patches: Sequence[Patch]
    keys: list[str]
    scheme: Scheme
    settings: Settings

    def order(self, epoch: int) -> list[Ints]:
        """The instances of each batch of an epoch."""
        count = len(self.patches)
        random = np.random.default_rng((self.settings.seed, epoch))
        crops = self.settings.crops_an_epoch(count)
        order = np.concatenate([random.permutation(count) for _ in range(-(-crops // count))])
        return list(order[:crops].reshape(-1, BATCH))

    def batch(self, chosen: Ints, random: np.random.Generator) -> tuple[Tensor, Tensor]:
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
    lesson: Lesson, folder: Path, progress: Progress, start: Path | None = None
) -> tuple[HeatmapNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.

    start: the folder of a trained model to go on from, in place of the settings' trunk.
    """
    settings = lesson.settings
    torch.manual_seed(settings.seed)
    network = HeatmapNetwork(len(lesson.scheme))
    start_from(str(start or settings.trunk), network, lesson.scheme)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    course = Course[tuple[Tensor, Tensor]](
        epochs=settings.epochs_for(len(lesson.patches)),
        learning_rate=settings.learning_rate,
        averaging=_AVERAGING,
        seed=settings.seed,
        fresh=settings.fresh,
        fingerprint=fingerprint_of(asdict(settings) | {"fresh": False}, lesson.keys),
        order=lesson.order,
        batch=lesson.batch,
        loss=partial(_loss, name=settings.loss),
        largest_gradient=_LARGEST_GRADIENT,
    )
    return course.run(network, folder, progress)


def _loss(network: nn.Module, batch: tuple[Tensor, Tensor], name: str) -> Tensor:
    crops, targets = batch
    with torch.autocast("cpu", torch.bfloat16):
        densities, log_scales = network(crops)
    height, width = densities.shape[2:]
    limit = torch.tensor([width - 1.0, height - 1.0]) + _OUTSIDE
    # Comparisons with NaN are false: what is unknown is left out with what is outside.
    places, weights = targets[..., :2], targets[..., 2]
    weights = weights * ((places > -_OUTSIDE) & (places < limit)).all(dim=2)
    losses = LOSSES[name](densities, log_scales, places.nan_to_num())
    return (losses * weights).sum() / weights.sum().clamp_min(1)
