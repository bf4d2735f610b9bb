"""What the network learns: the region of each pixel, from crops, hints and its own mistakes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.learning.batches import Batch, as_batch, prefetched
from landmark_annotator.backends.learning.checkpoints import Checkpoint
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.held_out_curve import HeldOutLoss
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.backends.parsing.augmentation import View
from landmark_annotator.backends.parsing.examples import Example
from landmark_annotator.backends.parsing.hints import UNSAID, Click, hint_count, mark_click
from landmark_annotator.backends.parsing.interaction import worst_click
from landmark_annotator.backends.parsing.network import STRIDE, ParsingNetwork
from landmark_annotator.backends.parsing.settings import Settings
from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_AVERAGING = 0.995
_LARGEST_GRADIENT = 5.0
_OVERLAP = 0.5
"""Weight of the overlap of each region beside the surprise of each pixel: small parts count too."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """examples: of the training instances. regions: their names."""

    examples: Sequence[Example]
    scheme: Scheme
    regions: Sequence[str]
    settings: Settings

    @property
    def epochs(self) -> int:
        return self.settings.epochs_for(len(self.examples))

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch: crops (B, 3, S, S), labels (B, S, S), hints, which
        are to be corrected (B,), and the labels of which nobody said where they are (B, R + 1)."""
        seed, size = self.settings.seed, self.settings.size_in(epoch, self.epochs)
        view = View.of(self.scheme, self.regions, size, self.settings.disturbed)
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
    network: ParsingNetwork,
    checkpoint: Checkpoint | None,
    progress: Progress,
    held_out: Sequence[Example] = (),
) -> tuple[ParsingNetwork, float]:
    """The running average of the network over its training, and the seconds that this took.
    held_out: what people see its loss on meanwhile. Raises Cancelled."""
    settings = data.settings
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    loop = TrainingLoop[ParsingNetwork](
        schedule=CosineSchedule(settings.learning_rate, data.epochs),
        optimiser=adamw,
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


def new_network(regions: int, settings: Settings) -> ParsingNetwork:
    torch.manual_seed(settings.seed)
    return ParsingNetwork(regions, hint_count(regions), settings.features, settings.expansion)


def loss(network: ParsingNetwork, batch: Batch) -> Tensor:
    """The surprise of the labels, and what is missing of each region's overlap with its own."""
    crops, labels, hints, corrects, unsaid = batch
    if corrects.any():
        hints = hints.clone()
        hints[corrects] = corrected(network, crops[corrects], labels[corrects], hints[corrects])
    with reduced_precision(crops.device):
        logits = network(crops, hints)
    surprises = -logits.log_softmax(dim=1)
    target, known = labels.long().clamp(max=logits.shape[1] - 1), labels != UNSAID
    missed = surprises.gather(1, target[:, None])[:, 0]
    if unsaid.any():
        # A pixel of no label may be of any region that nobody has drawn.
        allowed = unsaid.clone()
        allowed[:, 0] = True
        either = -(-surprises).masked_fill(~allowed[:, :, None, None], -torch.inf).logsumexp(dim=1)
        missed = torch.where(labels == 0, either, missed)
    surprise = (missed * known).sum() / known.sum().clamp_min(1)
    total: Tensor = surprise + _OVERLAP * _lost_overlap(surprises, target, known, unsaid)
    return total


def _lost_overlap(surprises: Tensor, target: Tensor, known: Tensor, unsaid: Tensor) -> Tensor:
    """One less the Dice coefficient of each region over the batch, the mean of those that there
    are."""
    certain = (known[:, None] & ~unsaid[:, 1:, None, None]).float()
    likely = (-surprises[:, 1:]).exp() * certain
    labels = torch.arange(1, surprises.shape[1], device=target.device)[None, :, None, None]
    true = (target[:, None] == labels) * certain
    axes = (0, 2, 3)
    there = true.sum(axes)
    dice = 2 * (likely * true).sum(axes) / (likely.sum(axes) + there).clamp_min(1.0)
    present = there > 0
    return ((1 - dice) * present).sum() / present.sum().clamp_min(1)


@torch.no_grad()
def corrected(network: ParsingNetwork, crops: Tensor, labels: Tensor, hints: Tensor) -> Tensor:
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
