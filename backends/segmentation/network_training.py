"""What the network learns: the region of each pixel, from crops, hints and its own mistakes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from landmark_annotator.backends.learning.batches import Batch, as_batch, prefetched
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.held_out_curve import HeldOutLoss
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import Optimiser, TrainingLoop
from landmark_annotator.backends.learning.training_state import Network
from landmark_annotator.backends.segmentation.augmentation import View
from landmark_annotator.backends.segmentation.examples import Example
from landmark_annotator.backends.segmentation.hints import STRIDE, Click, mark_click
from landmark_annotator.backends.segmentation.interaction import worst_click
from landmark_annotator.backends.segmentation.settings import SegmentationSettings
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_AVERAGING = 0.995
_LARGEST_GRADIENT = 5.0


@dataclass(frozen=True, eq=False)
class TrainingData:
    """examples: of the training instances. regions: their names. backgrounds: see `View`."""

    examples: Sequence[Example]
    scheme: Scheme
    regions: Sequence[str]
    settings: SegmentationSettings
    backgrounds: bool

    @property
    def epochs(self) -> int:
        return self.settings.epochs_for(len(self.examples))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch: crops (B, 3, S, S), labels (B, S, S), hints, which
        are to be corrected (B,), and the labels of which nobody said where they are (B, R + 1)."""
        seed, size = self.settings.seed, self.settings.size_in(epoch, self.epochs)
        disturbed, backgrounds = self.settings.disturbed, self.backgrounds
        view = View.of(self.scheme, self.regions, size, disturbed, backgrounds)
        order = self.settings.order(len(self.examples))
        drawn = order.drawn(np.random.default_rng((seed, epoch)))

        def batch(chosen: Ints, random: np.random.Generator) -> Batch:
            others = random.integers(0, len(self.examples), len(chosen))
            made = [
                view.sample(self.examples[i], self.examples[other], random)
                for i, other in zip(chosen, others, strict=True)
            ]
            return (
                as_batch(np.stack([sample.crop for sample in made])),
                torch.from_numpy(np.stack([sample.labels for sample in made])),
                torch.from_numpy(np.stack([sample.hints for sample in made])),
                torch.tensor([sample.corrects for sample in made]),
                torch.from_numpy(np.stack([self.examples[i].unsaid for i in chosen])).bool(),
            )

        return prefetched(drawn, batch, np.random.default_rng((seed, epoch, 1)))

    def plain_batches(self) -> Iterator[Batch]:
        """Of the size of the last epochs, and none that the network itself has to correct first."""
        for crops, labels, hints, corrects, unsaid in self.batches(self.epochs - 1):
            yield crops, labels, hints, torch.zeros_like(corrects), unsaid


def fit(
    data: TrainingData,
    network: Network,
    loss: Callable[[Network, Batch], Tensor],
    optimiser: Optimiser,
    checkpoint: Checkpoint | None,
    progress: Progress,
    held_out: Sequence[Example] = (),
) -> tuple[Network, float]:
    """The running average of the network over its training, and the seconds that this took.
    held_out: what people see its loss on meanwhile. Raises Cancelled."""
    settings = data.settings
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    loop = TrainingLoop[Network](
        schedule=CosineSchedule(settings.learning_rate, data.epochs),
        optimiser=optimiser,
        steps=settings.order(len(data.examples)).steps,
        batches=data.batches,
        loss=loss,
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
    )
    watched = None
    if held_out:
        beside = replace(data, examples=held_out)
        watched = HeldOutLoss(beside.plain_batches, loss, progress, data.epochs)
    state = loop.run(network, progress, checkpoint, watched)
    return state.average, state.seconds


def told(network: nn.Module, batch: Batch) -> Batch:
    """The batch, in which the network has corrected what it is to correct."""
    crops, labels, hints, corrects, unsaid = batch
    if corrects.any():
        hints = hints.clone()
        hints[corrects] = corrected(network, crops[corrects], labels[corrects], hints[corrects])
    return crops, labels, hints, corrects, unsaid


@torch.no_grad()
def corrected(network: nn.Module, crops: Tensor, labels: Tensor, hints: Tensor) -> Tensor:
    """The hints with what the network itself finds by them as the previous mask, and with a click
    on the worst of it."""
    network.eval()
    with reduced_precision(crops.device):
        found = network(crops, hints).argmax(dim=1)[:, ::STRIDE, ::STRIDE]
    network.train()
    regions = hints.shape[1] // 2 - 1
    planes = hints.cpu().numpy().copy()
    truth = labels[:, ::STRIDE, ::STRIDE].cpu().numpy()
    own = found.cpu().numpy().astype(np.uint8)
    planes[:, : regions + 1] = own[:, None] == np.arange(regions + 1)[None, :, None, None]
    for plane, seen, true in zip(planes, own, truth, strict=True):
        click = worst_click(seen, true)
        if click is not None:
            x, y = ((place + 0.5) * STRIDE - 0.5 for place in (click.x, click.y))
            at = Click(x, y, click.label, click.belongs)
            mark_click(plane[regions + 1 : 2 * regions + 1], at, plane.shape[-1] * STRIDE)
    return torch.from_numpy(planes).to(hints.device)
