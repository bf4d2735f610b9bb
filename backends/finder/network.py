"""A small convolutional network that says of every place of an image whether an object is there.

Anchor-free, after Zhou, Wang, Kraehenbuehl, "Objects as Points" (arXiv 1904.07850, 2019).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.learning.blocks import ResidualBlock, fast_copy, residual_stages

STRIDE = 8
"""Pixels of the image in a cell of what comes out."""
DEEPEST = 32
"""Sides of images are multiples of it."""
_UNIT = 64.0
"""Pixels: a log side of nought."""
_REACH = 2.0
"""Cells by which a centre lies from its cell where the network says one."""
_RARE = -4.0
"""Logit of an object before anything is learned: nearly nowhere is one."""

STEM, WIDTHS, UP = 16, (32, 64, 96, 128), 64
"""Channels at 1/2; at 1/4, 1/8, 1/16 and 1/32; and on the way back up."""


class FinderNetwork(nn.Module):
    """Images (B, 3, H, W) in 0..1 to (B, 7, H/8, W/8): the logit that an object's centre is in the
    cell; the centre (x, y) from the cell's, in units of two cells; the logs of width and height in
    units of 64 pixels; and where the object points, (x, y) of any length. H and W are multiples
    of 32.
    """

    def __init__(self) -> None:
        super().__init__()
        quarter, eighth, sixteenth, least = WIDTHS
        self.stem = nn.Sequential(
            nn.Conv2d(3, STEM, 5, 2, 2, bias=False), nn.BatchNorm2d(STEM), nn.ReLU()
        )
        self.eighth = residual_stages(STEM, [quarter, eighth], [2, 2], depth=2)
        self.sixteenth = residual_stages(eighth, [sixteenth], [2], depth=2)
        self.least = residual_stages(sixteenth, [least], [2], depth=2)
        self.across = nn.ModuleList(nn.Conv2d(w, UP, 1) for w in (eighth, sixteenth, least))
        self.up = nn.ModuleList([ResidualBlock(UP, UP), ResidualBlock(UP, UP)])
        self.says = nn.Conv2d(UP, 7, 1)
        nn.init.normal_(self.says.weight, std=0.01)
        with torch.no_grad():
            assert self.says.bias is not None
            self.says.bias.copy_(torch.tensor([_RARE, *[0.0] * 6]))

    @override
    def forward(self, images: Tensor) -> Tensor:
        eighth = self.eighth(self.stem(images))
        sixteenth = self.sixteenth(eighth)
        x = self.across[2](self.least(sixteenth))
        for up, across, level in zip(
            self.up, self.across[1::-1], (sixteenth, eighth), strict=False
        ):
            x = up(functional.interpolate(x, scale_factor=2.0, mode="nearest") + across(level))
        said: Tensor = self.says(x)
        return said.float()


def boxes_at(said: Tensor) -> Tensor:
    """(..., 7, H, W) of the network to (..., 4, H, W): centre (x, y), width and height in pixels of
    the image that the network saw, by the centres of its pixels."""
    height, width = said.shape[-2:]
    rows = torch.arange(height, device=said.device, dtype=said.dtype)
    columns = torch.arange(width, device=said.device, dtype=said.dtype)
    x = (columns + 0.5 + _REACH * said[..., 1, :, :]) * STRIDE - 0.5
    y = (rows[:, None] + 0.5 + _REACH * said[..., 2, :, :]) * STRIDE - 0.5
    # No object is larger than any image, whatever an untrained network says.
    sides = _UNIT * said[..., 3:5, :, :].clamp(-4.0, 4.0).exp()
    return torch.cat([torch.stack([x, y], dim=-3), sides], dim=-3)


def folded(network: FinderNetwork) -> FinderNetwork:
    """The same function for finding, faster."""
    return fast_copy(network, "stem")
