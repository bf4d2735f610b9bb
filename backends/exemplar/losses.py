"""What the classifier is trained with.

Scores are (B, K); distances are (B, K) from the shape of each crop to each class; radius is tau,
so that class k is a member of M_i where its distance is at most tau (equation 6).
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Loss = Callable[[Tensor, Tensor, float], Tensor]


def multi_label(scores: Tensor, distances: Tensor, radius: float) -> Tensor:
    """K binary classifiers with shared examples (equations 8 and 9), per positive label."""
    members = (distances <= radius).float()
    losses = functional.binary_cross_entropy_with_logits(scores, members, reduction="sum")
    return losses / members.sum().clamp(min=1.0)


def soft_target(scores: Tensor, distances: Tensor, radius: float) -> Tensor:
    """Cross-entropy with the target spread evenly over the members (equation 7).

    A shape without any member counts its nearest class.
    """
    members = distances <= distances.min(dim=1, keepdim=True).values.clamp(min=radius)
    target = members / members.sum(dim=1, keepdim=True)
    return functional.cross_entropy(scores, target)


def softmax(scores: Tensor, distances: Tensor, radius: float) -> Tensor:
    """Cross-entropy with the nearest class (equation 5)."""
    return functional.cross_entropy(scores, distances.argmin(dim=1))


LOSSES: dict[str, Loss] = {
    "multi_label": multi_label,
    "soft_target": soft_target,
    "softmax": softmax,
}


def position_error(predicted: Tensor, truth: Tensor) -> Tensor:
    """Smooth L1 over positions in the frame of a box; NaN in the truth is left out."""
    known = torch.isfinite(truth)
    return functional.smooth_l1_loss(predicted[known], truth[known], beta=0.02)
