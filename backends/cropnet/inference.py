"""From pixels and a box to coordinates along a box that fits the object, stage by stage."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from typing_extensions import override

from landmark_annotator.backends.cropnet.network import CoarseToFineNetwork, folded
from landmark_annotator.backends.densities.augmentation import MARGIN
from landmark_annotator.backends.densities.coordinate_inference import CoordinateInference
from landmark_annotator.backends.learning.batches import as_batch
from landmark_annotator.backends.learning.crops import crop
from landmark_annotator.backends.learning.device import device_of
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box


@dataclass(frozen=True, eq=False)
class CoarseToFineInference(CoordinateInference):
    network: CoarseToFineNetwork

    @cached_property
    def _fast(self) -> CoarseToFineNetwork:
        return folded(self.network)

    @override
    def answer(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        seen = self._fast(crops)
        return seen.points[-1], seen.log_scales[..., None]

    def by_stage(self, pixels: Pixels, box: Box) -> list[Floats]:
        """(L, 2) in image pixels, of the first network and of each stage, of one crop along this
        box."""
        crops = as_batch(np.stack([crop(pixels, box, self.size, MARGIN)]))
        with torch.inference_mode():
            points = self._fast(crops.to(device_of(self.network))).points
        return [box.to_image(each[0].cpu().double().numpy()) for each in points]
