"""Which instances are made ready before anybody opens them."""

from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project

_BESIDE = 20
"""How many other objects of the open image."""
_AHEAD = 2
"""How many of the next instances."""


def wanted(project: Project, who: str, record: InstanceRecord) -> tuple[InstanceRecord, ...]:
    """The open instance, what is beside it, and the next ones without accepted landmarks that the
    person is offered."""
    accepted, inside = InstanceState.ACCEPTED, project.instances_of(record.image_id)
    beside = [each for each in inside if each.box is not None and each.state is not accepted]
    later = project.offered(who, record.id, _AHEAD)
    found = {each.id: each for each in (record, *beside[:_BESIDE], *later)}
    return tuple(found.values())
