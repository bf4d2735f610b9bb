"""What the network learns from: equation 3 of Zhu et al. (CVPR 2019), and its scales' likelihood.

The squared norms of the parameters in that equation are the optimiser's weight decay.
"""

import math

from torch import Tensor

from landmark_annotator.backends.learning.shared_training import over_all
from landmark_annotator.backends.occlusion.network import OcclusionNetwork, Seen

_LEAST_SCALE = 0.002
"""Sides of the box: a narrower distribution would make single labels' errors count for all."""


def regression(points: Tensor, targets: Tensor, weights: Tensor, lengths: Tensor) -> Tensor:
    """(B,) of each face the sum over its landmarks of weight times squared distance, in units of
    its inter-ocular distance.

    points, targets: (B, L, 2), weights: (B, L), nought where the target is unknown; lengths: (B,).
    """
    squared = (points - targets).square().sum(dim=2)
    return (squared * weights).sum(dim=1) / lengths.square()


def sparsity(shown: Tensor) -> Tensor:
    """(B,) the L1 norm of the map P of each face, from its logits (B, H, W)."""
    return shown.sigmoid().sum(dim=(1, 2))


def scale_likelihood(seen: Seen, targets: Tensor, weights: Tensor) -> Tensor:
    """(B,) the mean over landmarks of -log of an isotropic Laplace density in the plane,
    exp(-r / b) / (2 pi b^2), at the target. The coordinates do not learn from it."""
    distance = (seen.points.detach() - targets).square().sum(dim=2).add(1e-10).sqrt()
    scale = seen.log_scales.exp() + _LEAST_SCALE
    unlikely = distance / scale + 2 * scale.log() + math.log(2 * math.pi)
    return (unlikely * weights).sum(dim=1) / weights.sum(dim=1).clamp_min(1)


def objective(
    network: OcclusionNetwork,
    seen: Seen,
    targets: Tensor,
    lengths: Tensor,
    sparse: float,
    rank: float,
) -> Tensor:
    """Of a batch, the mean over its faces. targets: (B, L, 3), x and y in the frame of the crop's
    box, NaN where unknown, and the weight of the label. sparse, rank: eta and beta."""
    known = targets.isfinite().all(dim=2)
    weights, places = targets[..., 2] * known, targets[..., :2].nan_to_num()
    each = regression(seen.points, places, weights, lengths)
    each = each + scale_likelihood(seen, places, weights)
    if seen.shown is not None:
        each = each + sparse * sparsity(seen.shown)
    faces = over_all(each.new_tensor(float(len(each))))
    loss = each.sum() / faces
    if network.low_rank is not None:
        loss = loss + rank * network.low_rank.nuclear_norm() * (len(each) / faces)
    return loss
