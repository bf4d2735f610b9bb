"""Batches for training, all from seed, stage and epoch."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from backends.learning.batches import as_batch
from backends.learning.patches import Patch, in_crop, training_crop
from projects.vocabulary.arrays import Floats, Ints

BATCH = 32
_LEAST_CROPS = 4 * BATCH
"""Crops an epoch: small sets are seen several times in one, so that batches are full."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """patches: n instances; shapes: (n, L, 2) in their frames, NaN where unknown. mirror: the
    partner of each landmark, None where the scheme has no partners."""

    patches: Sequence[Patch]
    shapes: Floats
    mirror: tuple[int, ...] | None
    size: int

    def only(self, chosen: Ints) -> "Lesson":
        patches = [self.patches[i] for i in chosen]
        return Lesson(patches, self.shapes[chosen], self.mirror, self.size)

    def order(self, random: np.random.Generator) -> list[Ints]:
        """The instances of each batch of an epoch."""
        count = len(self.patches)
        rounds = -(-_LEAST_CROPS // count)
        order = np.concatenate([random.permutation(count) for _ in range(rounds)])
        return [order[i : i + BATCH] for i in range(0, len(order) - BATCH + 1, BATCH)]

    def batch(self, chosen: Ints, random: np.random.Generator) -> tuple[Tensor, Tensor]:
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

    def batches(self, seed: tuple[int, ...]) -> Iterator[tuple[Tensor, Tensor]]:
        """Of one epoch, the next one made while the last one is learned from."""
        random = np.random.default_rng(seed)
        with ThreadPoolExecutor(1) as maker:
            coming: Future[tuple[Tensor, Tensor]] | None = None
            for chosen in self.order(random):
                following = maker.submit(self.batch, chosen, random)
                if coming is not None:
                    yield coming.result()
                coming = following
            if coming is not None:
                yield coming.result()
