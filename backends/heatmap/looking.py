"""From pixels and a box to densities along a box that fits the object."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from backends.exemplar.crops import crop
from backends.exemplar.scores import as_batch
from backends.heatmap.augmentation import MARGIN, from_crop
from backends.heatmap.densities import moments
from backends.heatmap.network import STRIDE, HeatmapNetwork, folded
from backends.shapes.alignment import similarity_box
from projects.vocabulary.arrays import Floats, Pixels
from projects.vocabulary.box import Box

MOST_LOOKS = 3
_SETTLED = 0.02
"""Sides of the box: where the second crop would differ by less, it is the last one."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What the network sees of one instance, in the frame of `box`.

    densities: (L, H, W) weights that sum to one for each landmark. scales: (L,) the predicted
    distance of a landmark from its density's mean.
    """

    box: Box
    densities: Tensor
    scales: Floats

    @cached_property
    def _moments(self) -> tuple[Tensor, Tensor]:
        return moments(self.densities[None])

    @property
    def cell(self) -> float:
        """Side of a cell in the box frame."""
        return MARGIN / self.densities.shape[2]

    @property
    def points(self) -> Floats:
        """(L, 2) the means of the densities."""
        return self.in_frame(self._moments[0][0])

    @property
    def spreads(self) -> Floats:
        """(L, 2, 2) the covariances of the densities, without the kernel's."""
        return self._moments[1][0].double().numpy() * self.cell**2

    def in_frame(self, cells: Tensor) -> Floats:
        """(..., 2) cells to the box frame."""
        pixels = (cells.double().numpy() + 0.5) * STRIDE - 0.5
        return from_crop(pixels, self.densities.shape[2] * STRIDE)


@dataclass(frozen=True, eq=False)
class Looker:
    """network: in evaluation mode. reference: (L, 2) the mean shape in the canonical frame.
    mirror: the scheme's exchange of landmarks, None where it has no partners."""

    network: HeatmapNetwork
    reference: Floats
    mirror: Sequence[int] | None
    size: int

    def look(self, pixels: Pixels, box: Box) -> Sight:
        """Looks along the drawn box, then along the box that fits what was seen, until that box
        stays where it is; the last time at the mirror image as well."""
        for _ in range(MOST_LOOKS - 1):
            seen = self._look(pixels, box, mirrored=False)
            fitting = similarity_box(self.reference, box.to_image(seen.points))
            if not _usable(fitting, box):
                break
            settled = _difference(box, fitting) < _SETTLED
            box = fitting
            if settled:
                break
        return self._look(pixels, box, mirrored=self.mirror is not None)

    @cached_property
    def _fast(self) -> HeatmapNetwork:
        return folded(self.network)

    def _look(self, pixels: Pixels, box: Box, mirrored: bool) -> Sight:
        crops = [crop(pixels, box, self.size, MARGIN)]
        if mirrored:
            crops.append(crop(pixels, box, self.size, MARGIN, flip=True))
        with torch.inference_mode():
            densities, log_scales = self._fast(as_batch(np.stack(crops)).bfloat16())
        seen, scales = densities[0], log_scales.exp().double()
        scale = scales[0]
        if mirrored and self.mirror is not None:
            order = list(self.mirror)
            seen = (seen + densities[1][order].flip(2)) / 2
            scale = (scale + scales[1][order]) / 2
        return Sight(box, seen, scale.numpy() * MARGIN / seen.shape[2])


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
