"""The two-branch network: a shared residual trunk, a sparse and a dense branch.

After section 5.5.4 of the thesis "Deep face analysis", whose trunk is ResNet-18 (He et al.,
"Deep residual learning for image recognition", CVPR 2016), available as a setting. The small
trunk is a tenth of it, for two cores.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.learning.blocks import residual_stages

FEATURES = 256
_FEATURE_SIZE = 0.25
"""The branches learn this much squared more slowly than the trunk: at one rate for all, steps that
are large enough for the trunk make the branches restless."""
UNIT = 0.1
"""Sides of the box that the branches count in, so that their outputs are about one."""


def _small(size: int) -> tuple[nn.Module, int]:
    """The features keep where things are (flattened, not pooled away): shape is position."""
    cells = -(-size // 16)
    trunk = nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, 2, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        residual_stages(16, (24, 48, 96, 128), (2, 2, 2, 1), 1),
        nn.Conv2d(128, 48, 1),
        nn.ReLU(),
        nn.Flatten(),
    )
    return trunk, 48 * cells * cells


def _resnet18() -> tuple[nn.Module, int]:
    trunk = nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
        residual_stages(64, (64, 128, 256, 512), (1, 2, 2, 2), 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )
    return trunk, 512


class TwoBranchNetwork(nn.Module):
    """Crops (B, 3, size, size) in 0..1 to landmarks (B, L, 2) in the frame of each crop's box.

    sparse: the landmarks of the sparse branch; all others are the dense branch's. mean: (L, 2)
    the shape that both branches start from. The output is linear in the trunk's features (B, F).
    """

    mean: Tensor
    order: Tensor

    def __init__(
        self, landmarks: int, sparse: Sequence[int], size: int, trunk: str, mean: Tensor
    ) -> None:
        super().__init__()
        dense = [j for j in range(landmarks) if j not in set(sparse)]
        self.trunk, width = _small(size) if trunk == "small" else _resnet18()
        self.features = nn.Linear(width, FEATURES)
        # Features of one size each, so that plain gradient descent moves all branches alike.
        self.norm = nn.BatchNorm1d(FEATURES, affine=False)
        self.sparse = nn.Linear(FEATURES, 2 * len(sparse))
        self.dense = nn.Linear(FEATURES, 2 * len(dense))
        for branch in (self.sparse, self.dense):
            nn.init.zeros_(branch.weight)
            nn.init.zeros_(branch.bias)
        self.register_buffer("mean", mean.float())
        self.register_buffer("order", torch.argsort(torch.tensor([*sparse, *dense])))

    def embed(self, crops: Tensor) -> Tensor:
        """(B, F) features, which both branches are linear in."""
        features = functional.relu(self.features(self.trunk(crops * 2.0 - 1.0)))
        normed: Tensor = self.norm(features)
        return normed * _FEATURE_SIZE

    def landmarks(self, features: Tensor) -> Tensor:
        """(B, F) to (B, L, 2)."""
        both = torch.cat([self.sparse(features), self.dense(features)], dim=1)
        moves = both.reshape(len(features), -1, 2)[:, self.order]
        return self.mean + UNIT * moves

    @override
    def forward(self, crops: Tensor) -> Tensor:
        return self.landmarks(self.embed(crops))
