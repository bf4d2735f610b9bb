"""What a landmark's density is trained with: interchangeable losses.

Each is called with densities (B, L, H, W), log scales (B, L) and targets (B, L, 2), (x, y) in
cells, and gives (B, L) a loss for each landmark. Unknown landmarks are left out by the caller. A
loss that compares whole shapes (Wasserstein, a discriminator) has the same form.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from landmark_annotator.backends.densities.grid import kernel_sums, log_kernel, means, moments

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]

_LEAST_SCALE = 0.05
"""Cells: a narrower Laplace distribution would make single labels' errors count for everything."""
_TINY = 1e-25


def kernel_density(densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
    """Negative log likelihood through the kernel (Chen, Su, Ji 2019, equations 2 and 3), and a
    Laplace likelihood of the density's mean, which places it within the cell."""
    likelihood = kernel_sums(densities, targets)
    return _laplace(densities, log_scales, targets) - (likelihood + _TINY).log()


def soft_label(densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy to a Gaussian around the label, with the same Laplace likelihood: what the
    paper compares with."""
    label = log_kernel(targets, *densities.shape[2:]).flatten(2).softmax(dim=2)
    cross = -(label * (densities.flatten(2) + _TINY).log()).sum(dim=2)
    return cross + _laplace(densities, log_scales, targets)


def laplace_kl(densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
    """Divergence of a unit Laplace distribution at the label from the one with the density's mean
    and scale (Robinson et al., CVPR 2020, section 3.1), summed over both axes.

    KL(L(t, 1) || L(m, b)) = log b + (|t - m| + exp(-|t - m|)) / b - 1.
    """
    mean, covariance = moments(densities)
    # A Laplace distribution of scale b has the variance 2 b^2.
    scale = (covariance.diagonal(dim1=-2, dim2=-1) / 2 + _LEAST_SCALE**2).sqrt()
    away = (targets - mean).abs()
    divergence = scale.log() + (away + torch.exp(-away)) / scale - 1
    return divergence.sum(dim=2) + _laplace(densities.detach(), log_scales, targets)


def _laplace(densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
    """-log of an isotropic Laplace density in the plane, exp(-r / b) / (2 pi b^2), of the mean."""
    distance = (means(densities) - targets).square().sum(dim=2).add(1e-6).sqrt()
    scale = log_scales.exp() + _LEAST_SCALE
    return distance / scale + 2 * scale.log() + math.log(2 * math.pi)


LOSSES: dict[str, Loss] = {
    "kernel_density": kernel_density,
    "soft_label": soft_label,
    "laplace_kl": laplace_kl,
}
