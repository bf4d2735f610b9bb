"""What a landmark's density is trained with: interchangeable losses.

Each is called with densities (B, L, H, W), log scales (B, L) and targets (B, L, 2), (x, y) in
cells, and gives (B, L) a loss for each landmark. Unknown landmarks are left out by the caller. A
loss that compares whole shapes (a discriminator) has the same form.

`l2`, `jensen_shannon` and `wasserstein` are what chapter 4 of the thesis "Deep face analysis"
compares: with a Gaussian of deviation sigma, in cells, round the label. As in that chapter nothing
but the map is learned from; the log scales only learn how far the map's mean is off.
"""

import math
from collections.abc import Callable
from functools import partial

from torch import Tensor

from landmark_annotator.backends.densities import laplace_divergence
from landmark_annotator.backends.densities.grid import gaussians, kernel_sums, log_kernel, means
from landmark_annotator.backends.densities.optimal_transport import towards

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]

_LEAST_SCALE = 0.05
"""Cells: a narrower Laplace distribution would make single labels' errors count for everything."""
_TINY = 1e-25
_SHARPNESS = 20.0
"""Of the density that a heat map of height one stands for: its cells' logarithms in units of the
map. The thousands of cells that the map has at nought then weigh nothing."""


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
    """Divergence of a Laplace distribution of one cell at the label from the density's."""
    divergence = laplace_divergence.laplace_kl(densities, targets, 1.0)
    return divergence + _laplace(densities.detach(), log_scales, targets)


def l2(densities: Tensor, log_scales: Tensor, targets: Tensor, sigma: float = 1.0) -> Tensor:
    """Squared differences of the heat map and a Gaussian of height one at the label, as a share of
    the Gaussian's own squares (section 4.4).

    The map is not normalised there: here the density is its softmax, so that it can be used as any
    other, and the map is got back but for a constant, which is left out of both.
    """
    height, width = densities.shape[2:]
    label = log_kernel(targets, height, width, sigma).exp()
    squares = (_centred(_logs(densities)) - _centred(label)).square().sum(dim=(2, 3))
    return squares / (math.pi * sigma**2) + _laplace(densities.detach(), log_scales, targets)


def heat_maps(densities: Tensor) -> Tensor:
    """(B, L, H, W): the maps that a network trained with `l2` means. Most of their cells are empty,
    so the median is nought."""
    logs = _logs(densities)
    return logs - logs.flatten(2).median(dim=2).values[..., None, None]


def _logs(densities: Tensor) -> Tensor:
    return (densities + _TINY).log() / _SHARPNESS


def _centred(maps: Tensor) -> Tensor:
    return maps - maps.mean(dim=(2, 3), keepdim=True)


def jensen_shannon(
    densities: Tensor, log_scales: Tensor, targets: Tensor, sigma: float = 1.0
) -> Tensor:
    """Of the density and the Gaussian (table 4.8)."""
    height, width = densities.shape[2:]
    label = gaussians(targets, height, width, sigma)
    middle = ((densities + label) / 2 + _TINY).log()
    halves = [(p * ((p + _TINY).log() - middle)).sum(dim=(2, 3)) for p in (densities, label)]
    return (halves[0] + halves[1]) / 2 + _laplace(densities.detach(), log_scales, targets)


def wasserstein(
    densities: Tensor, log_scales: Tensor, targets: Tensor, sigma: float = 1.0
) -> Tensor:
    """How far, in cells, the density's mass is from the Gaussian (equation 4.4), but for a constant
    of the Gaussian."""
    height, width = densities.shape[2:]
    label = gaussians(targets, height, width, sigma)
    carried = towards(densities, label)
    return carried + _laplace(densities.detach(), log_scales, targets)


def _laplace(densities: Tensor, log_scales: Tensor, targets: Tensor) -> Tensor:
    """-log of an isotropic Laplace density in the plane, exp(-r / b) / (2 pi b^2), of the mean."""
    distance = (means(densities) - targets).square().sum(dim=2).add(1e-6).sqrt()
    scale = log_scales.exp() + _LEAST_SCALE
    return distance / scale + 2 * scale.log() + math.log(2 * math.pi)


LOSSES: dict[str, Callable[..., Tensor]] = {
    "kernel_density": kernel_density,
    "soft_label": soft_label,
    "laplace_kl": laplace_kl,
    "l2": l2,
    "jensen_shannon": jensen_shannon,
    "wasserstein": wasserstein,
}
WITH_SIGMA = ("l2", "jensen_shannon", "wasserstein")


def loss_named(name: str, sigma: float) -> Loss:
    """sigma: of those that have one."""
    return partial(LOSSES[name], sigma=sigma) if name in WITH_SIGMA else LOSSES[name]
