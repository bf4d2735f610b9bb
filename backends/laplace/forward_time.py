"""What the network costs by its number of channels: table 3 of the paper, without the errors."""

import time

import torch

from landmark_annotator.backends.laplace.network import LaplaceNetwork

_ROUNDS = 20
_WARM_UP = 3


def frames_per_second(landmarks: int, channels: int, size: int) -> float:
    """Of one crop at a time, in single precision, in seconds of the processor: as on one core that
    has nothing else to do, whatever the machine does besides. The weights are untrained, which
    takes as long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    network = LaplaceNetwork(landmarks, channels).eval()
    crops = torch.rand(1, 3, size, size)
    started = 0.0
    with torch.inference_mode():
        for turn in range(-_WARM_UP, _ROUNDS):
            if turn == 0:
                started = time.process_time()
            network(crops)
    spent = time.process_time() - started
    torch.set_num_threads(before)
    return _ROUNDS / spent


def megabytes(landmarks: int, channels: int) -> float:
    """Of all weights in single precision, in millions of bytes."""
    network = LaplaceNetwork(landmarks, channels)
    return sum(each.numel() for each in network.parameters()) * 4 / 1e6
