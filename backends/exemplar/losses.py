"""What the classifier is trained with. Scores are (B, K), membership is (B, K) of 0 and 1."""

import torch
from torch import Tensor
from torch.nn import functional


def multi_label(scores: Tensor, membership: Tensor) -> Tensor:
    """K binary classifiers with shared examples (equations 8 and 9), per positive label."""
    losses = functional.binary_cross_entropy_with_logits(scores, membership, reduction="sum")
    return losses / membership.sum().clamp(min=1.0)


def position_error(predicted: Tensor, truth: Tensor) -> Tensor:
    """Smooth L1 over positions in the frame of a box; NaN in the truth is left out."""
    known = torch.isfinite(truth)
    return functional.smooth_l1_loss(predicted[known], truth[known], beta=0.02)
