"""Coordinates as what a network gives: from crops to the frame of a box, and what is learned from.

All places are in the frame of the box that a crop was cut along, in sides of that box.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.densities.augmentation import MARGIN, Patch
from landmark_annotator.backends.densities.network import CropNetwork
from landmark_annotator.projects.vocabulary.scheme import Scheme

Network = TypeVar("Network", bound=CropNetwork)

UNIT = 0.1
"""Sides of the box that moves of landmarks are counted in, so that they are about one."""
FIRST_SCALE = 0.05
"""Sides of the box: the distance that is expected before anything is learned."""
_LEAST_SCALE = 0.002
"""Sides of the box: a narrower distribution would make single labels' errors count for all."""


def mean_shape(patches: Sequence[Patch]) -> Tensor:
    """(L, 2) of the drawn boxes; a landmark that nobody has labelled is in the middle."""
    shapes = np.stack([each.drawn.to_frame(each.points) for each in patches])
    known = np.isfinite(shapes)
    sums = np.where(known, shapes, 0.0).sum(axis=0)
    return torch.from_numpy(sums / np.maximum(known.sum(axis=0), 1)).float()


def in_frame(pixels: Tensor, size: int) -> Tensor:
    """(..., 2) pixels of a crop of this size to the frame of its box."""
    return ((pixels + 0.5) / size - 0.5) * MARGIN


def eye_distances(places: Tensor, scheme: Scheme) -> Tensor:
    """(B,) what errors of shapes (B, L, 2) are divided by, as `Scheme.normaliser_length` has it;
    the box's diagonal serves where that is unknown."""
    diagonal = places.new_full((len(places),), 2.0**0.5)
    if scheme.normaliser is None:
        return diagonal
    first, second = scheme.normaliser
    lengths = torch.linalg.vector_norm(places[:, first] - places[:, second], dim=1)
    return torch.where(lengths > 0, lengths, diagonal)


def scale_likelihood(
    points: Tensor, log_scales: Tensor, targets: Tensor, weights: Tensor
) -> Tensor:
    """(B,) the mean over landmarks of -log of an isotropic Laplace density in the plane,
    exp(-r / b) / (2 pi b^2), at the targets (B, L, 2). The points (B, L, 2) do not learn from it.
    weights: (B, L), nought where the target is unknown."""
    distance = (points.detach() - targets).square().sum(dim=2).add(1e-10).sqrt()
    scale = log_scales.exp() + _LEAST_SCALE
    unlikely = distance / scale + 2 * scale.log() + math.log(2 * math.pi)
    return (unlikely * weights).sum(dim=1) / weights.sum(dim=1).clamp_min(1)
