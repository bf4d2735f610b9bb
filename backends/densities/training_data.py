"""What a network of densities learns from a batch: crops, and where the landmarks are in them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.densities.augmentation import (
    MARGIN,
    Patch,
    share_bent,
    training_crop,
)
from landmark_annotator.backends.densities.grid import means
from landmark_annotator.backends.densities.inference import in_frame
from landmark_annotator.backends.densities.losses import Loss
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.densities.settings import TrainingSettings
from landmark_annotator.backends.learning.batches import Batch, BatchOrder, as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.held_out_curve import MOST, HeldOutCurve
from landmark_annotator.backends.learning.shared_training import over_all
from landmark_annotator.backends.learning.training_state import Network
from landmark_annotator.backends.shapes.fitting.facing import facing_the_other_way
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_OUTSIDE = 2.0
"""Cells beyond the border of a density at which a landmark no longer counts as in the crop."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """patches: of the training instances. stride: of the network that learns from them. bent:
    whether crops are, where few instances show how shapes vary."""

    patches: Sequence[Patch]
    scheme: Scheme
    settings: TrainingSettings
    stride: int
    bent: bool = field(default=False, kw_only=True)

    @cached_property
    def _mirror(self) -> Sequence[int] | None:
        """The exchange of landmarks with which a mirrored crop shows what there may be: where the
        scheme has left and right, and where labelled objects face either way."""
        shapes = [each.points for each in self.patches]
        either = bool(self.scheme.partners) or facing_the_other_way(shapes, self.scheme).any()
        return self.scheme.mirror if either else None

    @property
    def order(self) -> BatchOrder:
        return self.settings.order(len(self.patches))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch; see `_batch`."""
        return self.order.batches(self._batch, self.settings.seed, epoch)

    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        """Crops (B, 3, S, S), and targets (B, L, 3): x and y in cells, NaN where unknown, and the
        weight of the label."""
        turns = self.scheme.heading is not None
        size, share = self.settings.size, share_bent(len(self.patches)) if self.bent else 0.0
        mirror = self._mirror
        made = [training_crop(self.patches[i], size, mirror, turns, random, share) for i in chosen]
        points = np.stack([points for _, points in made])
        points[..., :2] = (points[..., :2] + 0.5) / self.stride - 0.5
        return as_batch(np.stack([pixels for pixels, _ in made])), torch.from_numpy(points).float()


def labelled_loss(loss: Loss, densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
    """Of what a network gives for a batch of `TrainingData`, or for this process's part of it: the
    weighted mean over the landmarks whose place in the crop is known."""
    height, width = densities.shape[2:]
    limit = torch.tensor([width - 1.0, height - 1.0], device=densities.device) + _OUTSIDE
    # Comparisons with NaN are false: what is unknown is left out with what is outside.
    places, weights = targets[..., :2], targets[..., 2]
    weights = weights * ((places > -_OUTSIDE) & (places < limit)).all(dim=2)
    losses = loss(densities, log_scales, places.nan_to_num())
    return (losses * weights).sum() / over_all(weights.sum()).clamp_min(1)


def held_out_curve(
    held_out: Sequence[Patch], data: TrainingData, epochs: int, progress: Progress
) -> HeldOutCurve[DensityNetwork]:
    """Of a training with this data on patches that it does not learn from."""
    size = data.settings.size

    def points(network: DensityNetwork, batch: Tensor) -> Floats:
        return in_frame(means(network(batch)[0]).cpu(), size, network.stride)

    return curve_of(points, held_out, data, epochs, progress)


def curve_of(
    points: Callable[[Network, Tensor], Floats],
    held_out: Sequence[Patch],
    data: TrainingData,
    epochs: int,
    progress: Progress,
) -> HeldOutCurve[Network]:
    """The same of any network. points: its own for a batch of crops, (B, L, 2) in the frame of
    their boxes."""
    patches = held_out[:MOST]
    labelled = (each.framed for each in (*data.patches, *held_out))
    crops = [crop(each.pixels, each.drawn, data.settings.size, MARGIN) for each in patches]
    return HeldOutCurve(
        as_batch(np.stack(crops)) if crops else torch.empty(0),
        [each.framed for each in patches],
        points,
        ErrorLengths.usual(data.scheme, labelled),
        progress,
        epochs,
    )
