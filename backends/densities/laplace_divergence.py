"""How far a density is from the Laplace distribution that a label stands for.

Robinson, Li, Zhang, Fu, Tulyakov: Laplace Landmark Localization. ICCV 2019, section 3.1.
"""

import torch
from torch import Tensor

from landmark_annotator.backends.densities.grid import means

_LEAST_SCALE = 1e-3
"""Cells: of a density that is all in one cell."""


def mean_deviations(densities: Tensor) -> tuple[Tensor, Tensor]:
    """Means (B, L, 2) and, along each axis, the expected distance from them (B, L, 2): location and
    scale of the Laplace distribution that a density stands for (section 3.1)."""
    mean = means(densities)
    across = torch.arange(densities.shape[3], device=densities.device) - mean[..., :1]
    down = torch.arange(densities.shape[2], device=densities.device) - mean[..., 1:]
    x = (densities.sum(dim=2) * across.abs()).sum(dim=2)
    y = (densities.sum(dim=3) * down.abs()).sum(dim=2)
    return mean, torch.stack([x, y], dim=2)


def divergence(away: Tensor, scale: Tensor, prior_scale: float) -> Tensor:
    """KL(Laplace(t, s) || Laplace(m, b)) of distributions that lie |t - m| = `away` apart, with the
    prior scale s and the scale b: log(b / s) + (|t - m| + s exp(-|t - m| / s)) / b - 1."""
    fading = prior_scale * torch.exp(-away / prior_scale)
    return (scale / prior_scale).log() + (away + fading) / scale - 1


def laplace_kl(densities: Tensor, targets: Tensor, prior_scale: float) -> Tensor:
    """(B, L), equation 3 with equation 2: of the label's distribution from the density's, summed
    over both axes. densities: (B, L, H, W); targets: (B, L, 2), (x, y) in cells.

    It is least where the mean is on the label and the scale is the prior's.
    """
    mean, scale = mean_deviations(densities)
    away = (targets - mean).abs()
    return divergence(away, scale + _LEAST_SCALE, prior_scale).sum(dim=2)
