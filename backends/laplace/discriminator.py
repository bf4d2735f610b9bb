"""The adversary: whether densities go with an image, by patches of it (section 3.4)."""

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional
from typing_extensions import override

_LEAK = 0.2
_NOISE = 0.2
"""Deviation of the noise before each convolution."""


class Discriminator(nn.Module):
    """Crops (B, 3, S, S) in 0..1 and densities (B, L, S, S), stacked, to a logit for each of many
    overlapping patches (B, 1, P, P): above nought where it takes them for true.

    A PatchGAN of four layers (Isola et al., "Image-to-image translation with conditional
    adversarial networks", CVPR 2017), normalised in all but the first and the last. The cells of
    densities sum to one, so the highest is far below the noise: they are multiplied so that a true
    one, of the prior scale, has a peak of about one.
    """

    def __init__(self, landmarks: int, channels: int, prior_scale: float) -> None:
        super().__init__()
        self.enlargement = 4 * prior_scale**2
        widths = [3 + landmarks, channels, 2 * channels, 4 * channels]
        layers = list(pairwise(widths))
        self.filters = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in layers)
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b in layers[1:])
        self.verdict = nn.Conv2d(widths[-1], 1, 4, 1, 1)

    @override
    def forward(self, crops: Tensor, densities: Tensor) -> Tensor:
        x = torch.cat([crops, densities * self.enlargement], dim=1)
        for index, layer in enumerate(self.filters):
            x = layer(self._noisy(x))
            x = functional.leaky_relu(self.norms[index - 1](x) if index else x, _LEAK)
        return cast(Tensor, self.verdict(self._noisy(x)))

    def frozen(self, crops: Tensor, densities: Tensor) -> Tensor:
        """The same, but only whoever made the densities learns from it."""
        weights = {name: value.detach() for name, value in self.named_parameters()}
        return cast(Tensor, functional_call(self, weights, (crops, densities)))

    def _noisy(self, x: Tensor) -> Tensor:
        return x + _NOISE * torch.randn_like(x) if self.training else x


def true_densities(targets: Tensor, size: int, scale: float) -> Tensor:
    """(B, L, size, size) Laplace distributions of this scale around targets (B, L, 2) in cells."""
    cells = torch.arange(size, device=targets.device)
    across = (-(cells - targets[..., :1]).abs() / scale).softmax(dim=2)
    down = (-(cells - targets[..., 1:]).abs() / scale).softmax(dim=2)
    return down[..., None] * across[:, :, None]


def taken_for(logits: Tensor, truth: bool) -> Tensor:
    """(B,) how far each verdict is from that all patches are true, or that none is: the logarithms
    of equation 5."""
    wanted = torch.full_like(logits, float(truth))
    losses = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    return losses.flatten(1).mean(dim=1)
