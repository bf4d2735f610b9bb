"""Batches for training, all from seed, stage and epoch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from landmark_annotator.backends.learning.batches import Batch, BatchOrder, as_batch, prefetched
from landmark_annotator.backends.learning.patches import Patch, in_crop, training_crop
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

BATCH = 32
_LEAST_CROPS = 4 * BATCH


@dataclass(frozen=True, eq=False)
class TrainingData:
    """patches: n instances; shapes: (n, L, 2) in their frames, NaN where unknown. mirror: the
    partner of each landmark, None where the scheme has no partners."""

    patches: Sequence[Patch]
    shapes: Floats
    mirror: tuple[int, ...] | None
    size: int

    def only(self, chosen: Ints) -> "TrainingData":
        patches = [self.patches[i] for i in chosen]
        return TrainingData(patches, self.shapes[chosen], self.mirror, self.size)

    @property
    def order(self) -> BatchOrder:
        return BatchOrder(len(self.patches), BATCH, _LEAST_CROPS)

    def batches(self, seed: tuple[int, ...], epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch; see `_batch`."""
        random = np.random.default_rng((*seed, epoch))
        return prefetched(self.order.drawn(random), self._batch, random)

    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        """Crops (B, 3, size, size), and landmarks (B, L, 2) in the frame of each crop's box."""
        crops, points = [], []
        for index in chosen:
            shape = self.shapes[index]
            flip = self.mirror is not None and random.random() < 0.5
            if flip:
                shape = shape[list(self.mirror or ())] * np.array([-1.0, 1.0])
            pixels, move = training_crop(self.patches[index], self.size, flip, random)
            crops.append(pixels)
            points.append(in_crop(shape, move))
        return as_batch(np.stack(crops)), torch.from_numpy(np.stack(points)).float()
