"""What a forward pass takes by the number of classes."""

import time
from collections.abc import Sequence

import numpy as np
import torch

from landmark_annotator.backends.exemplar.network import ExemplarNetwork

_ROUNDS = 40
_WARM_UP = 5


def forward_milliseconds(
    classes: Sequence[int], rank: int, size: int = 96, landmarks: int = 68
) -> list[float]:
    """Median milliseconds for a crop and its mirror image, for each number of classes.

    By turns, so that whatever else the machine does slows all of them alike. The weights are
    untrained, which takes as long.
    """
    networks = [ExemplarNetwork(count, landmarks, size, rank).eval() for count in classes]
    crops = torch.rand(2, 3, size, size).contiguous(memory_format=torch.channels_last)
    spent = np.empty((_ROUNDS, len(networks)))
    with torch.inference_mode():
        for turn in range(-_WARM_UP, _ROUNDS):
            for index, network in enumerate(networks):
                started = time.perf_counter()
                network(crops)
                if turn >= 0:
                    spent[turn, index] = 1000 * (time.perf_counter() - started)
    return [float(value) for value in np.median(spent, axis=0)]
