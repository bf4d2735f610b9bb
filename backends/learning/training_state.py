"""What a training has come to: all that it needs to go on."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


@dataclass(eq=False)
class TrainingState(Generic[Network]):
    """network is being trained, average is its running mean, which is what gets used. losses: the
    mean of each epoch so far. seconds: spent on them."""

    network: Network
    average: Network
    optimiser: torch.optim.Optimizer
    losses: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @torch.no_grad()
    def follow(self, keep: float) -> None:
        """Moves the running mean towards the network: `keep` of the mean stays."""
        fresh = self.network.state_dict()
        for name, value in self.average.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(fresh[name], 1.0 - keep)
            else:
                value.copy_(fresh[name])
