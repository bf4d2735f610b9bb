"""How the patch network learns: from labelled landmarks, as if the first stage had missed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.densities.losses import LOSSES
from landmark_annotator.backends.heatmap.refinement.close_ups import LEVELS, PATCH, CloseUp
from landmark_annotator.backends.heatmap.refinement.network import CELLS, STRIDE, PatchNetwork
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.batches import Batch, prefetched
from landmark_annotator.backends.learning.device import device_named, reduced_precision
from landmark_annotator.backends.learning.held_out_curve import HeldOutLoss
from landmark_annotator.backends.learning.schedules import CosineSchedule
from landmark_annotator.backends.learning.shared_training import over_all
from landmark_annotator.backends.learning.training_loop import TrainingLoop, adamw
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_AVERAGING = 0.998
_LARGEST_GRADIENT = 5.0
_PATCHES = 192
"""In a batch, of as many landmarks of each image as that allows."""
_TURN, _SCALE = 0.12, 0.06
"""How differently a fitted box lies along the object, and objects along their box."""
_NEAR, _FAR = 0.3, 1.6
"""Of the errors of the first stage on images that it has not learned from: some are easier, some
harder than most."""


@dataclass(frozen=True, eq=False)
class LabelledCloseUp:
    """points: (L, 2) in the box frame, NaN where unknown. weights: (L,) how much each counts."""

    seen: CloseUp
    points: Floats
    weights: Floats


@dataclass(frozen=True, eq=False)
class RefinementData:
    """misses: (L,) deviations of the first stage's error along an axis, in the box frame, on images
    that it has not learned from."""

    labelled: Sequence[LabelledCloseUp]
    misses: Floats
    scheme: Scheme
    settings: Settings

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch; see `_batch`."""
        seed = self.settings.seed
        order = self.settings.order(len(self.labelled))
        drawn = order.drawn(np.random.default_rng((seed, epoch, 2)))
        return prefetched(drawn, self._batch, np.random.default_rng((seed, epoch, 3)))

    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        """Patches (P, LEVELS * 3, PATCH, PATCH), their landmarks (P,), targets (P, 2) in cells and
        weights (P,)."""
        count = -(-_PATCHES // len(chosen))
        made = [self._of(self.labelled[i], count, random) for i in chosen]
        pixels, landmarks, targets, weights = (
            np.concatenate(part) for part in zip(*made, strict=True)
        )
        return (
            as_input(pixels),
            torch.from_numpy(landmarks),
            torch.from_numpy(targets).float(),
            torch.from_numpy(weights).float(),
        )

    def _of(
        self, one: LabelledCloseUp, count: int, random: np.random.Generator
    ) -> tuple[Pixels, Ints, Floats, Floats]:
        known = np.flatnonzero(np.isfinite(one.points).all(axis=1))
        landmarks = random.permutation(known)[:count]
        far = random.uniform(_NEAR, _FAR, (len(landmarks), 1))
        offsets = random.normal(size=(len(landmarks), 2)) * far * self.misses[landmarks, None]
        centres = one.points[landmarks] + offsets
        mirror = self.scheme.mirror if self.scheme.partners else None
        flip = mirror is not None and random.random() < 0.5
        turn, scale = random.normal(0, _TURN), float(np.exp(random.normal(0, _SCALE)))
        pixels = one.seen.patches(centres, turn, scale, flip)
        # From the centre of the patch back to the label, along the patch's own axes.
        cos, sin = np.cos(turn), np.sin(turn)
        away = -offsets @ np.array([[cos, -sin], [sin, cos]]) * one.seen.resolution / scale
        if flip and mirror is not None:
            away = away * [-1.0, 1.0]
        weights = one.weights[landmarks]
        named = np.asarray(mirror)[landmarks] if flip else landmarks
        return _disturbed(pixels, random), named, away / STRIDE + (CELLS - 1) / 2, weights


def as_input(pixels: Pixels) -> Tensor:
    """(P, LEVELS, PATCH, PATCH, 3) bytes to the network's (P, LEVELS * 3, PATCH, PATCH) in 0..1."""
    channels = torch.from_numpy(pixels).permute(0, 1, 4, 2, 3).reshape(-1, LEVELS * 3, PATCH, PATCH)
    return channels.float().div(255.0).contiguous(memory_format=torch.channels_last)


def fit(
    data: RefinementData, progress: Progress, held_out: Sequence[LabelledCloseUp] = ()
) -> tuple[PatchNetwork, float]:
    """The running average of the network over its training, and the seconds that this took. As
    many steps as the first stage. held_out: what people see its loss on meanwhile. Raises
    Cancelled."""
    settings = data.settings
    torch.manual_seed(settings.seed)
    network = PatchNetwork(len(data.scheme))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    count = len(data.labelled)
    loop = TrainingLoop[PatchNetwork](
        schedule=CosineSchedule(settings.learning_rate, settings.epochs_for(count)),
        optimiser=adamw,
        steps=settings.order(count).steps,
        batches=data.batches,
        loss=_loss,
        averaging=_AVERAGING,
        seed=settings.seed,
        device=device_named(settings.device),
        largest_gradient=_LARGEST_GRADIENT,
        shared=True,
        title="refinement",
        kept="The first stage is kept",
    )
    watched = None
    if held_out:
        batches = partial(replace(data, labelled=held_out).batches, 0)
        watched = HeldOutLoss(batches, _own_loss, progress, loop.schedule.epochs, loop.title)
    state = loop.run(network, progress, after_epoch=watched)
    return state.average, state.seconds


def _loss(network: PatchNetwork, batch: Batch) -> Tensor:
    losses, counted = _losses(network, batch)
    return losses / over_all(counted).clamp_min(1)


def _own_loss(network: PatchNetwork, batch: Batch) -> Tensor:
    """Of one process, which the others do not wait for."""
    losses, counted = _losses(network, batch)
    return losses / counted.clamp_min(1)


def _losses(network: PatchNetwork, batch: Batch) -> tuple[Tensor, Tensor]:
    """Their sum, and of what."""
    patches, landmarks, targets, weights = batch
    with reduced_precision(patches.device):
        densities, log_scales = network(patches, landmarks)
    inside = ((targets > 0) & (targets < CELLS - 1)).all(dim=1)
    losses = LOSSES["kernel_density"](densities, log_scales, targets[:, None])[:, 0]
    counted = weights * inside
    return (losses * counted).sum(), counted.sum()


def _disturbed(pixels: Pixels, random: np.random.Generator) -> Pixels:
    """Light, colour and noise of a whole photograph, each at random."""
    image: AnyFloats = pixels.astype(np.float32)
    gains = np.exp(random.normal(0, 0.15) + random.normal(0, 0.06, 3)).astype(np.float32)
    image = (image - 128) * np.float32(np.exp(random.normal(0, 0.2))) + 128
    image = image * gains
    if random.random() < 0.3:
        noise = random.normal(0, random.uniform(2, 10), image.shape)
        image = image + noise.astype(np.float32)
    return np.asarray(np.clip(image, 0, 255), dtype=np.uint8)
