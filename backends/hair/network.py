"""Two stages: a coarse shape by regression, then the mask by a network that is shown it.

Chapter 6 of the thesis "Deep face analysis". The first stage is DeepLabV3 (Chen et al., 2018) over
ResNet-18 (He et al., CVPR 2016); the second a symmetric encoder and decoder of residual blocks,
which are in its skips too (Newell et al., ECCV 2016), with attention to places before each doubling
of the resolution. Unlike the thesis's it starts from chance, not from ImageNet; a convolution of
stride 2 does without the pooling after it; and the second stage works at half the crop's
resolution, where each of its cells says four pixels at its end.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.learning.blocks import ResidualBlock, residual_stages
from landmark_annotator.backends.segmentation.hints import STRIDE, hint_count

_WIDTHS, _STRIDES, _DEPTH = (1, 2, 4, 8), (1, 2, 2, 1), 2
"""Of ResNet-18, after a stem that halves: at its end a cell is eight pixels."""
_RATES = (3, 6, 9)
"""Of the atrous convolutions on the 16 cells of a crop of 128: as 6, 12 and 18 on 32 cells."""
_LEVELS = (1, 2, 4, 8, 8)
_LABELS = 2


class AtrousPyramid(nn.Module):
    """(B, inputs, H, W) to (B, outputs, H, W): each place, its surroundings at several scales, and
    the whole (atrous spatial pyramid pooling)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.place = _normed(nn.Conv2d(inputs, outputs, 1, bias=False))
        self.around = nn.ModuleList(
            _normed(nn.Conv2d(inputs, outputs, 3, 1, rate, rate, bias=False)) for rate in _RATES
        )
        self.whole = nn.Conv2d(inputs, outputs, 1)
        self.joined = _normed(nn.Conv2d((len(_RATES) + 2) * outputs, outputs, 1, bias=False))

    @override
    def forward(self, x: Tensor) -> Tensor:
        whole = functional.relu(self.whole(x.mean(dim=(2, 3), keepdim=True)))
        seen = [self.place(x), *(look(x) for look in self.around)]
        joined: Tensor = self.joined(torch.cat([*seen, whole.expand_as(seen[0])], dim=1))
        return joined


class ShapePrior(nn.Module):
    """Crops (B, 3, S, S) to distance maps (B, 1, S, S), see distance_map.py."""

    def __init__(self, features: int) -> None:
        super().__init__()
        widths = [features * width for width in _WIDTHS]
        self.stem = _normed(nn.Conv2d(3, features, 7, 2, 3, bias=False))
        self.stages = residual_stages(features, widths, _STRIDES, _DEPTH)
        self.pyramid = AtrousPyramid(widths[-1], 2 * features)
        self.last = nn.Conv2d(2 * features, 1, 1)

    @override
    def forward(self, crops: Tensor) -> Tensor:
        found = self.last(self.pyramid(self.stages(self.stem(crops))))
        return functional.hardtanh(functional.interpolate(found, crops.shape[2:], mode="bilinear"))


class BorderRefinement(nn.Module):
    """(B, F, H, W) to the same, times one connectivity map of its places (figure 6.3)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.connectivity = nn.Conv2d(features, 1, 1)

    @override
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.connectivity(x))


class Level(nn.Module):
    """(B, widths[0], H, W) to the same, and what all coarser levels of these widths add to it."""

    def __init__(self, widths: list[int], refine: bool) -> None:
        super().__init__()
        own, coarser = widths[:2]
        self.across = ResidualBlock(own, own)
        self.encode = ResidualBlock(own, coarser, 2)
        self.inner: nn.Module = (
            Level(widths[1:], refine) if len(widths) > 2 else ResidualBlock(coarser, coarser)
        )
        self.decode = ResidualBlock(coarser, own)
        self.refine = BorderRefinement(own) if refine else nn.Identity()

    @override
    def forward(self, x: Tensor) -> Tensor:
        y = self.refine(self.decode(self.inner(self.encode(x))))
        across: Tensor = self.across(x)
        return across + functional.interpolate(y, scale_factor=2.0, mode="nearest")


class HairNetwork(nn.Module):
    """Crops (B, 3, S, S) in 0..1 and hints (B, C, S/2, S/2) to logits (B, 2, S, S): of what is not
    of the region, and of what is. S is a multiple of 32. hints: C, see hints.py; the second stage
    is told them. prior: whether there is a first stage."""

    def __init__(self, features: int, prior: bool, refine: bool) -> None:
        super().__init__()
        self.prior = ShapePrior(features) if prior else None
        self.seen = nn.Conv2d(3 + prior, features, 4, STRIDE, 1, bias=False)
        self.told = nn.Conv2d(hint_count(_LABELS - 1), features, 1, bias=False)
        self.norm = nn.BatchNorm2d(features)
        self.levels = Level([features * width for width in _LEVELS], refine)
        self.logits = nn.Conv2d(features, _LABELS * STRIDE**2, 1)

    @override
    def forward(self, crops: Tensor, hints: Tensor) -> Tensor:
        return self.both(crops, hints)[1]

    def both(self, crops: Tensor, hints: Tensor) -> tuple[Tensor | None, Tensor]:
        """The distance maps (B, 1, S, S) of the first stage, None without one; and the logits."""
        prior = None if self.prior is None else self.prior(crops)
        seen = crops if prior is None else torch.cat([crops, prior.to(crops.dtype)], dim=1)
        x = self.levels(functional.relu(self.norm(self.seen(seen) + self.told(hints))))
        return prior, functional.pixel_shuffle(self.logits(x).float(), STRIDE)


def _normed(convolution: nn.Conv2d) -> nn.Sequential:
    return nn.Sequential(convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU())
