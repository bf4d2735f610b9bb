"""Densities on a grid of cells: kernel, moments, mode.

The kernel density of Chen, Su and Ji (ICCV 2019, equation 1): p(y) = sum_c pi_c N(y; c, KERNEL^2 I)
with weights pi (B, L, H, W) that sum to one over the cells c. Coordinates are (x, y) in cells, the
centre of the first cell at (0, 0).
"""

import torch
from torch import Tensor

KERNEL = 1.2
"""Standard deviation of the kernel in cells."""
_ASCENT = 8


def _kernel(targets: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """(B, L, W) and (B, L, H), whose products are exp(-|target - cell|^2 / 2 KERNEL^2)."""
    across = (torch.arange(width, device=targets.device) - targets[..., :1]).square()
    down = (torch.arange(height, device=targets.device) - targets[..., 1:]).square()
    return (-across / (2 * KERNEL**2)).exp(), (-down / (2 * KERNEL**2)).exp()


def kernel_sums(densities: Tensor, targets: Tensor) -> Tensor:
    """(B, L): p(target) for targets (B, L, 2), without the kernel's constant."""
    across, down = _kernel(targets, *densities.shape[2:])
    rows = (densities @ across[..., None])[..., 0]
    return (rows * down).sum(dim=2)


def log_kernel(targets: Tensor, height: int, width: int, deviation: float = KERNEL) -> Tensor:
    """(B, L, H, W): log N(target; cell, deviation^2 I) without its constant."""
    across = (torch.arange(width, device=targets.device) - targets[..., :1]).square()
    down = (torch.arange(height, device=targets.device) - targets[..., 1:]).square()
    return -(across[:, :, None] + down[..., None]) / (2 * deviation**2)


def gaussians(targets: Tensor, height: int, width: int, deviation: float) -> Tensor:
    """(B, L, H, W): densities round the targets, of which the part outside the map is left out."""
    cells = log_kernel(targets, height, width, deviation)
    return cells.flatten(2).softmax(dim=2).reshape(cells.shape)


def means(densities: Tensor) -> Tensor:
    """(B, L, 2): GET_BC of the thesis "Deep face analysis" (equation 4.6)."""
    x = densities.sum(dim=2) @ torch.arange(densities.shape[3], device=densities.device).float()
    y = densities.sum(dim=3) @ torch.arange(densities.shape[2], device=densities.device).float()
    return torch.stack([x, y], dim=2)


def moments(densities: Tensor) -> tuple[Tensor, Tensor]:
    """Means (B, L, 2) and covariances (B, L, 2, 2) of the weights, without the kernel's."""
    height, width = densities.shape[2:]
    mean = means(densities)
    x = torch.arange(width, device=mean.device) - mean[..., :1]
    y = torch.arange(height, device=mean.device) - mean[..., 1:]
    xx = (densities.sum(dim=2) * x.square()).sum(dim=2)
    yy = (densities.sum(dim=3) * y.square()).sum(dim=2)
    xy = ((densities @ x[..., None])[..., 0] * y).sum(dim=2)
    return mean, torch.stack([torch.stack([xx, xy], -1), torch.stack([xy, yy], -1)], -2)


def modes(densities: Tensor) -> Tensor:
    """(B, L, 2) the highest point of each kernel density: gradient ascent from its highest cell.

    The ascent is the mean shift of a Gaussian mixture, whose step is the gradient divided by the
    density itself, so it cannot overshoot.
    """
    height, width = densities.shape[2:]
    highest = densities.flatten(2).argmax(dim=2)
    at = torch.stack([highest % width, highest // width], dim=2).float()
    for _ in range(_ASCENT):
        across, down = _kernel(at, height, width)
        near = densities * across[:, :, None] * down[..., None]
        near = near / near.sum(dim=(2, 3), keepdim=True).clamp_min(1e-30)
        at = means(near)
    return at


def maxima(densities: Tensor) -> Tensor:
    """(B, L, 2) the highest cell, and by its four neighbours the place within it: GET_MAX of the
    thesis (equation 4.5), whose interpolation here is the parabola through the logarithms, which
    is right for a Gaussian of any width. At the border the cell's centre."""
    height, width = densities.shape[2:]
    logs = densities.clamp_min(1e-30).log()
    highest = densities.flatten(2).argmax(dim=2)
    x, y = highest % width, highest // width

    def beside(values: Tensor, at: Tensor, size: int) -> Tensor:
        """values: (B, L, size) along the line through the highest cell."""
        inner = at.clamp(1, size - 2)
        low, middle, high = (
            values.gather(2, (inner + step)[..., None])[..., 0] for step in (-1, 0, 1)
        )
        bend = (2 * middle - low - high).clamp_min(1e-12)
        within = ((high - low) / (2 * bend)).clamp(-0.5, 0.5)
        return torch.where(inner == at, within, torch.zeros_like(within))

    row = logs.gather(2, y[..., None, None].expand(*y.shape, 1, width))[:, :, 0]
    column = logs.gather(3, x[..., None, None].expand(*x.shape, height, 1))[..., 0]
    return torch.stack([x + beside(row, x, width), y + beside(column, y, height)], dim=2)
