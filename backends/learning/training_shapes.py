"""Labelled shapes in one frame, and which of the instances a training does not see."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from backends.shapes.fitting.alignment import align
from projects.vocabulary.arrays import Bools, Floats
from projects.vocabulary.box import Box
from projects.vocabulary.errors import TooFewLabels
from projects.vocabulary.labelled_instance import LabelledInstance
from projects.vocabulary.provenance import Provenance

FEWEST_INSTANCES = 20


@dataclass(frozen=True, eq=False)
class TrainingShapes:
    """reference: (L, 2) mean in the canonical frame; boxes: N canonical boxes in image pixels;
    shapes: (N, L, 2) in them, NaN where unknown; held_out: (N,) kept out of training."""

    reference: Floats
    boxes: list[Box]
    shapes: Floats
    held_out: Bools

    def split(self, chosen: Iterable[int]) -> tuple[list[int], list[int]]:
        """Of some instances those to train with, and those that are kept out."""
        numbers = list(chosen)
        training = [i for i in numbers if not self.held_out[i]]
        return training, [i for i in numbers if self.held_out[i]]


def training_shapes(
    instances: Sequence[LabelledInstance], share: float, seed: int, fewest: int = FEWEST_INSTANCES
) -> TrainingShapes:
    """Aligns the shapes and keeps a share of them out, chosen by their keys: the same instance
    stays on its side when others are added. Sparsely labelled ones, which cannot tell how wrong a
    model is, are not kept out where there are enough others. Raises TooFewLabels below `fewest`
    instances."""
    if len(instances) < fewest:
        raise TooFewLabels(
            f"This training needs at least {fewest} labelled instances with boxes; there are "
            f"{len(instances)}.",
            kept="Until then the prior from the labelled shapes proposes.",
            remedy="Label or import more, then train again.",
        )
    reference, boxes = align([instance.shape.points for instance in instances])
    shapes = np.stack([b.to_frame(i.shape.points) for b, i in zip(boxes, instances, strict=True)])
    digests = [hashlib.sha256(f"{seed}:{i.key}".encode()).digest() for i in instances]
    order = np.argsort([int.from_bytes(digest[:6], "big") for digest in digests])
    dense = ~np.array([is_sparse(instance) for instance in instances])
    if dense.sum() >= fewest:
        order = order[dense[order]]
    held_out = np.zeros(len(instances), dtype=bool)
    held_out[order[: max(round(share * len(order)), 5)]] = True
    return TrainingShapes(reference, boxes, shapes, held_out)


def is_sparse(instance: LabelledInstance) -> bool:
    """Whether most of its landmarks are unknown, or only known from a fill."""
    shape = instance.shape
    filled = np.array([mark is Provenance.FILLED for mark in shape.provenance])
    return bool((shape.known & ~filled).mean() < 0.5)
