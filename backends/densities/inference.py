"""From pixels and a box to what a network sees along a box that fits the object."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from typing_extensions import override

from landmark_annotator.backends.densities.augmentation import MARGIN, from_crop
from landmark_annotator.backends.densities.fitted_box import fitting_box, stepped
from landmark_annotator.backends.densities.grid import moments
from landmark_annotator.backends.densities.hidden_head import HiddenHead
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

    points: (L, 2) where it puts the landmarks: means of densities. spreads: (L, 2, 2) the
    densities' covariances, without the kernel's, and scales: (L,) the predicted distance of a
    landmark from its point: averages over the crops that were looked at. hidden: (L,) the
    probability that something hides the landmark, None where the network has not learned it.
    """

    box: Box
    points: Floats
    spreads: Floats
    scales: Floats
    hidden: Floats | None = None


class Inference(ABC):
    """How a network is used. network: in evaluation mode. reference: (L, 2) the mean shape in the
    canonical frame. size: side of a crop in pixels. hidden: what reads from its features whether
    landmarks are hidden, None where nothing has learned it."""

    network: nn.Module
    reference: Floats
    size: int
    hidden: HiddenHead | None = None

    def infer(self, pixels: Pixels, box: Box) -> Observation:
        """Looks along the drawn box, then along the box that fits what was seen, until that box
        stays about where it is; the last time twice, once in the mirror."""
        for _ in range(MOST_PASSES - 1):
            seen = self.look(pixels, box, final=False)
            fitting = fitting_box(self.reference, seen.points, seen.spreads, box)
            if not _usable(fitting, box):
                break
            settled = _difference(box, fitting) < SETTLED
            box = stepped(box, fitting)
            if settled:
                break
        return self.look(pixels, box, final=True)

    @abstractmethod
    def look(self, pixels: Pixels, box: Box, final: bool) -> Observation:
        """Once, along this box; twice, where it is the last time."""

    def exactly(self) -> "Inference":
        """In single precision."""
        return self

    def telling_hidden(self, head: HiddenHead | None) -> "Inference":
        """The same with this head, where its network has features to read."""
        return self


Infer = Callable[[Any, Floats, Sequence[int] | None, int], Inference]
"""(network, reference, the scheme's mirror or None, size of crops) to how the network is used."""


@dataclass(frozen=True, eq=False)
class CropInference(Inference):
    """Of densities. mirror: the scheme's exchange of landmarks, None where it has no partners.
    precision: of what the network computes."""

    network: DensityNetwork
    reference: Floats
    mirror: Sequence[int] | None
    size: int
    precision: torch.dtype = REDUCED
    hidden: HiddenHead | None = None

    @override
    def telling_hidden(self, head: HiddenHead | None) -> "CropInference":
        return replace(self, hidden=head)

    @override
    def exactly(self) -> "CropInference":
        return replace(self, precision=torch.float32)

    @cached_property
    def _fast(self) -> DensityNetwork:
        return self.network.fast(self.precision)

    @override
    def look(self, pixels: Pixels, box: Box, final: bool) -> Observation:
        boxes = [box, box.moved((NUDGE, NUDGE))] if final else [box]
        mirrored = final and self.mirror is not None
        crops = [
            crop(pixels, each, self.size, MARGIN, flip=mirrored and each is not box)
            for each in boxes
        ]
        with torch.inference_mode():
            batch = as_batch(np.stack(crops)).to(device_of(self._fast), self.precision)
            densities, log_scales, features = self._fast.look(batch)
            hidden = self._hidden(features, mirrored) if final else None
            if mirrored and self.mirror is not None:
                order = list(self.mirror)
                densities[1] = densities[1, order].flip(2)
                log_scales[1] = log_scales[1, order]
            centres, spreads = moments(densities)
        log_scales, centres, spreads = (part.cpu() for part in (log_scales, centres, spreads))
        points = [
            box.to_frame(each.to_image(in_frame(centre, self.size, self.network.stride)))
            for each, centre in zip(boxes, centres, strict=True)
        ]
        cell = MARGIN / densities.shape[2]
        return Observation(
            box,
            np.mean(points, axis=0),
            spreads.mean(dim=0).double().numpy() * cell**2,
            log_scales.exp().mean(dim=0).double().numpy() * cell,
            hidden,
        )

    def densities(self, pixels: Pixels, box: Box) -> Tensor:
        """(L, H, W) along this box."""
        pixels = crop(pixels, box, self.size, MARGIN)
        with torch.inference_mode():
            batch = as_batch(pixels[None]).to(device_of(self._fast), self.precision)
            found: Tensor = self._fast(batch)[0][0].cpu()
        return found

    def _hidden(self, features: Tensor | None, mirrored: bool) -> Floats | None:
        """(L,) from those of one crop or of two (B, L, F), the second one in the mirror."""
        if self.hidden is None or features is None:
            return None
        log_odds = self.hidden(features.float())
        if mirrored and self.mirror is not None:
            log_odds[1] = log_odds[1, list(self.mirror)]
        return np.asarray(log_odds.mean(dim=0).sigmoid().cpu().double().numpy())


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
