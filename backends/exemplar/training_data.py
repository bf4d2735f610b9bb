"""Batches for training: crops with their distances to the classes, all from seed and epoch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from landmark_annotator.backends.exemplar.classes import mirrored_shapes
from landmark_annotator.backends.exemplar.membership import membership_radius
from landmark_annotator.backends.exemplar.settings import Settings
from landmark_annotator.backends.learning.batches import Batch, BatchOrder, as_batch
from landmark_annotator.backends.learning.kmeans import class_distances
from landmark_annotator.backends.learning.patches import Patch, in_crop, training_crop
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints
from landmark_annotator.projects.vocabulary.scheme import Scheme

BATCH = 32
_LEAST_CROPS = 8 * BATCH
"""Crops an epoch: small sets are seen several times in one, so that epochs stay comparable."""
_SAMPLED_SHAPES = 1000
"""Shapes that the membership radii are measured on."""


@dataclass(frozen=True, eq=False)
class TrainingData:
    """patches: n instances. aligned: (n, L, 2) their shapes, mirrored: the same in a mirror, None
    where the scheme has no partners. radii: tau, one for each class layer."""

    patches: list[Patch]
    aligned: Floats
    mirrored: Floats | None
    exemplars: AnyFloats
    radii: tuple[float, ...]
    size: int

    @classmethod
    def of(
        cls,
        patches: Sequence[Patch],
        aligned: Floats,
        exemplars: Floats,
        scheme: Scheme,
        settings: Settings,
    ) -> "TrainingData":
        step = -(-len(aligned) // _SAMPLED_SHAPES)
        distances = class_distances(aligned[::step], exemplars)
        # Of few classes several shares are the same number, and so the same radius.
        radii = dict.fromkeys(membership_radius(distances, share) for share in settings.members)
        return cls(
            patches=list(patches),
            aligned=aligned,
            mirrored=mirrored_shapes(aligned, scheme) if scheme.partners else None,
            exemplars=exemplars.astype(np.float32),
            radii=tuple(radii),
            size=settings.size,
        )

    def beside(self, patches: Sequence[Patch], aligned: Floats, scheme: Scheme) -> "TrainingData":
        """Other instances, to be learned as these are."""
        mirrored = mirrored_shapes(aligned, scheme) if scheme.partners else None
        return replace(self, patches=list(patches), aligned=aligned, mirrored=mirrored)

    @property
    def order(self) -> BatchOrder:
        return BatchOrder(len(self.patches), BATCH, _LEAST_CROPS)

    def batches(self, epoch: int, seed: int) -> Iterator[Batch]:
        """Of an epoch, all from seed and epoch; see `_batch`."""
        return self.order.batches(self._batch, seed, epoch)

    def _batch(self, chosen: Ints, random: np.random.Generator) -> Batch:
        """Crops (B, 3, size, size), distances (B, K) to the classes, moves (B, 4) to the canonical
        box, points (B, L, 2) in the frame of each crop's box."""
        flips = random.random(len(chosen)) < 0.5 if self.mirrored is not None else chosen < 0
        crops, moves, points, shapes = [], [], [], []
        for index, flip in zip(chosen, flips, strict=True):
            mirror = self.mirrored if flip else None
            shape = self.aligned[index] if mirror is None else mirror[index]
            pixels, move = training_crop(self.patches[index], self.size, bool(flip), random)
            crops.append(pixels)
            moves.append(move)
            points.append(in_crop(shape, move))
            shapes.append(shape)
        return (
            as_batch(np.stack(crops)),
            torch.from_numpy(class_distances(np.stack(shapes), self.exemplars)),
            torch.from_numpy(np.stack(moves)).float(),
            torch.from_numpy(np.stack(points)).float(),
        )
