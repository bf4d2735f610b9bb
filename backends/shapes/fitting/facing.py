"""Objects that face either way: left wings and right ones, heads in profile, animals from the side.

One of them is the mirror image of another, which no turn makes of it. Shapes and images of those
that face the other way are mirrored, so that all of them are of one kind.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import (
    align,
    aligned,
    similarity_box,
    spread,
    squared_distances,
)
from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape

_FEWEST = 3
_ROUNDS = 10
_EXPLAINED = 0.5
"""What is left at most of the spread of many shapes once those that face the other way are
mirrored."""
_TURNED = 1e-4
"""What an upside down object costs, in squared sides of its frame: less than what is seen of how it
faces by three landmarks, as it says nothing of objects that turn."""
_ACROSS = np.array([-1.0, 1.0])


def facing_the_other_way(shapes: Sequence[Floats], scheme: Scheme) -> Bools:
    """(N,) which of the shapes (L, 2), NaN where unknown, are to be mirrored, for all to be alike
    but for where they lie and how they are turned: the fewer ones. None of them where mirroring
    does not explain at least half of what they differ by, or there are too few to tell.

    A face from the front is its own mirror image where the scheme names its sides, and faces no
    way.
    """
    nobody = np.zeros(len(shapes), dtype=bool)
    if len(shapes) < _FEWEST or len(scheme) < _FEWEST:
        return nobody
    order = list(scheme.mirror)
    images = [points[order] * _ACROSS for points in shapes]
    others = nobody
    for _ in range(_ROUNDS):
        chosen = [i if o else p for p, i, o in zip(shapes, images, others, strict=True)]
        reference, _ = align(chosen)
        found = squared_distances(reference, images) < squared_distances(reference, shapes)
        if (found == others).all():
            break
        others = found
    if others.sum() > len(others) / 2:
        others = ~others
    chosen = [i if o else p for p, i, o in zip(shapes, images, others, strict=True)]
    # Of few shapes, a choice for each explains much by chance.
    most = _EXPLAINED * (1 - 2 / len(shapes))
    return others if spread(aligned(chosen)) < most * spread(aligned(shapes)) else nobody


def kinds_of(shapes: Sequence[Floats], scheme: Scheme) -> list[Floats]:
    """The mean shape (L, 2) in its canonical frame of each kind that there is among shapes: one, or
    two that are mirror images where they face either way, that of the more of them first."""
    order = list(scheme.mirror)
    others = facing_the_other_way(shapes, scheme)
    alike = [p[order] * _ACROSS if o else p for p, o in zip(shapes, others, strict=True)]
    reference, _ = align(alike)
    return [reference, reference[order] * _ACROSS] if others.any() else [reference]


def nearest_kind(kinds: Sequence[Floats], points: Floats) -> Floats:
    """The one of the kinds (L, 2) that a shape (L, 2), NaN where unknown, is most like."""
    if len(kinds) == 1:
        return kinds[0]

    def cost(kind: Floats) -> float:
        # Two landmarks lie as in both kinds, but upside down in one of them.
        turned = 1 - math.cos(similarity_box(kind, points).angle)
        return float(squared_distances(kind, [points])[0]) + _TURNED * turned

    return min(kinds, key=cost)


def nearer_its_mirror_image(reference: Floats, points: Floats, scheme: Scheme) -> bool:
    """Whether a shape (L, 2) is clearly the reference (L, 2) mirrored rather than itself."""
    image = points[list(scheme.mirror)] * _ACROSS
    mirrored, own = squared_distances(reference, [image, points])
    return bool(mirrored < _EXPLAINED * own)


def mirrored_instance(instance: LabelledInstance, scheme: Scheme) -> LabelledInstance:
    """With the image that a mirror shows, read when it is asked for. Raises ImageError."""
    width = instance.read_pixels().shape[1]
    return replace(
        instance,
        box=mirrored_drawn_box(instance.box, width, scheme),
        shape=instance.shape.mirrored(scheme.mirror, (width - 1) / 2),
        read_pixels=lambda: mirrored_pixels(instance.read_pixels()),
    )


def mirror_of(scheme: Scheme) -> Symmetry:
    """Between shapes in an image and in what a mirror shows of it, each in an upright frame."""
    return Symmetry(np.array(scheme.mirror), _ACROSS)


def mirror_in_box(scheme: Scheme) -> Symmetry:
    """Between both kinds in the box of one image, turned by the heading where the scheme has one:
    along that mirrored shapes are upside down."""
    signs = _ACROSS if scheme.heading is None else -_ACROSS
    return Symmetry(np.array(scheme.mirror), signs)


def mirrored_label(box: Box, shape: Shape, scheme: Scheme) -> tuple[Box, Shape]:
    """As of an image that is mirrored at x = 0."""
    return mirrored_drawn_box(box, 1, scheme), shape.mirrored(scheme.mirror, 0.0)


def either_way(mixture: ShapeMixture, others: float, scheme: Scheme) -> ShapeMixture:
    """Two classes of a mixture of one, in a box: itself, and this share of others that face the
    other way. What both vary by is the mean of their covariances."""
    mirror = mirror_in_box(scheme)
    means = np.stack([mixture.mean, mirror.of_mean(mixture.mean.ravel()).reshape(-1, 2)])
    mirrored = mirror.of_covariance(mixture.residual)
    residual = (1 - others) * mixture.residual + others * mirrored
    return ShapeMixture(np.log([1 - others, others]), means, residual)


def mirrored_pixels(pixels: Pixels) -> Pixels:
    # Shapes do without it, and NumPy takes twenty times as long.
    import cv2

    return np.asarray(cv2.flip(pixels, 1), np.uint8)


def mirrored_box(box: Box, width: int) -> Box:
    """Around the same object in the mirrored image, which is so many pixels wide: a point that is
    (x, y) in the frame of the one is (-x, y) in that of the other."""
    return replace(box, centre_x=width - 1 - box.centre_x, angle=-box.angle)


def mirrored_drawn_box(box: Box, width: int, scheme: Scheme) -> Box:
    """The same of a box that is turned by the object's heading, where the scheme has one: in the
    mirrored image that points along the box too, and not against it."""
    there = mirrored_box(box, width)
    return there if scheme.heading is None or box.angle == 0.0 else there.moved(turn=math.pi)
