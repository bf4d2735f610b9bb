"""How a network's features tell what is hidden: learned once the network itself has learned.

From labels that say what is hidden, where there are any, and from crops that something was drawn
over, so that it is known what lies under it. The network stays as it is.
"""

from collections.abc import Sequence

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
from landmark_annotator.backends.densities.hidden_head import HiddenHead
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.progress import Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_CROPS, _CROPS_EACH = 2400, 8
"""That are looked at, and at most of each instance."""
_MOST_LANDMARKS = 512
"""Beyond that each would listen to too many others."""
_UNTOLD = 0.2
"""A landmark that nobody has said it of counts as seen, but so much less."""
_JUDGED_EACH = 4
"""Crops of each instance that was kept out, where nobody has said what is hidden."""
_FEWEST = 20
"""Hidden landmarks, and others, below which nothing can be learned."""
_EPOCHS, _BATCH, _RATE, _DECAY = 20, 64, 3e-3, 0.05
_TRUST = 0.01
"""By how little the scale is held at one."""


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
    hidden; held_out: that bring the odds to true frequencies. size: of the crops, in pixels.
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
    judged, hidden = _judged(held_out, size, random)
    if _too_few(truths) or _too_few(hidden):
        return None
    features = _features(network, [pixels for pixels, _, _ in made], progress)
    if features is None:
        return None
    head = _fitted(features, torch.from_numpy(truths).float(), seed)
    seen = _features(network, judged, progress)
    if seen is None:
        return None
    with torch.inference_mode():
        head.scale, head.shift = (
            torch.tensor(value) for value in calibrated_odds(head(seen).double().numpy(), hidden)
        )
    return head.eval()


def _judged(
    held_out: Sequence[Patch], size: int, random: np.random.Generator
) -> tuple[list[Pixels], Floats]:
    """Crops along the boxes as they were drawn, and (N, L) what is hidden in them, -1 where
    unknown: as they are where the labels say it, else with something drawn over them."""
    told = [patch for patch in held_out if patch.hidden is not None]
    crops, truths = [], []
    for patch in told or list(held_out) * _JUDGED_EACH:
        pixels = crop(patch.pixels, patch.drawn, size, MARGIN)
        points = to_crop(patch.drawn.to_frame(patch.points), size)
        hidden = patch.hidden
        if hidden is None:
            pixels, covered = occlude(pixels, points, random)
            hidden = covered.astype(np.float64)
        crops.append(pixels)
        truths.append(_where_known(points, hidden))
    return crops, np.array(truths)


def _where_known(points: Floats, hidden: Floats) -> Floats:
    """(L,) -1 where there is no landmark."""
    return np.where(np.isfinite(points[:, 0]), hidden, -1.0)


def _too_few(truths: Floats) -> bool:
    """truths: 1 hidden, -1 unknown, else seen."""
    hidden, others = np.count_nonzero(truths == 1), np.count_nonzero((truths != 1) & (truths != -1))
    return bool(min(hidden, others) < _FEWEST)


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
                    kept="The trained network is kept; an older model stays in use.",
                    remedy="Run the same command again to go on from there.",
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


def calibrated_odds(log_odds: Floats, truths: Floats) -> tuple[float, float]:
    """The most likely scale and shift for truths (N, L) of 0 and 1, -1 where unknown."""
    known = truths >= 0
    odds, truth = log_odds[known], truths[known]

    from scipy.optimize import minimize  # here: nobody who only proposes is to wait for it

    def unlikely(parts: Floats) -> tuple[float, Floats]:
        scale, shift = np.exp(parts[0]), parts[1]
        found = scale * odds + shift
        slope = 1 / (1 + np.exp(-found)) - truth
        value = (np.logaddexp(0, found) - truth * found).mean() + _TRUST * parts[0] ** 2
        gradient = [(slope * odds).mean() * scale + 2 * _TRUST * parts[0], slope.mean()]
        return float(value), np.array(gradient)

    found = minimize(unlikely, np.zeros(2), jac=True, method="L-BFGS-B").x
    return float(np.exp(found[0])), float(found[1])
