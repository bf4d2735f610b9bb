"""The training loop, which can be interrupted and resumed at any epoch."""

import copy
import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backends.exemplar.checkpoints import (
    Trainee,
    discard_checkpoint,
    fingerprint_of,
    follow,
    restore_checkpoint,
    save_checkpoint,
)
from backends.exemplar.scores import as_batch
from backends.heatmap.augmentation import Patch, training_crop
from backends.heatmap.losses import LOSSES
from backends.heatmap.network import STRIDE, HeatmapNetwork
from backends.heatmap.settings import BATCH, Settings
from backends.heatmap.trunk import start_from_shipped
from projects.vocabulary.arrays import Ints
from projects.vocabulary.errors import Cancelled
from projects.vocabulary.progress import Progress
from projects.vocabulary.scheme import Scheme

_AVERAGING = 0.998
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


def fit(lesson: Lesson, folder: Path, progress: Progress) -> tuple[HeatmapNetwork, float]:
    """The running average of the network over its training, and the seconds that this took."""
    settings = lesson.settings
    torch.manual_seed(settings.seed)
    network = HeatmapNetwork(len(lesson.scheme))
    if settings.trunk == "shipped":
        start_from_shipped(network, lesson.scheme)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average: HeatmapNetwork = copy.deepcopy(network)
    average.eval()
    optimiser = torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=0.02)
    trainee = Trainee(network, average, optimiser)
    if settings.fresh:
        discard_checkpoint(folder)
    fingerprint = fingerprint_of(asdict(settings) | {"fresh": False}, lesson.keys)
    done, seconds = restore_checkpoint(folder, trainee, fingerprint)
    started = time.monotonic() - seconds
    epochs = settings.epochs_for(len(lesson.patches))
    steps = len(lesson.order(0))
    progress.start("training", epochs * steps)
    progress.advance(done * steps)
    network.train()
    for epoch in range(done, epochs):
        # Everything random in an epoch follows from seed and epoch, so that a resumed training
        # is the uninterrupted one.
        random = np.random.default_rng((settings.seed, epoch, 1))
        for index, (crops, targets) in enumerate(_prepared(lesson, epoch, random)):
            step = epoch * steps + index
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * _schedule(step, epochs * steps)
            loss = _step(trainee, crops, targets, settings.loss)
            follow(average, network, min(_AVERAGING, (step + 1) / (step + 10)))
            progress.advance(1, f"loss {loss:.2f}")
            if progress.cancelled():
                raise Cancelled(
                    f"Training was stopped in epoch {epoch + 1} of {epochs}.",
                    kept=f"The first {epoch} epochs are kept; an older model stays in use.",
                    remedy="Run the same command again to go on from there.",
                )
        seconds = time.monotonic() - started
        save_checkpoint(folder, trainee, epoch + 1, seconds, fingerprint)
    return average, seconds


def _prepared(
    lesson: Lesson, epoch: int, random: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches of an epoch, the next one made while the last one is learned from."""
    with ThreadPoolExecutor(1) as maker:
        coming: Future[tuple[Tensor, Tensor]] | None = None
        for chosen in lesson.order(epoch):
            following = maker.submit(lesson.batch, chosen, random)
            if coming is not None:
                yield coming.result()
            coming = following
        if coming is not None:
            yield coming.result()


def _step(trainee: Trainee, crops: Tensor, targets: Tensor, loss_name: str) -> float:
    with torch.autocast("cpu", torch.bfloat16):
        densities, log_scales = trainee.network(crops)
    height, width = densities.shape[2:]
    limit = torch.tensor([width - 1.0, height - 1.0]) + _OUTSIDE
    # Comparisons with NaN are false: what is unknown is left out with what is outside.
    places, weights = targets[..., :2], targets[..., 2]
    weights = weights * ((places > -_OUTSIDE) & (places < limit)).all(dim=2)
    losses = LOSSES[loss_name](densities, log_scales, places.nan_to_num())
    loss = (losses * weights).sum() / weights.sum().clamp_min(1)
    trainee.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(trainee.network.parameters(), 5.0)
    trainee.optimiser.step()
    return float(loss.detach())


def _schedule(step: int, steps: int) -> float:
    """A short warm-up, then half a cosine to zero."""
    warm = min(100, max(steps // 10, 1))
    return min(1.0, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * step / steps))
