"""What the classifier is trained with. Scores are (B, K), membership is (B, K) of 0 and 1."""

import torch
from torch import Tensor
from torch.nn import functional


def multi_label(scores: Tensor, membership: Tensor) -> Tensor:
    """K binary classifiers with shared examples (equations 8 and 9), per positive label."""
    losses = functional.binary_cross_entropy_with_logits(scores, membership, reduction="sum")
    return losses / membership.sum().clamp(min=1.0)


def box_error(predicted: Tensor, truth: Tensor) -> Tensor:
    """Smooth L1 between predicted and true similarity to the canonical box, (B, 4)."""
    return functional.smooth_l1_loss(predicted, truth, beta=0.02)


def soft_target(scores: Tensor, membership: Tensor) -> Tensor:
    """Cross-entropy with the target spread evenly over the members (equation 7)."""
    target = membership / membership.sum(dim=1, keepdim=True).clamp(min=1.0)
    return -(target * torch.log_softmax(scores, dim=1)).sum(dim=1).mean()
