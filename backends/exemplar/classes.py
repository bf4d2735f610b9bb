"""What the classifier learns from: aligned shapes, their split, and the classes made of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from backends.exemplar.membership import class_distances
from backends.exemplar.settings import Settings
from backends.shapes import ShapeMixture, condition
from backends.shapes.fitting.alignment import align
from backends.shapes.fitting.gaussian_fit import fit_gaussian
from backends.shapes.fitting.perturbed_shapes import perturbed
from projects.vocabulary.arrays import Floats, Ints
from projects.vocabulary.box import Box
from projects.vocabulary.errors import TooFewLabels
from projects.vocabulary.evidence import Evidence
from projects.vocabulary.labelled_instance import LabelledInstance
from projects.vocabulary.provenance import Provenance
from projects.vocabulary.scheme import Scheme

FEWEST_INSTANCES = 20
_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class TrainingShapes:
    """reference: (L, 2) mean in the canonical frame; boxes: N canonical boxes in image pixels;
    shapes: (N, L, 2) in them, NaN where unknown; held_out: (N,) kept out of training."""

    reference: Floats
    boxes: list[Box]
    shapes: Floats
    held_out: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


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


def mirrored_shapes(shapes: Floats, scheme: Scheme) -> Floats:
    """(N, L, 2) shapes of the canonical frame as seen in a mirror."""
    return np.asarray(shapes[:, list(scheme.mirror)] * np.array([-1.0, 1.0]))


def class_shapes(shapes: Floats, scheme: Scheme, settings: Settings) -> tuple[Floats, Ints | None]:
    """The classes made of the training shapes (N, L, 2): exemplars (K, L, 2), and the class (K,)
    of each one's mirror image, None where the scheme has no partners.

    Missing landmarks are filled by their conditional mean given the others. With partners the
    classes are closed under mirroring. Raises TooFewLabels where K is more than there are shapes.
    """
    if not np.isfinite(shapes).all():
        shapes = _filled(shapes)
    sides = 2 if scheme.partners else 1
    wanted = max(settings.classes // sides, 1) if settings.classes else len(shapes)
    if wanted > len(shapes) and not settings.fill:
        raise TooFewLabels(
            f"{settings.classes:,} classes were asked for; {len(shapes)} training shapes "
            f"make {sides * len(shapes):,} at most.",
            remedy="Ask for fewer, or set fill to add perturbed shapes.",
        )
    if wanted < len(shapes):
        both = np.concatenate([shapes, mirrored_shapes(shapes, scheme)]) if sides == 2 else shapes
        instances = np.arange(len(both)) % len(shapes)
        shapes = centres(both, wanted, settings.seed, instances, settings.fewest)
    elif wanted > len(shapes):
        shapes = perturbed(shapes, wanted, settings.seed)
    if sides == 1:
        return shapes, None
    mirror = np.roll(np.arange(2 * len(shapes)), len(shapes))
    return np.concatenate([shapes, mirrored_shapes(shapes, scheme)]), mirror


def centres(
    shapes: Floats, count: int, seed: int, instances: Ints | None = None, fewest: int = 1
) -> Floats:
    """(at most count, L, 2) K-means centres of shapes (N, L, 2), by OpenCV.

    instances: (N,) of which one each shape is, by default each of its own. fewest: instances that
    a centre stands for; the shapes of smaller groups join the nearest other group.
    """
    cv2.setRNGSeed(seed)
    flat = shapes.reshape(len(shapes), -1).astype(np.float32)
    stop = (cv2.TERM_CRITERIA_MAX_ITER + cv2.TERM_CRITERIA_EPS, _ROUNDS, 1e-5)
    # The arrays have the types that OpenCV asks for; its stubs do not know None for best labels.
    _, labels, found = cv2.kmeans(flat, count, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    if fewest > 1:
        instances = np.arange(len(shapes)) if instances is None else instances
        groups, _ = np.unique(np.stack([labels.ravel(), instances]), axis=1)
        large = np.bincount(groups, minlength=count) >= fewest
        # All shapes are one group where no group is large enough.
        kept = found[large] if large.any() else flat.mean(axis=0, keepdims=True)
        nearest = class_distances(shapes, kept.reshape(len(kept), *shapes.shape[1:])).argmin(axis=1)
        found = np.stack([flat[nearest == k].mean(axis=0) for k in range(len(kept))])
    return np.asarray(found, dtype=np.float64).reshape(len(found), *shapes.shape[1:])


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
