"""Crops and labels as what a network takes, a batch at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from landmark_annotator.projects.vocabulary.arrays import Ints, Pixels

Batch = tuple[torch.Tensor, ...]
"""Tensors with the samples along their first axis; what they are is between those who make them
and the loss."""

MakeBatch = Callable[[Ints, np.random.Generator], Batch]
"""From the numbers of its instances and what is random in it."""


def as_batch(crops: Pixels) -> torch.Tensor:
    """(B, size, size, 3) bytes to the network's (B, 3, size, size) in 0..1."""
    batch = torch.from_numpy(crops).permute(0, 3, 1, 2).float().div(255.0)
    return batch.contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class BatchOrder:
    """In which order `count` instances fill batches of `size`. least: crops an epoch: small sets
    are seen several times in one, so that epochs stay comparable and batches are full."""

    count: int
    size: int
    least: int

    @property
    def _rounds(self) -> int:
        return -(-self.least // self.count)

    @property
    def steps(self) -> int:
        """Batches in an epoch."""
        return self.count * self._rounds // self.size

    def drawn(self, random: np.random.Generator) -> list[Ints]:
        """The instances of each batch of an epoch."""
        order = np.concatenate([random.permutation(self.count) for _ in range(self._rounds)])
        return list(order[: self.steps * self.size].reshape(-1, self.size))

    def batches(self, make: MakeBatch, seed: int, epoch: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch; see `prefetched`."""
        order = self.drawn(np.random.default_rng((seed, epoch)))
        return prefetched(order, make, np.random.default_rng((seed, epoch, 1)))


def prefetched(
    order: Sequence[Ints],
    make: MakeBatch,
    random: np.random.Generator,
) -> Iterator[Batch]:
    """The batches of an epoch, the next one made while the last one is learned from.

    One thread makes them in order, so the generator is drawn from as it would be without it.
    """
    with ThreadPoolExecutor(1) as maker:
        coming: Future[Batch] | None = None
        for chosen in order:
            following = maker.submit(make, chosen, random)
            if coming is not None:
                yield coming.result()
            coming = following
        if coming is not None:
            yield coming.result()
