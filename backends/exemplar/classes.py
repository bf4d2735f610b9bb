"""What the classifier learns from: aligned shapes, their split, and the classes made of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backends.shapes import ShapeMixture, condition
from backends.shapes.alignment import align
from backends.shapes.gaussian_fit import fit_gaussian
from projects.vocabulary.arrays import Floats, Ints
from projects.vocabulary.box import Box
from projects.vocabulary.errors import TooFewLabels
from projects.vocabulary.evidence import Evidence
from projects.vocabulary.labelled_instance import LabelledInstance
from projects.vocabulary.scheme import Scheme

FEWEST_INSTANCES = 20


@dataclass(frozen=True, eq=False)
class TrainingShapes:
    """reference: (L, 2) mean in the canonical frame; boxes: N canonical boxes in image pixels;
    shapes: (N, L, 2) in them, NaN where unknown; held_out: (N,) kept out of training."""

    reference: Floats
    boxes: list[Box]
    shapes: Floats
    held_out: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def training_shapes(
    instances: Sequence[LabelledInstance], share: float, seed: int
) -> TrainingShapes:
    """Aligns the shapes and keeps a share of them out, chosen by their keys: the same instance
    stays on its side when others are added. Raises TooFewLabels."""
    if len(instances) < FEWEST_INSTANCES:
        raise TooFewLabels(
            f"The exemplar classifier needs at least {FEWEST_INSTANCES} labelled instances with "
            f"boxes; there are {len(instances)}.",
            kept="Until then the prior from the labelled shapes proposes.",
            remedy="Label or import more, then train again.",
        )
    reference, boxes = align([instance.shape.points for instance in instances])
    shapes = np.stack([b.to_frame(i.shape.points) for b, i in zip(boxes, instances, strict=True)])
    digests = [hashlib.sha256(f"{seed}:{i.key}".encode()).digest() for i in instances]
    order = np.argsort([int.from_bytes(digest[:6], "big") for digest in digests])
    held_out = np.zeros(len(instances), dtype=bool)
    held_out[order[: max(round(share * len(instances)), 5)]] = True
    return TrainingShapes(reference, boxes, shapes, held_out)


def mirrored_shapes(shapes: Floats, scheme: Scheme) -> Floats:
    """(N, L, 2) shapes of the canonical frame as seen in a mirror."""
    return np.asarray(shapes[:, list(scheme.mirror)] * np.array([-1.0, 1.0]))


def exemplars_of(shapes: Floats, scheme: Scheme) -> tuple[Floats, Ints | None]:
    """The classes: every training shape, and its mirror image where the scheme has partners.

    Missing landmarks are filled by their conditional mean given the others. Returns (K, L, 2) and
    the class (K,) of each exemplar's mirror image, or None.
    """
    if not np.isfinite(shapes).all():
        shapes = _filled(shapes)
    if not scheme.partners:
        return shapes, None
    count = len(shapes)
    mirror = np.concatenate([np.arange(count, 2 * count), np.arange(count)])
    return np.concatenate([shapes, mirrored_shapes(shapes, scheme)]), mirror


def _filled(shapes: Floats) -> Floats:

    mean, covariance = fit_gaussian(shapes)
    prior = ShapeMixture(np.zeros(1), mean[None], covariance)
    filled = shapes.copy()
    for shape in filled:
        known = np.flatnonzero(np.isfinite(shape[:, 0]))
        if len(known) < len(shape):
            evidence = [Evidence.click(int(j), shape[j], 1e-4) for j in known]
            gaps = np.setdiff1d(np.arange(len(shape)), known)
            shape[gaps] = condition(prior, evidence).mean[gaps]
    return filled
