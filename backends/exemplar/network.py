"""A compact residual network with linear heads: K class scores and a box correction."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from landmark_annotator.backends.learning.blocks import residual_stages

WIDTHS = (32, 64, 128, 192)
FEATURES = 256


class _ClassLayer(nn.Module):
    """K scores from the features. A rank above 0 puts a bottleneck before them: at K = 140,000
    the full layer has 36 million weights, which train slowly and overflow what can be shipped."""

    def __init__(self, classes: int, rank: int) -> None:
        super().__init__()
        self.reduce = nn.Linear(FEATURES, rank, bias=False) if rank else None
        self.last = nn.Linear(rank or FEATURES, classes)
        nn.init.normal_(self.last.weight, std=rank**-0.5 if rank else 0.02)
        # Few classes are right for any one image: start from there.
        nn.init.constant_(self.last.bias, -4.0)

    @override
    def forward(self, features: Tensor) -> Tensor:
        if self.reduce is not None:
            features = self.reduce(features)
        scores: Tensor = self.last(features)
        return scores

    def weights(self) -> Tensor:
        """(K, F) what the features are multiplied with."""
        if self.reduce is None:
            return self.last.weight
        return self.last.weight @ self.reduce.weight


class ExemplarNetwork(nn.Module):
    """Crops (B, 3, size, size) in 0..1 to scores (H, B, K), corrections (B, 4), points (B, L, 2).

    In training there may be several class layers (H of them), one for each membership radius that
    is tried; `keep_head` leaves the best.

    A correction is (shift x, shift y, scale cos turn - 1, scale sin turn): the similarity from the
    crop's box to the canonical box, in the frame of the crop's box. The points are regressed in
    that frame and serve training only: coordinates teach the features where things are much
    faster than class labels do. The features keep where things are (flattened, not pooled away),
    because shape is position.
    """

    def __init__(
        self, classes: int, landmarks: int, size: int, rank: int = 0, heads: int = 1
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, WIDTHS[0], 5, 2, 2, bias=False), nn.BatchNorm2d(WIDTHS[0]), nn.ReLU()
        )
        self.trunk = residual_stages(WIDTHS[0], WIDTHS, [2] * len(WIDTHS), depth=2)
        cells = -(-size // 2 ** (len(WIDTHS) + 1))
        self.squeeze = nn.Conv2d(WIDTHS[-1], 64, 1)
        self.features = nn.Linear(64 * cells * cells, FEATURES)
        self.dropout = nn.Dropout(0.2)
        self.heads = nn.ModuleList(_ClassLayer(classes, rank) for _ in range(heads))
        self.box = nn.Linear(FEATURES, 4)
        self.points = nn.Linear(FEATURES, 2 * landmarks)
        nn.init.zeros_(self.box.weight)
        nn.init.zeros_(self.box.bias)

    def embed(self, crops: Tensor) -> Tensor:
        """(B, F) features, which all heads are linear in."""
        x = self.trunk(self.stem(crops * 2.0 - 1.0))
        x = functional.relu(self.squeeze(x))
        return functional.relu(self.features(torch.flatten(x, 1)))

    @override
    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        features = self.embed(crops)
        dropped = self.dropout(features)
        scores = torch.stack([head(dropped) for head in self.heads])
        points = self.points(features).reshape(len(crops), -1, 2)
        return scores, self.box(features), points

    def class_weights(self) -> Tensor:
        """(K, F) of the first class layer."""
        layer = self.heads[0]
        assert isinstance(layer, _ClassLayer)
        return layer.weights()

    def keep_head(self, index: int) -> None:
        """Drops all class layers but one."""
        self.heads = nn.ModuleList([self.heads[index]])
