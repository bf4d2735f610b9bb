"""From pixels and a box to coordinates along a box that fits the object, and signs of what is
hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from typing_extensions import override

from landmark_annotator.backends.densities.augmentation import MARGIN, Patch
from landmark_annotator.backends.densities.hidden_calibration import (
    HiddenCalibration,
    fit_hidden,
    judged,
)
from landmark_annotator.backends.densities.inference import NUDGE, Inference, Observation
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.backends.occlusion.network import OcclusionNetwork, folded, read_at
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_VARIANCE = 3.0
"""Along each axis, of the density exp(-r / b) / (2 pi b^2), in units of b^2."""


@dataclass(frozen=True, eq=False, kw_only=True)
class OcclusionObservation(Observation):
    """signs: (L, F) that a landmark is hidden, the stronger the likelier: first, where there is a
    distillation module, the log odds that its map P shuts the landmark's place out; last the log of
    the landmark's scale."""

    signs: Floats


@dataclass(frozen=True, eq=False)
class CoordinateInference(Inference):
    """mirror: the scheme's exchange of landmarks, None where it has no partners. The network's
    answer has no form, only a size: spreads are circles."""

    network: OcclusionNetwork
    reference: Floats
    mirror: Sequence[int] | None
    size: int

    @cached_property
    def _fast(self) -> OcclusionNetwork:
        return folded(self.network)

    @override
    def look(self, pixels: Pixels, box: Box, final: bool) -> OcclusionObservation:
        boxes = [box, box.moved((NUDGE, NUDGE))] if final else [box]
        flips = [final and self.mirror is not None and each is not box for each in boxes]
        pairs = zip(boxes, flips, strict=True)
        crops = [crop(pixels, each, self.size, MARGIN, flip=flip) for each, flip in pairs]
        with torch.inference_mode():
            seen = self._fast(as_batch(np.stack(crops)).to(device_of(self._fast)))
            parts = [seen.log_scales]
            if seen.shown is not None:
                parts.insert(0, -read_at(seen.shown, seen.points, MARGIN))
            points = seen.points.cpu().double().numpy()
            signs = torch.stack(parts, dim=2).cpu().double().numpy()
        for row, flip in enumerate(flips):
            if flip and self.mirror is not None:
                order = list(self.mirror)
                points[row] = points[row, order] * [-1.0, 1.0]
                signs[row] = signs[row, order]
        places = [
            box.to_frame(each.to_image(found)) for each, found in zip(boxes, points, strict=True)
        ]
        scales = np.exp(signs[..., -1]).mean(axis=0)
        spreads = _VARIANCE * scales[:, None, None] ** 2 * np.eye(2)
        return OcclusionObservation(
            box=box,
            points=np.mean(places, axis=0),
            spreads=spreads,
            scales=scales,
            signs=signs.mean(axis=0),
        )


def told_by_signs(
    inference: CoordinateInference, held_out: Sequence[Patch], seed: int
) -> HiddenCalibration:
    """What its signs say of hidden landmarks. held_out: that the network has not learned from."""
    random = np.random.default_rng((seed, 4))

    def covered(patch: Patch) -> tuple[Floats, Bools]:
        pixels, under = occlude(patch.pixels, patch.points, random)
        return _signs(inference, pixels, patch.drawn), under

    def shown(patch: Patch) -> Floats:
        return _signs(inference, patch.pixels, patch.drawn)

    signs, hidden = judged(held_out, shown, covered)
    return fit_hidden(np.stack(signs), hidden)


def _signs(inference: CoordinateInference, pixels: Pixels, box: Box) -> Floats:
    seen = inference.infer(pixels, box)
    assert isinstance(seen, OcclusionObservation)
    return seen.signs
