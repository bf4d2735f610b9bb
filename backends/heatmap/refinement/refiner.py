"""From a photograph and where its landmarks are thought to be to densities around those."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch

from landmark_annotator.backends.densities.grid import moments
from landmark_annotator.backends.densities.inference import Observation
from landmark_annotator.backends.heatmap.refinement.close_ups import CloseUp
from landmark_annotator.backends.heatmap.refinement.network import (
    CELLS,
    STRIDE,
    PatchNetwork,
    folded,
)
from landmark_annotator.backends.heatmap.refinement.network_training import as_input
from landmark_annotator.backends.learning.device import REDUCED, device_of
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

TURN = 0.07
"""Radians by which the looks are turned to either side, so that they err less alike."""


@dataclass(frozen=True, eq=False)
class Refiner:
    """network: in evaluation mode. resolution: see `CloseUp`. mirror: the scheme's exchange of
    landmarks, None where it has no partners. precision: of what the network computes."""

    network: PatchNetwork
    resolution: float
    mirror: Sequence[int] | None
    precision: torch.dtype = REDUCED

    def refine(self, pixels: Pixels, first: Observation, believed: Floats) -> Observation:
        """The first stage's observation with other points, spreads and scales.

        believed: (L, 2) in the frame of its box. Looks around them turned to one side and to the
        other, that one in the mirror where there is one. Not again around what was found: a patch
        says where its landmark is against where it was believed to be, and that would be forgotten.
        Patches begin at whole pixels of the finest level, so that wherever the model runs it sees
        the very same ones.
        """
        believed = np.round(believed * self.resolution) / self.resolution
        seen = CloseUp.of(pixels, first.box, self.resolution)
        flip = self.mirror is not None
        looks = [
            self._look(seen, believed, TURN, False),
            self._look(seen, believed, -TURN, flip),
        ]
        points, spreads, scales = (np.mean(part, axis=0) for part in zip(*looks, strict=True))
        return replace(first, points=points, spreads=spreads, scales=scales)

    @cached_property
    def _fast(self) -> PatchNetwork:
        return folded(self.network, self.precision)

    def _look(
        self, seen: CloseUp, centres: Floats, turn: float, flip: bool
    ) -> tuple[Floats, Floats, Floats]:
        """Points, spreads and scales in the frame of the box."""
        landmarks = np.arange(len(centres))
        if flip and self.mirror is not None:
            landmarks = np.asarray(self.mirror)
        device = device_of(self._fast)
        with torch.inference_mode():
            patches = as_input(seen.patches(centres, turn, flip=flip)).to(device, self.precision)
            densities, log_scales = self._fast(patches, torch.from_numpy(landmarks).to(device))
            means, covariances = moments(densities)
        cell = STRIDE / self.resolution
        cos, sin = np.cos(turn), np.sin(turn)
        # From the patch's axes to those of the box.
        axes = np.array([[cos, -sin], [sin, cos]]) * ([-1.0, 1.0] if flip else [1.0, 1.0])
        away = (means[:, 0].double().cpu().numpy() - (CELLS - 1) / 2) * cell
        spreads = covariances[:, 0].double().cpu().numpy() * cell**2
        return (
            centres + away @ axes.T,
            axes @ spreads @ axes.T,
            log_scales[:, 0].double().exp().cpu().numpy() * cell,
        )
