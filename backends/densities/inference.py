"""From pixels and a box to densities along a box that fits the object."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from landmark_annotator.backends.densities.augmentation import MARGIN, from_crop
from landmark_annotator.backends.densities.fitted_box import fitting_box, stepped
from landmark_annotator.backends.densities.grid import moments
from landmark_annotator.backends.densities.network import DensityNetwork
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import REDUCED, device_of
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

MOST_PASSES = 3
SETTLED = 0.3
"""Sides of the box: where the fitted box differs by less, looking along it is the last pass."""
NUDGE = 0.012
"""Sides of the box by which the mirrored crop is shifted along both axes, so that its cells fall
between those of the first."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What the network sees of one instance, in the frame of `box`.

    densities: (L, H, W) weights that sum to one for each landmark. points: (L, 2) their means,
    spreads: (L, 2, 2) their covariances, without the kernel's, and scales: (L,) the predicted
    distance of a landmark from the mean: averages over the crops that were looked at.
    """

    box: Box
    densities: Tensor
    points: Floats
    spreads: Floats
    scales: Floats

    @property
    def cell(self) -> float:
        """Side of a cell in the box frame."""
        return MARGIN / self.densities.shape[2]


@dataclass(frozen=True, eq=False)
class CropInference:
    """network: in evaluation mode. reference: (L, 2) the mean shape in the canonical frame.
    mirror: the scheme's exchange of landmarks, None where it has no partners. precision: of what
    the network computes."""

    network: DensityNetwork
    reference: Floats
    mirror: Sequence[int] | None
    size: int
    precision: torch.dtype = REDUCED

    def infer(self, pixels: Pixels, box: Box) -> Observation:
        """Looks along the drawn box, then along the box that fits what was seen, until that box
        stays about where it is; the last time twice, once in the mirror."""
        for _ in range(MOST_PASSES - 1):
            seen = self._infer(pixels, box, final=False)
            fitting = fitting_box(self.reference, seen.points, seen.spreads, box)
            if not _usable(fitting, box):
                break
            settled = _difference(box, fitting) < SETTLED
            box = stepped(box, fitting)
            if settled:
                break
        return self._infer(pixels, box, final=True)

    @cached_property
    def _fast(self) -> DensityNetwork:
        return self.network.fast(self.precision)

    def _infer(self, pixels: Pixels, box: Box, final: bool) -> Observation:
        boxes = [box, box.moved((NUDGE, NUDGE))] if final else [box]
        mirrored = final and self.mirror is not None
        crops = [
            crop(pixels, each, self.size, MARGIN, flip=mirrored and each is not box)
            for each in boxes
        ]
        with torch.inference_mode():
            batch = as_batch(np.stack(crops)).to(device_of(self._fast), self.precision)
            densities, log_scales = self._fast(batch)
            if mirrored and self.mirror is not None:
                order = list(self.mirror)
                densities[1] = densities[1, order].flip(2)
                log_scales[1] = log_scales[1, order]
            centres, spreads = moments(densities)
        densities, log_scales, centres, spreads = (
            part.cpu() for part in (densities, log_scales, centres, spreads)
        )
        points = [
            box.to_frame(each.to_image(in_frame(centre, self.size, self.network.stride)))
            for each, centre in zip(boxes, centres, strict=True)
        ]
        cell = MARGIN / densities.shape[2]
        return Observation(
            box,
            densities[0],
            np.mean(points, axis=0),
            spreads.mean(dim=0).double().numpy() * cell**2,
            log_scales.exp().mean(dim=0).double().numpy() * cell,
        )


def in_frame(cells: Tensor, size: int, stride: int) -> Floats:
    """(..., 2) cells of a density, `stride` pixels each, of a crop of this size to the frame of its
    box."""
    return from_crop((cells.double().numpy() + 0.5) * stride - 0.5, size)


def _usable(fitting: Box, box: Box) -> bool:
    """Whether a fitted box is plausible; a network that sees nothing would lead anywhere."""
    ratio = fitting.side / box.side
    away = np.hypot(fitting.centre_x - box.centre_x, fitting.centre_y - box.centre_y)
    return bool(1 / 3 < ratio < 3 and away < box.side)


def _difference(one: Box, other: Box) -> float:
    """How far the corners of two boxes lie apart at most, in sides of the first."""
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]])
    apart = one.to_image(corners) - other.to_image(corners)
    return float(np.hypot(*apart.T).max()) / one.side
