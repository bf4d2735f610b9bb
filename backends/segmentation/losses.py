"""What a network's answer costs: (B, R + 1, S, S) surprises, the negative logarithms of the
probabilities of each label; labels (B, S, S); unsaid (B, R + 1), the labels of which nobody said
where they are."""

import torch
from torch import Tensor

from landmark_annotator.backends.segmentation.hints import UNSAID


def surprise(surprises: Tensor, labels: Tensor, unsaid: Tensor) -> Tensor:
    """Of a pixel, the mean of those that are known. surprises: (B, R + 1, S, S) of each label."""
    target, known = _target(surprises, labels), labels != UNSAID
    missed = surprises.gather(1, target[:, None])[:, 0]
    if unsaid.any():
        # A pixel of no label may be of any region that nobody has drawn.
        allowed = unsaid.clone()
        allowed[:, 0] = True
        either = -(-surprises).masked_fill(~allowed[:, :, None, None], -torch.inf).logsumexp(dim=1)
        missed = torch.where(labels == 0, either, missed)
    return (missed * known).sum() / known.sum().clamp_min(1)


def lost_overlap(surprises: Tensor, labels: Tensor, unsaid: Tensor) -> Tensor:
    """One less the Dice coefficient of each region over the batch, the mean of those that there
    are."""
    target, known = _target(surprises, labels), labels != UNSAID
    certain = (known[:, None] & ~unsaid[:, 1:, None, None]).float()
    likely = (-surprises[:, 1:]).exp() * certain
    each = torch.arange(1, surprises.shape[1], device=target.device)[None, :, None, None]
    true = (target[:, None] == each) * certain
    axes = (0, 2, 3)
    there = true.sum(axes)
    dice = 2 * (likely * true).sum(axes) / (likely.sum(axes) + there).clamp_min(1.0)
    present = there > 0
    return ((1 - dice) * present).sum() / present.sum().clamp_min(1)


def _target(surprises: Tensor, labels: Tensor) -> Tensor:
    return labels.long().clamp(max=surprises.shape[1] - 1)
