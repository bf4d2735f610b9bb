"""From pixels and a box to coordinates along a box that fits the object, with no densities."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from typing_extensions import override

from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.densities.inference import NUDGE, Inference, Observation
from landmark_annotator.backends.densities.network import CropNetwork
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_VARIANCE = 3.0
"""Along each axis, of the density exp(-r / b) / (2 pi b^2), in units of b^2."""


@dataclass(frozen=True, eq=False)
class CoordinateInference(Inference):
    """mirror: the scheme's exchange of landmarks, None where it has no partners. The network's
    answer has no form, only a size: spreads are circles."""

    network: CropNetwork
    reference: Floats
    mirror: Sequence[int] | None
    size: int

    @abstractmethod
    def answer(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Of crops (B, 3, S, S): points (B, L, 2) in the frame of each crop's box, and signs
        (B, L, F), the last of which is the log of the landmark's scale, in sides of the box."""

    @override
    def look(self, pixels: Pixels, box: Box, final: bool) -> Observation:
        return self.looked(pixels, box, final)[0]

    def looked(self, pixels: Pixels, box: Box, final: bool) -> tuple[Observation, Floats]:
        """As `look`, with the signs (L, F), both means over the crops."""
        boxes = [box, box.moved((NUDGE, NUDGE))] if final else [box]
        flips = [final and self.mirror is not None and each is not box for each in boxes]
        pairs = zip(boxes, flips, strict=True)
        crops = [crop(pixels, each, self.size, MARGIN, flip=flip) for each, flip in pairs]
        with torch.inference_mode():
            answers = self.answer(as_batch(np.stack(crops)).to(device_of(self.network)))
            points, signs = (each.cpu().double().numpy() for each in answers)
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
        return Observation(box, np.mean(places, axis=0), spreads, scales), signs.mean(axis=0)
