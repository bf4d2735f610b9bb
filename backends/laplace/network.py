"""A recombinator network of four branches: densities as large as the crop.

Table 1 of Robinson et al. (ICCV 2019), after Honari et al., "Recombinator Networks" (CVPR 2016):
what is seen coarsely is enlarged and joined, branch by branch, with what was seen more finely.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.densities.laplace_divergence import mean_deviations
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.laplace.settings import MULTIPLE

BRANCHES = 4
_LEAK = 0.2
_LEAST_SCALE = 1e-4


class LaplaceNetwork(DensityNetwork):
    """As every `DensityNetwork`, a cell for each pixel. Log scales are those of the densities
    themselves: of the expected distances from their means along both axes."""

    stride = 1
    multiple = MULTIPLE

    def __init__(self, landmarks: int, channels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = dropout
        widths = [3, *[channels] * BRANCHES]
        # From the finest branch to the coarsest.
        self.encoder = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in pairwise(widths))
        self.narrow = nn.ModuleList(
            nn.Conv2d(channels if branch == BRANCHES - 1 else 2 * channels, channels, 1)
            for branch in range(BRANCHES)
        )
        self.joined = nn.ModuleList(
            nn.Conv2d(2 * channels, 2 * channels, 5, padding=2) for _ in range(BRANCHES)
        )
        self.landmarks = nn.Conv2d(2 * channels, landmarks, 1)
        self.densities = nn.Conv2d(landmarks, landmarks, 1)
        self.apply(_begun)

    @override
    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        x, passed = crops, []
        for index, encode in enumerate(self.encoder):
            # No drop-out after the first activation, nor after the last (section 3.4).
            x = self._active(encode(x), dropped=index > 0)
            passed.append(x)
            x = functional.max_pool2d(x, 2)
        for branch in reversed(range(BRANCHES)):
            x = self._active(self.narrow[branch](x))
            x = functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            x = self._active(self.joined[branch](torch.cat([x, passed[branch]], dim=1)))
        x = self._active(self.landmarks(x), dropped=False)
        logits = self.densities(x).float()
        densities = logits.flatten(2).softmax(dim=2).reshape(logits.shape)
        scales = mean_deviations(densities)[1].square().sum(dim=2).sqrt()
        return densities, (scales + _LEAST_SCALE).log()

    def _active(self, x: Tensor, dropped: bool = True) -> Tensor:
        x = functional.leaky_relu(x, _LEAK)
        return functional.dropout(x, self.dropout, self.training) if dropped else x


def _begun(module: nn.Module) -> None:
    """So that a layer's features vary as much as those before it (He et al., ICCV 2015): there are
    no norms that would see to it."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, _LEAK)
        assert module.bias is not None
        nn.init.zeros_(module.bias)
