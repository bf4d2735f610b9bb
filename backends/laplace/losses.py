"""What the densities are learned by: a divergence of Laplace distributions, and what the paper
compares it with.

Each is called with densities (B, L, H, W), targets (B, L, 2), (x, y) in cells, and the scale of the
distribution that a label stands for, in cells, and gives (B, L).
"""

from collections.abc import Callable

from torch import Tensor

from landmark_annotator.backends.densities.grid import means
from landmark_annotator.backends.densities.laplace_divergence import laplace_kl

Loss = Callable[[Tensor, Tensor, float], Tensor]


def soft_argmax(densities: Tensor, targets: Tensor, prior_scale: float) -> Tensor:
    """Equation 1 through the expected place: the squared distance, whatever the spread."""
    return (means(densities) - targets).square().sum(dim=2)


LOSSES: dict[str, Loss] = {"laplace_kl": laplace_kl, "soft_argmax": soft_argmax}
