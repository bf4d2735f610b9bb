"""The shape of another instance as the start of a new one: the frame before, the twin beside."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.shapes import Proposal, ShapeMixture, shape_prior
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError

_ANYWHERE = 1 / 12
"""Variance along each axis of a place that is anywhere in the box, in squared sides of it."""


def copied(shape: Shape, own: Box | None, box: Box | None) -> Proposal:
    """A proposal that has the shape in the middle and moves as shapes on average do. What the shape
    lacks, as what is not in its image, has no position until it is placed.

    own: the box that the shape lies in, or None for one around it; box: the box of the new
    instance, or None where the shape lies in the same place of the new image. Raises
    ActionableError where the shape has no landmark.
    """
    known = np.flatnonzero(shape.known)
    if not len(known):
        raise ActionableError(
            "The shape of the image before has no landmark, so it cannot be copied.",
            remedy="Label this one, or copy it from another image.",
        )
    own = own or Box.square_around(shape.points)
    marks = [shape.provenance[j] for j in known]
    part = Shape(shape.points[known], shape.visibility[known], marks, shape.covariances[known])
    whole = _among(shape_prior([(own, part)]), known.tolist(), len(shape))
    proposal = Proposal(box or own, whole, "copy")
    return replace(proposal, unlearned=frozenset(range(len(shape))) - frozenset(known.tolist()))


def _among(part: ShapeMixture, known: list[int], size: int) -> ShapeMixture:
    """Of so many landmarks, by one class of those that are known; the others are anywhere."""
    if len(known) == size:
        return part
    mean = np.zeros((1, size, 2))
    mean[:, known] = part.means(np.arange(1))
    residual = np.eye(2 * size) * _ANYWHERE
    rows = (2 * np.array(known)[:, None] + np.arange(2)).ravel()
    residual[np.ix_(rows, rows)] = part.residual
    return ShapeMixture(part.log_weights, mean, residual)
