"""A compact U-shaped network: one density for each landmark, at half the crop's resolution.

The kernel density network of Chen, Su and Ji (ICCV 2019, section 3.1) with one U instead of
stacked hourglasses, which two cores can train.
"""

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

WIDTHS = (32, 64, 128, 160, 192)
"""Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the crop."""
_LAST = 64
"""Channels that the densities are read from."""
STRIDE = 2
"""Pixels of the crop in a cell of a density."""


class _Block(nn.Module):
    """Two 3 x 3 convolutions around a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first: nn.Module = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm: nn.Module = nn.BatchNorm2d(outputs)
        self.second: nn.Module = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm: nn.Module = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Identity()
            if inputs == outputs and stride == 1
            else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return functional.relu(y + self.shortcut(x))


class HeatmapNetwork(nn.Module):
    """Crops (B, 3, S, S) in 0..1 to densities (B, L, S/2, S/2) and log scales (B, L).

    A density is the weight map pi of the paper's equation 1: its cells sum to one. A log scale is
    that of the landmark's expected distance from the density's mean, in cells, read from the
    features where the density is. S is a multiple of 32.
    """

    def __init__(self, landmarks: int) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth, least = WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(3, half, 5, 2, 2, bias=False), nn.BatchNorm2d(half), nn.ReLU()
        )
        self.down = nn.ModuleList(
            [
                _Block(half, half),
                nn.Sequential(_Block(half, quarter, 2), _Block(quarter, quarter)),
                nn.Sequential(_Block(quarter, eighth, 2), _Block(eighth, eighth)),
                nn.Sequential(_Block(eighth, sixteenth, 2), _Block(sixteenth, sixteenth)),
                _Block(sixteenth, least, 2),
            ]
        )
        self.narrow = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 1)
            for inputs, outputs in (
                (least, sixteenth),
                (sixteenth, eighth),
                (eighth, quarter),
                (quarter, _LAST),
            )
        )
        self.across = nn.Conv2d(half, _LAST, 1)
        self.up = nn.ModuleList(_Block(width, width) for width in (sixteenth, eighth, quarter))
        self.finish = nn.Sequential(
            nn.Conv2d(_LAST, _LAST, 3, 1, 1, bias=False), nn.BatchNorm2d(_LAST), nn.ReLU()
        )
        self.densities = nn.Conv2d(_LAST, landmarks, 1)
        self.scale_weights = nn.Parameter(torch.zeros(landmarks, _LAST))
        self.scale_bias = nn.Parameter(torch.zeros(landmarks))

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        x = self.stem(crops)
        passed = []
        for level in self.down:
            x = level(x)
            passed.append(x)
        for narrow, up, skip in zip(self.narrow, self.up, passed[-2:0:-1], strict=False):
            x = up(_doubled(narrow(x)) + skip)
        x = self.finish(_doubled(self.narrow[-1](x)) + self.across(passed[0]))
        logits = self.densities(x).float()
        weights = logits.flatten(2).softmax(dim=2)
        # Where a landmark is, its scale is read; the densities do not learn from it.
        features = weights.detach() @ x.float().flatten(2).transpose(1, 2)
        log_scales = (features * self.scale_weights).sum(dim=2) + self.scale_bias
        return weights.reshape(logits.shape), log_scales


def folded(network: HeatmapNetwork) -> HeatmapNetwork:
    """The same function for proposing, in half the time: norms folded into the convolutions before
    them, everything in bfloat16."""
    fast = copy.deepcopy(network).eval()
    for module in list(fast.modules()):
        if isinstance(module, _Block):
            module.first, module.first_norm = _fused(module.first, module.first_norm)
            module.second, module.second_norm = _fused(module.second, module.second_norm)
            if isinstance(module.shortcut, nn.Sequential):
                module.shortcut = nn.Sequential(*_fused(*module.shortcut))
    for part in (fast.stem, fast.finish):
        part[0], part[1] = _fused(part[0], part[1])
    fast.to(torch.bfloat16)
    fast.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return fast


def _fused(convolution: Any, norm: Any) -> tuple[nn.Module, nn.Module]:
    return fuse_conv_bn_eval(convolution, norm), nn.Identity()


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
