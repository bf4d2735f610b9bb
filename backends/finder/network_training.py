"""What the network learns: where objects are in parts of images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.finder.losses import loss
from landmark_annotator.backends.finder.network import FinderNetwork
from landmark_annotator.backends.finder.pictures import Picture
from landmark_annotator.backends.finder.pretrained import start_from
from landmark_annotator.backends.finder.settings import Settings
from landmark_annotator.backends.finder.targets import stacked
from landmark_annotator.backends.finder.views import training_view
from landmark_annotator.backends.learning.batches import Batch, BatchOrder, as_batch
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.held_out_curve import HeldOutLoss
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.progress import Progress

_AVERAGING = 0.995
_LARGEST_GRADIENT = 5.0


@dataclass(frozen=True, eq=False)
class TrainingData:
    """turns: whether the objects may point anywhere."""

    pictures: Sequence[Picture]
    turns: bool
    settings: Settings

    @property
    def order(self) -> BatchOrder:
        return self.settings.order(len(self.pictures))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch: images (B, 3, VIEW, VIEW) and `targets`."""
        return self.order.batches(self._batch, self.settings.seed, epoch)

    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        views = [
            training_view(
                self.pictures[i], self.pictures, self.settings.smallest, self.turns, random
            )
            for i in chosen
        ]
        return as_batch(np.stack([v.pixels for v in views])), torch.from_numpy(stacked(views))


def fit(
    data: TrainingData,
    checkpoint: Checkpoint,
    progress: Progress,
    held_out: Sequence[Picture] = (),
) -> tuple[FinderNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.
    held_out: what people see its loss on meanwhile. Raises Cancelled."""
    settings = data.settings
    torch.manual_seed(settings.seed)
    network = FinderNetwork()
    start_from(settings.trunk, network)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    loop = TrainingLoop[FinderNetwork](
        schedule=CosineSchedule(settings.learning_rate, settings.epochs_for(len(data.pictures))),
        optimiser=adamw,
        steps=data.order.steps,
        batches=data.batches,
        loss=partial(_loss, turns=data.turns),
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
        title="finder",
    )
    watched = None
    if held_out:
        batches = partial(replace(data, pictures=held_out).batches, 0)
        watched = HeldOutLoss(batches, loop.loss, progress, loop.schedule.epochs, loop.title)
    state = loop.run(network, progress, checkpoint, watched)
    return state.average, state.seconds


def _loss(network: FinderNetwork, batch: Batch, turns: bool) -> Tensor:
    images, targets = batch
    with reduced_precision(images.device):
        said = network(images)
    return loss(said, targets, turns)
