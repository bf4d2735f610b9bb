"""What the network learns from: equation 3 of Zhu et al. (CVPR 2019), and its scales' likelihood.

The squared norms of the parameters in that equation are the optimiser's weight decay.
"""

from torch import Tensor

from landmark_annotator.backends.densities.coordinates import scale_likelihood
from landmark_annotator.backends.learning.shared_training import over_all
from landmark_annotator.backends.occlusion.network import OcclusionNetwork, Seen


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
    each = each + scale_likelihood(seen.points, seen.log_scales, places, weights)
    if seen.shown is not None:
        each = each + sparse * sparsity(seen.shown)
    faces = over_all(each.new_tensor(float(len(each))))
    loss = each.sum() / faces
    if network.low_rank is not None:
        loss = loss + rank * network.low_rank.nuclear_norm() * (len(each) / faces)
    return loss
