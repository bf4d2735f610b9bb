"""The three modules of the occlusion-adaptive network, Zhu et al. (CVPR 2019), section 3.

The paper names no numbers of channels; those of the pathways are fractions of their inputs'.
"""

import torch
from torch import Tensor, nn
from typing_extensions import override

_GEOMETRY_SHARE = 4
_OCCLUSION_SHARE = 8
"""Pathway D "only needs less channels" than pathway A (section 3.2)."""
_LEAST_EIGENVALUE = 1e-10
"""Squared singular values below that are noughts: what single precision cannot tell from them."""


def pathway(inputs: int, channels: int, kernel: int) -> nn.Sequential:
    """A 1 x 1, a kernel x kernel and a 1 x 1 convolution, the last one without a norm behind it.
    (B, inputs, H, W) to (B, channels, H, W)."""
    return nn.Sequential(
        nn.Conv2d(inputs, channels, 1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, channels, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Conv2d(channels, channels, 1),
    )


class GeometryModule(nn.Module):
    """Relations between distant parts: (B, inputs, H, H) to (B, outputs, H, H), section 3.1.

    Pathway A (3 x 3) and pathway B (5 x 5) see features at two scales; channel by channel their
    outputs are multiplied as matrices, G_ij = sum_k A_ik B_kj: a place of the product is made of
    its whole row of A and its whole column of B, "a weighted sum of the features at all positions
    from the corresponding row and column". A 1 x 1 convolution of G is what comes out.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.outputs = inputs // _GEOMETRY_SHARE
        self.a = pathway(inputs, self.outputs, 3)
        self.b = pathway(inputs, self.outputs, 5)
        self.last = nn.Sequential(
            nn.Conv2d(self.outputs, self.outputs, 1, bias=False),
            nn.BatchNorm2d(self.outputs),
            nn.ReLU(),
        )

    @override
    def forward(self, features: Tensor) -> Tensor:
        product: Tensor = self.last(self.a(features) @ self.b(features))
        return product


class DistillationModule(nn.Module):
    """How much each place shows of the object: pathway D of section 3.2.

    (B, inputs, H, W) features to (B, 1, H, W) logits, whose sigmoid P is what the features of that
    place are multiplied with: near nought where something covers the object, and on the background.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__()
        channels = inputs // _OCCLUSION_SHARE
        self.features = pathway(inputs, channels, 3)
        self.last = nn.Conv2d(channels, 1, 1)

    @override
    def forward(self, features: Tensor) -> Tensor:
        logits: Tensor = self.last(self.features(features).relu())
        return logits


class LowRankModule(nn.Module):
    """The shared structural matrix M of section 3.3: features X (B, inputs) to X M (B, outputs).

    M is learned with its nuclear norm small, so what comes out lies in the span of few directions:
    features that go together are told from each other where some are missing.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.matrix = nn.Parameter(torch.empty(inputs, outputs))
        nn.init.orthogonal_(self.matrix)

    @override
    def forward(self, features: Tensor) -> Tensor:
        return features @ self.matrix

    def nuclear_norm(self) -> Tensor:
        """The sum of the singular values (equation 4). Its gradient is U V^T, without the
        directions whose singular value is nought, where that is one of many (equation 8).

        By the eigenvalues of M^T M: M has many more rows than columns.
        """
        squares = torch.linalg.eigvalsh(self.matrix.T @ self.matrix)
        kept: Tensor = squares[squares > _LEAST_EIGENVALUE * squares[-1].detach()]
        return kept.sqrt().sum()

    def effective_rank(self) -> float:
        """The exponential of the entropy of the singular values' shares: as many directions as M
        would have if it used them all alike (Roy, Vetterli, "The effective rank", 2007)."""
        values = torch.linalg.svdvals(self.matrix.detach().double())
        shares = values / values.sum()
        return float(torch.special.entr(shares).sum().exp())
