"""A compact U-shaped network: one density for each landmark, at half the crop's resolution.

The kernel density network of Chen, Su and Ji (ICCV 2019, section 3.1) with one U instead of
stacked hourglasses, which two cores can train.
"""

from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.learning.blocks import ResidualBlock, fast_copy, residual_stages
from landmark_annotator.backends.learning.device import REDUCED

WIDTHS = (32, 64, 128, 160, 192)
"""Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the crop."""
_LAST = 64
"""Channels that the densities are read from."""
COLOURS = 3
STRIDE = 2
"""Pixels of the crop in a cell of a density."""


class HeatmapNetwork(DensityNetwork):
    """Crops (B, 3, S, S) in 0..1 to densities (B, L, S/2, S/2) and log scales (B, L).

    A density is the weight map pi of the paper's equation 1: its cells sum to one. A log scale is
    that of the landmark's expected distance from the density's mean, in cells, read from the
    features where the density is. S is a multiple of 32. coordinates: whether the stem sees, beside
    the colours, where each pixel is, from -1 to 1 along both sides of the crop (CoordConv: Liu et
    al., NeurIPS 2018), in the first convolution alone.
    """

    stride = STRIDE
    multiple = 32

    def __init__(self, landmarks: int, coordinates: bool = False) -> None:
        super().__init__()
        self.coordinates = coordinates
        half, quarter, eighth, sixteenth, least = WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(COLOURS + 2 * coordinates, half, 5, 2, 2, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(),
        )
        self.down = nn.ModuleList(
            [
                ResidualBlock(half, half),
                residual_stages(half, [quarter], [2], depth=2),
                residual_stages(quarter, [eighth], [2], depth=2),
                nn.Sequential(
                    ResidualBlock(eighth, sixteenth, 2), ResidualBlock(sixteenth, sixteenth)
                ),
                ResidualBlock(sixteenth, least, 2),
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
        self.up = nn.ModuleList(
            ResidualBlock(width, width) for width in (sixteenth, eighth, quarter)
        )
        self.finish = nn.Sequential(
            nn.Conv2d(_LAST, _LAST, 3, 1, 1, bias=False), nn.BatchNorm2d(_LAST), nn.ReLU()
        )
        self.densities = nn.Conv2d(_LAST, landmarks, 1)
        self.scale_weights = nn.Parameter(torch.zeros(landmarks, _LAST))
        self.scale_bias = nn.Parameter(torch.zeros(landmarks))

    @override
    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        densities, log_scales, _ = self.look(crops)
        return densities, log_scales

    @override
    def look(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.stem(self.seen(crops))
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
        return weights.reshape(logits.shape), log_scales, features

    def seen(self, crops: Tensor) -> Tensor:
        """What the stem is shown: (B, 3, S, S), or (B, 5, S, S) with x and y after the colours."""
        if not self.coordinates:
            return crops
        line = torch.linspace(-1, 1, crops.shape[3], dtype=crops.dtype, device=crops.device)
        across = line.expand(len(crops), 1, len(line), len(line))
        planes = torch.cat([crops, across, across.transpose(2, 3)], dim=1)
        return planes.contiguous(memory_format=torch.channels_last)

    @override
    def fast(self, precision: torch.dtype = REDUCED) -> Self:
        return fast_copy(self, "stem", "finish", precision=precision)


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
