"""How a network's features tell what is hidden: learned once the network itself has learned.

From labels that say what is hidden, where there are any, and from crops that something was drawn
over, so that it is known what lies under it. The network stays as it is.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from landmark_annotator.backends.densities.augmentation import (
    MARGIN,
    Patch,
    occluded_crop,
    to_crop,
)
from landmark_annotator.backends.densities.hidden_calibration import FEWEST, fit_hidden, judged
from landmark_annotator.backends.densities.hidden_head import HiddenHead
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.checkpoints import GO_ON
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_CROPS, _CROPS_EACH = 2400, 8
"""That are looked at, and at most of each instance."""
_MOST_LANDMARKS = 512
"""Beyond that each would listen to too many others."""
_UNTOLD = 0.2
"""A landmark that nobody has said it of counts as seen, but so much less."""
_EPOCHS, _BATCH, _RATE, _DECAY = 20, 64, 3e-3, 0.05


def learn_hidden(
    network: nn.Module,
    learned: Sequence[Patch],
    held_out: Sequence[Patch],
    scheme: Scheme,
    size: int,
    seed: int,
    progress: Progress,
) -> HiddenHead | None:
    """network: in evaluation mode. learned: that it has learned from, and others that say what is
    hidden; held_out: that bring the odds to true frequencies, which are those of all labels where
    the held-out ones say too little. size: of the crops, in pixels.
    None where the network has no features to read, or too few landmarks are hidden to tell. Raises
    Cancelled."""
    if not isinstance(network, DensityNetwork) or len(scheme) > _MOST_LANDMARKS or not learned:
        return None
    random = np.random.default_rng((seed, 3))
    mirror = scheme.mirror if scheme.partners else None
    turns = scheme.heading is not None
    count = min(_CROPS, _CROPS_EACH * len(learned))
    order = [int(i) for i in np.resize(random.permutation(len(learned)), count)]
    made = [occluded_crop(learned[i], size, mirror, turns, random) for i in order]
    truths = np.stack([_where_known(points, hidden) for _, points, hidden in made])
    cover = partial(_covered, size=size, random=random)
    shown, hidden, rate = judged(learned, held_out, partial(_crop, size=size), cover)
    if _too_few(truths) or _too_few(np.nan_to_num(hidden, nan=-1.0)):
        return None
    features = _features(network, [pixels for pixels, _, _ in made], progress)
    if features is None:
        return None
    head = _fitted(features, torch.from_numpy(truths).float(), seed)
    seen = _features(network, shown, progress)
    if seen is None:
        return None
    with torch.inference_mode():
        found = fit_hidden(head(seen)[..., None].double().numpy(), hidden, rate)
    head.scale = torch.tensor(found.slopes[0]).float()
    head.shift = torch.from_numpy(found.offsets).float()
    return head.eval().to(device_of(network))


def _crop(patch: Patch, size: int) -> Pixels:
    """Along the box as it was drawn."""
    return crop(patch.pixels, patch.drawn, size, MARGIN)


def _covered(patch: Patch, size: int, random: np.random.Generator) -> tuple[Pixels, Bools]:
    """The same with something drawn over it, and which landmarks (L,) lie under that."""
    points = to_crop(patch.drawn.to_frame(patch.points), size)
    return occlude(_crop(patch, size), points, random)


def _where_known(points: Floats, hidden: Floats) -> Floats:
    """(L,) -1 where there is no landmark."""
    return np.where(np.isfinite(points[:, 0]), hidden, -1.0)


def _too_few(truths: Floats) -> bool:
    """truths: 1 hidden, -1 unknown, else seen."""
    hidden, others = np.count_nonzero(truths == 1), np.count_nonzero((truths != 1) & (truths != -1))
    return bool(min(hidden, others) < FEWEST)


def _features(
    network: DensityNetwork, crops: Sequence[Pixels], progress: Progress
) -> Tensor | None:
    """(N, L, F) on the processor."""
    found = []
    progress.start("learning what is hidden", len(crops))
    with torch.inference_mode():
        for first in range(0, len(crops), _BATCH):
            batch = as_batch(np.stack(crops[first : first + _BATCH])).to(device_of(network))
            _, _, features = network.look(batch)
            if features is None:
                return None
            found.append(features.float().cpu())
            progress.advance(len(batch))
            if progress.cancelled():
                raise Cancelled(
                    "Training was stopped while it was learned what is hidden.",
                    kept="The trained network is kept.",
                    remedy=GO_ON,
                )
    return torch.cat(found).clone() if found else None


def _fitted(features: Tensor, truths: Tensor, seed: int) -> HiddenHead:
    """truths: (N, L) 1 hidden, 0 seen, NaN where nobody has said it, -1 where there is nothing."""
    mean, deviation = features.mean(dim=(0, 1)), features.std(dim=(0, 1)).clamp_min(1e-3)
    features = (features - mean) / deviation
    weights = torch.where(truths.isnan(), _UNTOLD, (truths >= 0).float())
    truths = truths.nan_to_num().clamp_min(0)
    head = HiddenHead(features.shape[1], features.shape[2])
    optimiser = torch.optim.AdamW(head.parameters(), _RATE, weight_decay=_DECAY)
    random = torch.Generator().manual_seed(seed)
    entropy = functional.binary_cross_entropy_with_logits
    for _ in range(_EPOCHS):
        order = torch.randperm(len(features), generator=random)
        for first in range(0, len(order), _BATCH):
            chosen = order[first : first + _BATCH]
            odds = head(features[chosen])
            loss = entropy(odds, truths[chosen], reduction="none") * weights[chosen]
            optimiser.zero_grad()
            loss.mean().backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    with torch.no_grad():
        head.weights.div_(deviation)
        head.bias.sub_((head.weights * mean).sum(dim=1))
    return head
