"""From pixels and a box to coordinates along a box that fits the object, and signs of what is
hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from typing_extensions import override

from landmark_annotator.backends.densities.augmentation import MARGIN, Patch
from landmark_annotator.backends.densities.coordinate_inference import CoordinateInference
from landmark_annotator.backends.densities.hidden_calibration import (
    HiddenCalibration,
    fit_hidden,
    judged,
)
from landmark_annotator.backends.densities.inference import Observation
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.occlusion.network import OcclusionNetwork, folded, read_at
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True, eq=False, kw_only=True)
class OcclusionObservation(Observation):
    """signs: (L, F) that a landmark is hidden, the stronger the likelier: first, where there is a
    distillation module, the log odds that its map P shuts the landmark's place out; last the log of
    the landmark's scale."""

    signs: Floats


@dataclass(frozen=True, eq=False)
class OcclusionInference(CoordinateInference):
    network: OcclusionNetwork

    @cached_property
    def _fast(self) -> OcclusionNetwork:
        return folded(self.network)

    @override
    def answer(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        seen = self._fast(crops)
        parts = [seen.log_scales]
        if seen.shown is not None:
            parts.insert(0, -read_at(seen.shown, seen.points, MARGIN))
        return seen.points, torch.stack(parts, dim=2)

    @override
    def look(self, pixels: Pixels, box: Box, final: bool) -> OcclusionObservation:
        seen, signs = self.looked(pixels, box, final)
        return OcclusionObservation(**vars(seen), signs=signs)


def told_by_signs(
    inference: OcclusionInference,
    learned: Sequence[Patch],
    held_out: Sequence[Patch],
    seed: int,
) -> HiddenCalibration:
    """What its signs say of hidden landmarks. held_out: that the network has not learned from; both
    say how many landmarks are."""
    random = np.random.default_rng((seed, 4))

    def covered(patch: Patch) -> tuple[Floats, Bools]:
        pixels, under = occlude(patch.pixels, patch.points, random)
        return _signs(inference, pixels, patch.drawn), under

    def shown(patch: Patch) -> Floats:
        return _signs(inference, patch.pixels, patch.drawn)

    signs, hidden, rate = judged(learned, held_out, shown, covered)
    return fit_hidden(np.stack(signs), hidden, rate)


def _signs(inference: OcclusionInference, pixels: Pixels, box: Box) -> Floats:
    seen = inference.infer(pixels, box)
    assert isinstance(seen, OcclusionObservation)
    return seen.signs
