"""The error on held-out instances while a network learns, for people who watch its training."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

import torch
from torch import Tensor

from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.backends.learning.held_out import mean_error
from landmark_annotator.backends.learning.training_state import Network
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.progress import Measured, Progress, tell_measured
from landmark_annotator.projects.vocabulary.scheme import Scheme

CURVE = "held-out error"
"""NME in percent, of the network alone, in boxes as they were drawn: a first look without all that
a finished model does beside it."""
MOST = 32
"""Instances: more cost time, and the figure at the end is measured on all of them."""
_TIMES = 20


@dataclass(frozen=True, eq=False)
class HeldOutCurve(Generic[Network]):
    """What a `TrainingLoop` calls after each epoch. crops: (N, 3, S, S) of held-out instances.
    truths: N of (L, 2) in the frames of their boxes. points: of the network and the crops, (N, L,
    2) in the same frames. epochs: that there will be."""

    crops: Tensor
    truths: Sequence[Floats]
    points: Callable[[Network, Tensor], Floats]
    scheme: Scheme
    progress: Progress
    epochs: int

    def __call__(self, epoch: int, network: Network) -> None:
        """network: in evaluation mode. Costs nothing where nobody keeps the answer."""
        every = -(-self.epochs // _TIMES)
        last = epoch == self.epochs
        if not len(self.truths) or not isinstance(self.progress, Measured):
            return
        if epoch % every and not last:
            return
        with torch.inference_mode():
            found = self.points(network, self.crops.to(device_of(network)))
        tell_measured(self.progress, CURVE, epoch, mean_error(found, self.truths, self.scheme))
