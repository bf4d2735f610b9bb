"""What each stage learns from: section 3.4 of the thesis "Deep face analysis".

Each loss is (B, L). Places are in the frame of the box that a crop was cut along; `cell` is the
side of a cell of the stage's features there. The thesis does not say how losses of different stages
are weighed against each other: here each is counted in cells of its own stage.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from landmark_annotator.backends.cropnet.network import Seen
from landmark_annotator.backends.cropnet.patches import patches_at
from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.densities.coordinates import scale_likelihood
from landmark_annotator.backends.learning.shared_training import over_all

LOSSES = ("l2", "l1", "align")
_SIGMA = 1.0
"""Cells: of the Gaussian of 3 x 3 cells that patches are smoothed with before they are compared."""


def normalised_l2(points: Tensor, targets: Tensor, lengths: Tensor, size: int) -> Tensor:
    """Squared distance over the inter-ocular one (equation 3.1), in pixels of the crop.
    lengths: (B,)."""
    squared = (points - targets).square().sum(dim=2)
    return squared / lengths[:, None] * (size / MARGIN)


def l2(points: Tensor, targets: Tensor, cell: float) -> Tensor:
    return ((points - targets) / cell).square().sum(dim=2)


def l1(points: Tensor, targets: Tensor, cell: float) -> Tensor:
    return ((points - targets) / cell).abs().sum(dim=2)


def align(maps: Tensor, points: Tensor, targets: Tensor, smooth: Tensor) -> Tensor:
    """How much the patches at the points differ from those at the targets (equation 3.2), a cell
    and channel. smooth: (B,) 1 where both are smoothed first, 0 where no longer.

    Features do not learn from it: they could make all patches alike.
    """
    maps = maps.detach()
    apart = patches_at(maps, points, MARGIN) - patches_at(maps, targets, MARGIN)
    line = torch.exp(-torch.arange(-1.0, 2.0, device=maps.device).square() / (2 * _SIGMA**2))
    kernel = (line[:, None] * line / line.sum() ** 2)[None, None]
    smoothed = functional.conv2d(apart.flatten(0, 2)[:, None], kernel, padding=1).view_as(apart)
    apart = torch.where(smooth[:, None, None, None, None] > 0, smoothed, apart)
    return apart.square().mean(dim=(2, 3, 4))


def objective(
    seen: Seen, losses: Sequence[str], targets: Tensor, lengths: Tensor, size: int, smooth: Tensor
) -> Tensor:
    """Of a batch, the mean over its faces of the mean over their landmarks. losses: of the stages.
    targets: (B, L, 3), x and y in the frame of the crop's box, NaN where unknown, and the weight of
    the label."""
    known = targets.isfinite().all(dim=2)
    weights, places = targets[..., 2] * known, targets[..., :2].nan_to_num()
    first, *refined = seen.points
    each = normalised_l2(first, places, lengths, size)
    for name, points, maps in zip(losses, refined, seen.maps, strict=True):
        if name == "align":
            each = each + align(maps, points, places, smooth)
        else:
            cell = MARGIN / maps.shape[-1]
            each = each + {"l2": l2, "l1": l1}[name](points, places, cell)
    faces = (each * weights).sum(dim=1) / weights.sum(dim=1).clamp_min(1)
    faces = faces + scale_likelihood(seen.points[-1], seen.log_scales, places, weights)
    return faces.sum() / over_all(faces.new_tensor(float(len(faces))))
