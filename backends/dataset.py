"""Labelled instances as a PyTorch Dataset, for training a network of one's own.

Mirroring is what goes wrong most easily with landmarks: the left eye of a mirrored face is at the
place of the right one. Here a mirrored sample has the scheme's partners exchanged, positions and
visibility alike.
"""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import torch
from torch.utils.data import Dataset
from typing_extensions import override

from landmark_annotator.backends.learning.crops import MARGIN, crop
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arguments import tell_methods
from landmark_annotator.projects.vocabulary.arrays import Floats, whole

__all__ = ["LandmarkDataset", "Sample"]


class Sample(TypedDict):
    """image: (3, S, S) float32 RGB from 0 to 1. points: (L, 2) float32 (x, y) in pixels of this
    image, pixel centres at whole numbers, 0 where unknown. known: (L,) bool. visibility: (L,)
    int64, as in COCO. mirrored: bool. key: of the instance.
    """

    image: torch.Tensor
    points: torch.Tensor
    known: torch.Tensor
    visibility: torch.Tensor
    mirrored: bool
    key: str


class LandmarkDataset(Dataset[Sample]):
    """Square crops around the boxes of labelled instances, turned upright.

    size: S, the side of a crop in pixels. The crop is a third larger than the box. mirror: half of
    the samples are mirrored, others in each epoch; see `start_epoch`. Reading a sample may raise
    ImageError.
    """

    def __init__(
        self,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        *,
        size: int = 128,
        mirror: bool = False,
        seed: int = 0,
    ) -> None:
        """Raises ActionableError where size or seed is no whole number above 0, or from 0 on."""
        self.instances = instances
        self.scheme = scheme
        self._count, self._mirrored = len(instances), list(scheme.mirror)
        self.size = whole(size, "The side of a crop in pixels", least=1)
        self.mirror = bool(mirror)
        self.seed = whole(seed, "A seed", least=0)
        self._epoch = 0

    def start_epoch(self, epoch: int) -> None:
        """Decides anew which samples are mirrored. The same seed and epoch decide the same."""
        self._epoch = epoch

    def __len__(self) -> int:
        return self._count

    @override
    def __getitem__(self, index: int) -> Sample:
        index = whole(index, "The number of a sample")
        index += len(self.instances) if index < 0 else 0  # counted from the last one
        if not 0 <= index < len(self.instances):
            raise IndexError(index)  # what ends a loop over the dataset
        chance = np.random.default_rng([self.seed, self._epoch, index])
        return self.sample(index, mirrored=self.mirror and bool(chance.random() < 0.5))

    def sample(self, index: int, *, mirrored: bool) -> Sample:
        """One instance, mirrored or as it is."""
        instance = self.instances[index]
        shape = instance.shape
        frame = instance.box.to_frame(shape.points)
        visibility = shape.visibility.astype(np.int64)
        if mirrored:
            order = self._mirrored
            frame, visibility = frame[order] * [-1.0, 1.0], visibility[order]
        pixels = crop(instance.read_pixels(), instance.box, self.size, flip=mirrored)
        points = self._in_crop(frame)
        known = np.isfinite(points[:, 0])
        image = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
        return {
            "image": image.float() / 255,
            "points": torch.from_numpy(np.nan_to_num(points, nan=0.0).astype(np.float32)),
            "known": torch.from_numpy(known),
            "visibility": torch.from_numpy(visibility),
            "mirrored": mirrored,
            "key": instance.key,
        }

    def in_image(self, points: Floats, index: int, *, mirrored: bool = False) -> Floats:
        """(L, 2) pixels of a sample's crop to pixels of its image, for what a network says of it.

        mirrored: as the sample says; partners change places again.
        """
        frame = ((np.asarray(points, float) + 0.5) / self.size - 0.5) * MARGIN
        if mirrored:
            frame = (frame * [-1.0, 1.0])[self._mirrored]
        return self.instances[index].box.to_image(frame)

    def _in_crop(self, frame: Floats) -> Floats:
        """(L, 2) box frame to pixels of the crop, by the centres of its pixels."""
        return np.asarray((frame / MARGIN + 0.5) * self.size - 0.5)


tell_methods(LandmarkDataset)
