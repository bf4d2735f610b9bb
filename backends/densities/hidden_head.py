"""Whether something hides a landmark, read from what a network sees where the landmark's density
is, and from whether it sees the others."""

import torch
from torch import Tensor, nn
from typing_extensions import override


class HiddenHead(nn.Module):
    """Features (B, L, F) to log odds (B, L).

    Each landmark's own features give log odds of their own; what hides one mostly hides its
    neighbours too, so each listens to all of them. The result is brought to true frequencies by a
    scale and shifts (L,), see `hidden_calibration`. widening: the share that a landmark's variance
    gains with the probability.
    """

    scale: Tensor
    shift: Tensor
    widening: Tensor

    def __init__(self, landmarks: int, features: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(landmarks, features))
        self.bias = nn.Parameter(torch.zeros(landmarks))
        self.neighbours = nn.Parameter(torch.zeros(landmarks, landmarks))
        self.register_buffer("scale", torch.ones(()))
        self.register_buffer("shift", torch.zeros(landmarks))
        self.register_buffer("widening", torch.zeros(()))

    @override
    def forward(self, features: Tensor) -> Tensor:
        alone = (features * self.weights).sum(dim=2) + self.bias
        return self.scale * (alone + alone.tanh() @ self.neighbours) + self.shift
