"""The shape of another instance as the start of a new one: the frame before, the twin beside."""

import numpy as np

from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.backends.shapes.some_landmarks import among_all
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError


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
    proposal = Proposal(box or own, shape_prior([(own, part)]), "copy")
    return among_all(proposal, known, len(shape))
