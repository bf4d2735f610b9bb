"""How much wider the ellipses of hidden landmarks have to be than those of seen ones.

A network is calibrated on images in which little is hidden. On the same ones, with something drawn
over them, its errors where it says that a landmark is hidden are larger than its ellipses say.
"""

from collections.abc import Sequence

import numpy as np
import torch

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.model import DensityModel
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.densities.proposer import DensityProposer
from landmark_annotator.backends.learning.checkpoints import GO_ON
from landmark_annotator.backends.metrics.calibration import squared_mahalanobis
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.progress import Progress

_MOST_PATCHES = 150
_FEWEST = 20
"""Hidden landmarks, by their probabilities, below which nothing is widened."""
_WIDEST = 8.0
_HALVINGS = 30


def widen_hidden(
    model: DensityModel, held_out: Sequence[Patch], seed: int, progress: Progress
) -> None:
    """Sets the widening of the model's head, where it has one. held_out: that the network has not
    learned from. Raises Cancelled."""
    head = model.inference.hidden
    if head is not None and held_out:
        squared, hidden = _judged(model, held_out[:_MOST_PATCHES], seed, progress)
        head.widening = torch.tensor(fitted_widening(squared, hidden))


def _judged(
    model: DensityModel, patches: Sequence[Patch], seed: int, progress: Progress
) -> tuple[Floats, Floats]:
    """(N, L) squared distances, in units of the ellipses, and probabilities of being hidden, each
    patch with something drawn over it."""
    random = np.random.default_rng((seed, 4))
    proposer = DensityProposer(model)
    squared, hidden = [], []
    progress.start("how wide hidden landmarks' ellipses are", len(patches))
    for patch in patches:
        pixels, _ = occlude(patch.pixels, patch.points, random)
        proposal = proposer.propose(pixels, patch.drawn)
        believed = proposal.given([])
        squared.append(squared_mahalanobis(believed.points, believed.covariances, patch.points))
        assert proposal.hidden is not None
        hidden.append(proposal.hidden)
        progress.advance()
        if progress.cancelled():
            raise Cancelled(
                "Training was stopped while its ellipses were being measured.",
                kept="The trained network is kept.",
                remedy=GO_ON,
            )
    return np.array(squared), np.array(hidden)


def fitted_widening(squared: Floats, hidden: Floats) -> float:
    """The share that the variance of a landmark has to gain with the probability that it is hidden:
    zero where it needs none or too few tell.

    squared: (N, L) squared distances of the truth, in units of the ellipses, NaN where unknown,
    which are then on average the same for hidden landmarks as for seen ones. hidden: (N, L)
    probabilities.
    """
    known = np.isfinite(squared)
    distances, likely = squared[known], hidden[known]
    if likely.sum() < _FEWEST or (1 - likely).sum() < _FEWEST:
        return 0.0

    def excess(widening: float) -> float:
        left = distances / (1 + widening * likely)
        return float(np.average(left, weights=likely) - np.average(left, weights=1 - likely))

    low, high = 0.0, _WIDEST
    if excess(low) <= 0:
        return low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low
