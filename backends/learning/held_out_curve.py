"""The error, or the loss, on held-out instances while a network learns, for people who watch it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Generic

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.learning.batches import Batch
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.backends.learning.held_out import mean_error
from landmark_annotator.backends.learning.training_state import Network
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.progress import Measured, Progress, tell_measured

CURVE = "held-out error"
"""NME in percent, of the network alone, in boxes as they were drawn: a first look without all that
a finished model does beside it."""
MOST = 32
"""Instances: more cost time, and the figure at the end is measured on all of them."""
MOST_BATCHES = 4
_TIMES = 20


def _is_time(epoch: int, epochs: int, progress: Progress) -> bool:
    """Whether it is measured after this epoch: not where nobody keeps the answer."""
    every = -(-epochs // _TIMES)
    return isinstance(progress, Measured) and (epoch % every == 0 or epoch == epochs)


@dataclass(frozen=True, eq=False)
class HeldOutLoss(Generic[Network]):
    """What a `TrainingLoop` calls after each epoch: the loss that it trains by, on batches that are
    the same each time. batches: of held-out instances, made as those of the training; the first few
    are taken. title: of the training. epochs: that there will be at most."""

    batches: Callable[[], Iterator[Batch]]
    loss: Callable[[Network, Batch], Tensor]
    progress: Progress
    epochs: int
    title: str = "training"

    def __call__(self, epoch: int, network: Network) -> None:
        """network: in evaluation mode."""
        if not _is_time(epoch, self.epochs, self.progress) or not self._taken:
            return
        device = device_of(network)
        with torch.inference_mode():
            losses = [
                float(self.loss(network, tuple(part.to(device) for part in batch)))
                for batch in self._taken
            ]
        name = "held-out loss" if self.title == "training" else f"held-out loss of the {self.title}"
        tell_measured(self.progress, name, epoch, sum(losses) / len(losses))

    @cached_property
    def _taken(self) -> Sequence[Batch]:
        return list(islice(self.batches(), MOST_BATCHES))


@dataclass(frozen=True, eq=False)
class HeldOutCurve(Generic[Network]):
    """What a `TrainingLoop` calls after each epoch. crops: (N, 3, S, S) of held-out instances.
    truths: N of their boxes and of (L, 2), in the frames of the boxes. points: of the network and
    the crops, (N, L, 2) in the same frames. usual: what errors are divided by. epochs: that there
    will be."""

    crops: Tensor
    truths: Sequence[tuple[Box, Floats]]
    points: Callable[[Network, Tensor], Floats]
    usual: ErrorLengths
    progress: Progress
    epochs: int

    def __call__(self, epoch: int, network: Network) -> None:
        """network: in evaluation mode. Costs nothing where nobody keeps the answer."""
        if not len(self.truths) or not _is_time(epoch, self.epochs, self.progress):
            return
        with torch.inference_mode():
            found = self.points(network, self.crops.to(device_of(network)))
        lengths = np.array([self.usual.of(points, box) for box, points in self.truths])
        truths = [points for _, points in self.truths]
        error = mean_error(found, truths, self.usual.scheme, lengths)
        tell_measured(self.progress, CURVE, epoch, error)
