"""The shape of another instance as the start of a new one: the frame before, the twin beside."""

from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError


def copied(shape: Shape, own: Box | None, box: Box | None) -> Proposal:
    """A proposal that has the shape in the middle and moves as shapes on average do.

    own: the box that the shape lies in, or None for one around it; box: the box of the new
    instance, or None where the shape lies in the same place of the new image. Raises
    ActionableError where the shape has gaps.
    """
    if not shape.complete:
        raise ActionableError(
            "The shape of the image before has gaps, so it cannot be copied.",
            remedy="Finish that one first.",
        )
    own = own or Box.square_around(shape.points)
    return Proposal(box or own, shape_prior([(own, shape)]), "copy")
