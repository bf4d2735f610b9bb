"""Which instances are made ready before anybody opens them."""

from landmark_annotator.annotator.session.labelling.images_in_hands import ImagesInHands
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project

_BESIDE = 20
"""How many other objects of the open image."""


def wanted(
    project: Project, images: ImagesInHands, record: InstanceRecord, *, counts: bool
) -> tuple[list[InstanceRecord], tuple[InstanceRecord, ...]]:
    """All of the open instance's image, those that were left out as well; and what is to be made
    ready: the open one, what is beside it, and the next ones without accepted landmarks that the
    person is offered. counts: whether the open one was not left out."""
    accepted = InstanceState.ACCEPTED
    inside = project.instances_of(record.image_id, excluded=True)
    counting = [each for each in inside if each.excluded is None]
    if not counts:
        # Of an image that was left out nothing counts, though no object of it was.
        counting = project.instances_of(record.image_id)
    beside = [each for each in counting if each.box is not None and each.state is not accepted]
    later = images.offered_after(record.id)
    found = {each.id: each for each in (record, *beside[:_BESIDE], *later)}
    return inside, tuple(found.values())
