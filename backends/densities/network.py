"""What a network gives, whatever it is made of."""

from abc import ABC, abstractmethod
from typing import ClassVar, Self

import torch
from torch import Tensor, nn
from typing_extensions import override

from landmark_annotator.backends.learning.blocks import fast_copy
from landmark_annotator.backends.learning.device import REDUCED


class CropNetwork(nn.Module):
    """multiple: what the crop's side must be a multiple of."""

    multiple: ClassVar[int]


class DensityNetwork(CropNetwork, ABC):
    """stride: pixels of the crop in a cell of a density."""

    stride: ClassVar[int]

    @override
    @abstractmethod
    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Crops (B, 3, S, S) in 0..1 to densities (B, L, S / stride, S / stride), the cells of each
        summing to one, and log scales (B, L): of the landmark's expected distance from the
        density's mean, in cells."""

    def look(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """As `forward`, and features (B, L, F) of each landmark where its density is; None of a
        network that has none to read."""
        return *self(crops), None

    def fast(self, precision: torch.dtype = REDUCED) -> Self:
        """The same function for proposing, faster."""
        return fast_copy(self, precision=precision)
