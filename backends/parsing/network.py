"""An hourglass of inverted bottlenecks: which region each pixel of a crop belongs to.

The mobile hourglass of chapter 7 of the thesis "Deep face analysis": depth 4, one block at each
place (Newell et al., ECCV 2016), inverted bottlenecks (Sandler et al., CVPR 2018), dense layers at
the end (Huang et al., CVPR 2017). It differs in its resolution: it works at half the crop's, and
each of its cells says four pixels at its end, so that a crop costs a quarter of the time.
"""

import copy

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.learning.blocks import folded_norm
from landmark_annotator.backends.learning.device import REDUCED
from landmark_annotator.backends.segmentation.hints import STRIDE

DEPTH = 4
_GROWTH = 8


class InvertedBottleneck(nn.Module):
    """(B, F, H, W) to the same: widened by the expansion, filtered channel by channel, narrowed,
    and added to what came in."""

    def __init__(self, features: int, expansion: int) -> None:
        super().__init__()
        wide = features * expansion
        self.widen = _normed(nn.Conv2d(features, wide, 1, bias=False))
        self.filter = _normed(nn.Conv2d(wide, wide, 3, 1, 1, groups=wide, bias=False))
        self.narrow = _normed(nn.Conv2d(wide, features, 1, bias=False))

    @override
    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(self.widen(x))
        narrow: Tensor = self.narrow(functional.relu6(self.filter(y)))
        return x + narrow


class Hourglass(nn.Module):
    """(B, F, H, W) to the same; H and W are multiples of 2 ** depth."""

    def __init__(self, features: int, expansion: int, depth: int) -> None:
        super().__init__()
        self.across = InvertedBottleneck(features, expansion)
        self.down = InvertedBottleneck(features, expansion)
        self.inner: nn.Module = (
            Hourglass(features, expansion, depth - 1)
            if depth > 1
            else InvertedBottleneck(features, expansion)
        )
        self.up = InvertedBottleneck(features, expansion)

    @override
    def forward(self, x: Tensor) -> Tensor:
        y = self.up(self.inner(self.down(functional.max_pool2d(x, 2))))
        across: Tensor = self.across(x)
        return across + functional.interpolate(y, scale_factor=2.0, mode="nearest")


class DenseLayer(nn.Module):
    """(B, F, H, W) to (B, F + growth, H, W): what came in, and what is found in it."""

    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.grow = _normed(nn.Conv2d(inputs, growth, 3, 1, 1, bias=False))

    @override
    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, functional.relu(self.grow(x))], dim=1)


class ParsingNetwork(nn.Module):
    """Crops (B, 3, S, S) in 0..1 and hints (B, C, S/2, S/2) to logits (B, R + 1, S, S).

    The first of them is that of no region. S is a multiple of 32. hints: C, see hints.py. dense:
    layers at its end.
    """

    def __init__(self, regions: int, hints: int, features: int, expansion: int, dense: int) -> None:
        super().__init__()
        self.seen = nn.Conv2d(3, features, 4, STRIDE, 1, bias=False)
        self.told = nn.Conv2d(hints, features, 1, bias=False)
        self.norm = nn.BatchNorm2d(features)
        self.first = InvertedBottleneck(features, expansion)
        self.hourglass = Hourglass(features, expansion, DEPTH)
        self.dense = nn.Sequential(
            *(DenseLayer(features + _GROWTH * index, _GROWTH) for index in range(dense))
        )
        last = features + _GROWTH * dense
        self.logits = nn.Conv2d(last, (regions + 1) * STRIDE**2, 1)
        nn.init.normal_(self.logits.weight, std=0.01)

    @override
    def forward(self, crops: Tensor, hints: Tensor) -> Tensor:
        x = functional.relu(self.norm(self.seen(crops) + self.told(hints)))
        x = self.dense(self.hourglass(self.first(x)))
        return functional.pixel_shuffle(self.logits(x).float(), STRIDE)


def folded(network: ParsingNetwork, precision: torch.dtype = REDUCED) -> ParsingNetwork:
    """The same function for proposing, faster: norms folded into the convolutions before them."""
    fast = copy.deepcopy(network).eval()
    for module in fast.modules():
        if isinstance(module, InvertedBottleneck):
            module.widen, module.filter, module.narrow = (
                nn.Sequential(*folded_norm(*part))
                for part in (module.widen, module.filter, module.narrow)
            )
        elif isinstance(module, DenseLayer):
            module.grow = nn.Sequential(*folded_norm(*module.grow))
    fast.to(precision)
    fast.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return fast


def _normed(convolution: nn.Conv2d) -> nn.Sequential:
    return nn.Sequential(convolution, nn.BatchNorm2d(convolution.out_channels))
