"""Crops as what a network takes."""

import torch

from projects.vocabulary.arrays import Pixels


def as_batch(crops: Pixels) -> torch.Tensor:
    """(B, size, size, 3) bytes to the network's (B, 3, size, size) in 0..1."""
    batch = torch.from_numpy(crops).permute(0, 3, 1, 2).float().div(255.0)
    return batch.contiguous(memory_format=torch.channels_last)
