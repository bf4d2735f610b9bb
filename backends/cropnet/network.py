"""The coarse-to-fine network of the thesis "Deep face analysis", chapter 3: coordinates from one
crop.

ResNet-18 (He et al., CVPR 2016) with a quarter of its channels says where all landmarks are; then,
stage by stage, a small CropNet looks at patches of 8 x 8 cells around the present answer, on the
third, the second and the first level of the same network's features, and says how far off it is.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.cropnet.patches import PATCH, patches_at
from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.densities.coordinates import FIRST_SCALE, UNIT
from landmark_annotator.backends.densities.network import CropNetwork
from landmark_annotator.backends.learning.blocks import ResidualBlock, fast_copy, residual_stages

WIDTH = 16
"""Channels of the first stage: a quarter of ResNet-18's."""
MOST_STAGES = 3
_KEPT = 4
"""Channels that a stage keeps of each landmark's patch (section 3.3.2)."""
_FEATURES = 128
"""Of a CropNet (table 3.6)."""


@dataclass(frozen=True)
class Design:
    """width: channels of ResNet's first stage, doubled three times. stages: of refinement, 0 to 3.
    features, positions: whether features, and where patches are cut, learn from what the stages
    say (table 3.5)."""

    width: int = WIDTH
    stages: int = MOST_STAGES
    features: bool = True
    positions: bool = True


class Seen(NamedTuple):
    """points: after the first network and after each stage, (B, L, 2) each, in the frame of the
    crop's box. log_scales: (B, L) of the distance that a landmark is expected to lie off in the
    end, in sides of the box. maps: the features (B, C, H, W) that each stage looked at."""

    points: tuple[Tensor, ...]
    log_scales: Tensor
    maps: tuple[Tensor, ...]


class CropNet(nn.Module):
    """Patches (B, L C, 8, 8) to moves (B, L, 2) in cells, and the features (B, 128) behind them.

    What is kept of a landmark's channels is read from its own alone: only so has the network of 19
    landmarks the 1.46 million parameters of section 3.6.5. It says nothing before it has learned.
    """

    def __init__(self, landmarks: int, channels: int) -> None:
        super().__init__()
        kept = _KEPT * landmarks
        self.reduction = nn.Conv2d(channels * landmarks, kept, 1, groups=landmarks, bias=False)
        self.norm = nn.BatchNorm2d(kept)
        self.block = ResidualBlock(kept, _FEATURES)
        self.moves = nn.Linear(_FEATURES, 2 * landmarks)
        nn.init.zeros_(self.moves.weight)
        nn.init.zeros_(self.moves.bias)

    @override
    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        features = self.block(self.norm(self.reduction(patches)))
        features = functional.max_pool2d(features, PATCH).flatten(1)
        return self.moves(features).unflatten(1, (-1, 2)), features


class CoarseToFineNetwork(CropNetwork):
    """Crops (B, 3, S, S) in 0..1 to `Seen`. S is a multiple of 32.

    mean: (L, 2) the shape, in the frame of a crop's box, from which landmarks are moved. The log
    scales, which the thesis does not have, are read from the last stage's features, which do not
    learn from it.
    """

    multiple: ClassVar[int] = 32
    mean: Tensor

    def __init__(self, mean: Tensor, design: Design) -> None:
        super().__init__()
        self.design = design
        landmarks, width = len(mean), design.width
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )
        self.second = residual_stages(width, [width], [1], depth=2)
        self.third = residual_stages(width, [2 * width], [2], depth=2)
        self.rest = residual_stages(2 * width, [4 * width, 8 * width], [2, 2], depth=2)
        self.moves = nn.Linear(8 * width, 2 * landmarks)
        channels = (2 * width, width, width)[: design.stages]
        self.stages = nn.ModuleList(CropNet(landmarks, each) for each in channels)
        self.scales = nn.Linear(_FEATURES if design.stages else 8 * width, landmarks)
        for head in (self.moves, self.scales):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)
        nn.init.constant_(self.scales.bias, math.log(FIRST_SCALE))
        self.register_buffer("mean", mean.float())

    @override
    def forward(self, crops: Tensor) -> Seen:
        first = self.stem(crops * 2.0 - 1.0)
        second = self.second(functional.max_pool2d(first, 3, 2, 1))
        third = self.third(second)
        features = self.rest(third).mean(dim=(2, 3))
        moves = self.moves(features).float().unflatten(1, self.mean.shape)
        points = [self.mean + UNIT * moves]
        maps = (third, second, first)[: self.design.stages]
        for stage, level in zip(self.stages, maps, strict=True):
            start = points[-1] if self.design.positions else points[-1].detach()
            seen = level if self.design.features else level.detach()
            moves, features = stage(patches_at(seen, start, MARGIN).flatten(1, 2))
            points.append(start + moves.float() * (MARGIN / level.shape[-1]))
        return Seen(tuple(points), self.scales(features.detach()).float(), maps)


def folded(network: CoarseToFineNetwork) -> CoarseToFineNetwork:
    """The same function for proposing, faster."""
    return fast_copy(network, "stem", precision=torch.float32)
