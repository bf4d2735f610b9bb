"""The occlusion-adaptive network of Zhu et al. (CVPR 2019): coordinates from one crop.

ResNet-18 (He et al., CVPR 2016) whose last residual unit is pathway C of the paper's figure 1, with
the three modules around it.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.densities.coordinates import FIRST_SCALE, UNIT
from landmark_annotator.backends.densities.network import CropNetwork
from landmark_annotator.backends.learning.blocks import ResidualBlock, fast_copy, residual_stages
from landmark_annotator.backends.occlusion.modules import (
    DistillationModule,
    GeometryModule,
    LowRankModule,
)

STRIDES = (8, 16, 32)
"""Pixels of the crop in a cell of the features; 32 is ResNet-18's."""
RESNET18_WIDTH = 64
_FEATURES = 64.0
"""Features are as if they were so many: a step of the optimiser is to move landmarks as far,
however many there are."""


@dataclass(frozen=True)
class Design:
    """What a network is made of. width: channels of ResNet's first stage, doubled three times.
    stride: pixels in a cell of its last. geometry, distillation, low_rank: which modules there
    are; without any of them it is ResNet-18 with coordinates for classes."""

    width: int = RESNET18_WIDTH
    stride: int = 32
    geometry: bool = True
    distillation: bool = True
    low_rank: bool = True


class Seen(NamedTuple):
    """points: (B, L, 2) in the frame of each crop's box. log_scales: (B, L) of the distance that a
    landmark is expected to lie off, in sides of the box. shown: (B, H, W) logits of the map P of
    the distillation module; None without it."""

    points: Tensor
    log_scales: Tensor
    shown: Tensor | None


class OcclusionNetwork(CropNetwork):
    """Crops (B, 3, S, S) in 0..1 to `Seen`. S is a multiple of 32.

    mean: (L, 2) the shape, in the frame of a crop's box, from which landmarks are moved. The paper
    "down-samples and flattens" the features before the low-rank module: here cells are averaged two
    by two. Its coordinates have no uncertainty; the log scales beside them are read from the same
    features, which do not learn from it.
    """

    multiple: ClassVar[int] = 32
    mean: Tensor

    def __init__(self, mean: Tensor, size: int, design: Design) -> None:
        super().__init__()
        self.design = design
        widths = [design.width * 2**stage for stage in range(4)]
        strides = [1, 2, *(2 if design.stride >= least else 1 for least in (16, 32))]
        self.stem = nn.Sequential(
            nn.Conv2d(3, design.width, 7, 2, 3, bias=False),
            nn.BatchNorm2d(design.width),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
        )
        last = widths[-1]
        self.trunk = nn.Sequential(
            residual_stages(design.width, widths[:3], strides[:3], depth=2),
            ResidualBlock(widths[2], last, strides[3]),
        )
        self.pathway_c = ResidualBlock(last, last)
        self.geometry = GeometryModule(last) if design.geometry else None
        self.distillation = DistillationModule(last) if design.distillation else None
        cells = -(-(size // design.stride) // 2)
        channels = last + (self.geometry.outputs if self.geometry is not None else 0)
        features = channels * cells**2
        self.low_rank = LowRankModule(features, last) if design.low_rank else None
        told = last if design.low_rank else features
        self._size = _FEATURES / told
        self.moves = nn.Linear(told, 2 * len(mean))
        self.scales = nn.Linear(told, len(mean))
        for head in (self.moves, self.scales):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        nn.init.constant_(self.scales.bias, math.log(FIRST_SCALE))
        self.register_buffer("mean", mean.float())

    @override
    def forward(self, crops: Tensor) -> Seen:
        before = self.trunk(self.stem(crops * 2.0 - 1.0))
        clean, shown = self.pathway_c(before), None
        if self.distillation is not None:
            shown = self.distillation(before)
            clean = clean * shown.sigmoid()
        hybrid = clean if self.geometry is None else torch.cat([clean, self.geometry(before)], 1)
        features = functional.avg_pool2d(hybrid, 2, ceil_mode=True).flatten(1)
        if self.low_rank is not None:
            features = self.low_rank(features)
        features = features * self._size
        moves = self.moves(features).unflatten(1, self.mean.shape)
        return Seen(
            self.mean + UNIT * moves,
            self.scales(features.detach()),
            None if shown is None else shown[:, 0],
        )


def read_at(maps: Tensor, points: Tensor, margin: float) -> Tensor:
    """Maps (B, H, W) of whole crops where landmarks are: (B, L), bilinear; outside the crop what
    its border has. points: (B, L, 2) in the frame of each crop's box; margin: side of the crop in
    sides of that box."""
    places = (points * (2.0 / margin))[:, :, None]
    read = functional.grid_sample(maps[:, None], places, padding_mode="border", align_corners=False)
    return read[:, 0, :, 0]


def folded(network: OcclusionNetwork) -> OcclusionNetwork:
    """The same function for proposing, faster."""
    return fast_copy(network, "stem", precision=torch.float32)
