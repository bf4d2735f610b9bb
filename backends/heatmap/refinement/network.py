"""A small network that all landmarks share: patches of a few levels to one density each."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.heatmap.refinement.close_ups import LEVELS, PATCH
from landmark_annotator.backends.learning.blocks import ResidualBlock, fast_copy
from landmark_annotator.backends.learning.device import REDUCED

STEM, _LEVEL, _FINE, _WIDE = 16, 24, 32, 48
STRIDE = 2
"""Pixels of the finest level in a cell of a density."""
CELLS = PATCH // STRIDE


class PatchNetwork(nn.Module):
    """Patches (P, LEVELS * 3, PATCH, PATCH) in 0..1, finest level first, and the landmarks (P,)
    that they are around, to densities (P, 1, CELLS, CELLS) and log scales (P, 1), as the first
    stage's.

    The coarse levels are read first; the middle of each is enlarged to what the next finer one
    shows. What is looked for is a landmark's own: gains and shifts of the channels, and the
    weights that the density is read with.
    """

    def __init__(self, landmarks: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(LEVELS * 3, LEVELS * STEM, 5, STRIDE, 2, groups=LEVELS, bias=False),
            nn.BatchNorm2d(LEVELS * STEM),
            nn.ReLU(),
        )
        self.coarse = nn.ModuleList(
            [ResidualBlock(STEM, _LEVEL)]
            + [ResidualBlock(_LEVEL + STEM, _LEVEL) for _ in range(LEVELS - 2)]
        )
        self.join = nn.Conv2d(_LEVEL + STEM, _FINE, 1)
        self.gains = nn.Parameter(torch.zeros(landmarks, _FINE))
        self.shifts = nn.Parameter(torch.zeros(landmarks, _FINE))
        self.fine = ResidualBlock(_FINE, _FINE)
        self.down = nn.Sequential(ResidualBlock(_FINE, _WIDE, 2), ResidualBlock(_WIDE, _WIDE))
        self.narrow = nn.Conv2d(_WIDE, _FINE, 1)
        self.finish = ResidualBlock(_FINE, _FINE)
        # A density that is even says that the landmark is where it was thought to be.
        self.densities = nn.Parameter(torch.zeros(landmarks, _FINE))
        self.scale_weights = nn.Parameter(torch.zeros(landmarks, _FINE))
        self.scale_bias = nn.Parameter(torch.zeros(landmarks))

    @override
    def forward(self, patches: Tensor, landmarks: Tensor) -> tuple[Tensor, Tensor]:
        levels = self.stem(patches).chunk(LEVELS, dim=1)
        x = levels[-1]
        for block, finer in zip(self.coarse, reversed(levels[:-1]), strict=True):
            x = torch.cat([_middle(block(x)), finer], dim=1)
        x = self.join(x)
        gains, shifts = self.gains[landmarks], self.shifts[landmarks]
        x = x * (1 + gains[..., None, None]) + shifts[..., None, None]
        x = self.fine(functional.relu(x))
        x = self.finish(x + _doubled(self.narrow(self.down(x))))
        flat = x.flatten(2)
        logits = (self.densities[landmarks][:, None].to(flat.dtype) @ flat).float()
        weights = logits.softmax(dim=2)
        # Where a landmark is, its scale is read; the density does not learn from it.
        features = (weights.detach() @ flat.transpose(1, 2).float())[:, 0].float()
        log_scales = (features * self.scale_weights[landmarks].float()).sum(dim=1)
        log_scales = log_scales + self.scale_bias[landmarks].float()
        return weights.reshape(-1, 1, CELLS, CELLS), log_scales[:, None]


def folded(network: PatchNetwork, precision: torch.dtype = REDUCED) -> PatchNetwork:
    """The same function for proposing, faster."""
    return fast_copy(network, "stem", precision=precision)


def _middle(x: Tensor) -> Tensor:
    """The middle half of each side, as large as the whole."""
    quarter = x.shape[2] // 4
    return _doubled(x[:, :, quarter:-quarter, quarter:-quarter])


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
