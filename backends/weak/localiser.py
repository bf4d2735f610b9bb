"""From pixels and a box to landmarks: the network on crops that are refined by its own answer."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.backends.weak.network import TwoBranchNetwork
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_PASSES = 3
"""Over an instance: each but the first along the box that the last answer lies in."""
_NUDGES = ((0.06, 0.03, 1.06, 0.08), (-0.06, -0.03, 1 / 1.06, -0.08))
"""Shifts in sides of the box, scale and angle: about as people draw one box differently."""
_MOST_SCALE = 2.0
"""An answer whose box is so many times larger or smaller than the given one is not followed."""


class Located(NamedTuple):
    """points: (L, 2) in the frame of the box, which is refined. moved: how far, in sides of the
    box, the landmarks move on average when the box is nudged: where the network knows what it sees
    they stay on the object, else they go with the box, or anywhere."""

    box: Box
    points: Floats
    moved: float


@dataclass(frozen=True, eq=False)
class Localiser:
    """mirror: the partner of each landmark, None where the scheme has no partners: then a crop
    is not inferred from both sides. size: crop side in pixels."""

    network: TwoBranchNetwork
    mirror: tuple[int, ...] | None
    size: int

    @property
    def reference(self) -> Floats:
        """(L, 2) the mean shape, which fixes the frame."""
        return np.asarray(self.network.mean.cpu().double().numpy())

    def locate(self, pixels: Pixels, box: Box) -> Located:
        """After the last pass."""
        refined, points = self.passes(pixels, box)[-1]
        nudged = [refined.moved((x, y), size, turn) for x, y, size, turn in _NUDGES]
        seen = [each.to_image(self._infer(pixels, each)) for each in nudged]
        apart = np.linalg.norm(np.stack(seen) - refined.to_image(points), axis=2)
        return Located(refined, points, float(apart.mean()) / refined.side)

    def infer(self, pixels: Pixels, box: Box) -> Floats:
        """The landmarks (L, 2) in image pixels, by a single pass along the given box."""
        return box.to_image(self._infer(pixels, box))

    def passes(self, pixels: Pixels, box: Box) -> list[tuple[Box, Floats]]:
        """The boxes and answers on the way there; the first is in the given box."""
        found = [(box, self._infer(pixels, box))]
        for _ in range(_PASSES - 1):
            last, shape = found[-1]
            refined = similarity_box(self.reference, last.to_image(shape))
            if not 1 / _MOST_SCALE < refined.side / last.side < _MOST_SCALE:
                break
            found.append((refined, self._infer(pixels, refined)))
        return found

    def _infer(self, pixels: Pixels, box: Box) -> Floats:
        crops = [crop(pixels, box, self.size)]
        if self.mirror is not None:
            crops.append(crop(pixels, box, self.size, flip=True))
        batch = as_batch(np.stack(crops)).to(device_of(self.network))
        with torch.inference_mode():
            shapes = self.network(batch).cpu().double().numpy()
        if self.mirror is None:
            return np.asarray(shapes[0])
        return np.asarray((shapes[0] + shapes[1][list(self.mirror)] * [-1.0, 1.0]) / 2)
