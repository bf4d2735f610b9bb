"""One step of an object from a frame back to the one before."""

from collections.abc import Callable, Sequence

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.carried_objects import (
    SeenObject,
    Step,
    carried_from,
    flow_to,
    looked_for,
)
from landmark_annotator.backends.tracking import FlowField
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

Read = Callable[[int], Pixels]
"""The pixels of an image by its id; raises ImageError."""


def one_back(
    lost: SeenObject,
    later: SeenObject,
    others: Sequence[SeenObject],
    read: Read,
    proposer: Proposer,
) -> SeenObject | None:
    """An object of a frame, `lost`, as it is seen where flow takes it from the frame after, in
    which it is `later`. None where that is outside of the image, or a frame cannot be read any
    more. others: what else is in the frame."""
    try:
        step = Step(read(later.image), read(lost.image), ahead=False)
    except ImageError:  # it was there a moment ago
        return None
    start = carried_from(lost, later, step)
    return None if start is None else looked_for(start, proposer, step.pixels, others)


def flow_from_before(each: SeenObject, read: Read) -> FlowField | None:
    """See `flow_to`. Raises ImageError."""
    if each.before is None:
        return None
    return flow_to(each, Step(read(each.before.image), read(each.image)))
