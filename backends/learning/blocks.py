"""Residual blocks: He et al., "Deep residual learning for image recognition", CVPR 2016."""

import copy
from collections.abc import Sequence
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval
from typing_extensions import override

from landmark_annotator.backends.learning.device import REDUCED

_Network = TypeVar("_Network", bound=nn.Module)


class ResidualBlock(nn.Module):
    """Two 3 x 3 convolutions around a shortcut. (B, inputs, H, W) to (B, outputs, H / stride,
    W / stride), rounded up."""

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

    @override
    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return functional.relu(y + self.shortcut(x))

    def fold_norms(self) -> None:
        """The same function in evaluation, with the norms folded into the convolutions."""
        self.first, self.first_norm = folded_norm(self.first, self.first_norm)
        self.second, self.second_norm = folded_norm(self.second, self.second_norm)
        if isinstance(self.shortcut, nn.Sequential):
            self.shortcut = nn.Sequential(*folded_norm(*self.shortcut))


def residual_stages(
    inputs: int, widths: Sequence[int], strides: Sequence[int], depth: int
) -> nn.Sequential:
    """`depth` blocks for each width, the first of them with the stride."""
    blocks: list[nn.Module] = []
    for outputs, stride in zip(widths, strides, strict=True):
        for index in range(depth):
            blocks.append(ResidualBlock(inputs, outputs, stride if index == 0 else 1))
            inputs = outputs
    return nn.Sequential(*blocks)


def fast_copy(network: _Network, *headed: str, precision: torch.dtype = REDUCED) -> _Network:
    """The same function in evaluation, in half the time: norms folded into the convolutions before
    them, everything in this precision. headed: the names of the parts that begin with a
    convolution and its norm."""
    fast = copy.deepcopy(network).eval()
    for module in list(fast.modules()):
        if isinstance(module, ResidualBlock):
            module.fold_norms()
    for name in headed:
        part = fast.get_submodule(name)
        assert isinstance(part, nn.Sequential)
        part[0], part[1] = folded_norm(part[0], part[1])
    fast.to(precision)
    fast.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return fast


def folded_norm(convolution: Any, norm: Any) -> tuple[nn.Module, nn.Module]:
    """A convolution that does what both did, and what takes the norm's place. Both in evaluation
    mode."""
    return fuse_conv_bn_eval(convolution, norm), nn.Identity()
