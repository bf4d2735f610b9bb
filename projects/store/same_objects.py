"""Objects that stand twice in a project: labelled by two people, or imported from two files."""

from collections import defaultdict
from itertools import chain

from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import pairs
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows.records import InstanceRecord


def labelled_twice(project: Project) -> list[tuple[int, int]]:
    """Pairs of accepted instances of one image, by their ids, whose boxes say that they are of the
    same object; whose labels they hold is not asked. The surest come first: second opinions, then
    those whose boxes overlap most."""
    there = set(project.sharing_images().tolist())
    of_image: dict[int, list[InstanceRecord]] = defaultdict(list)
    for record in project.instances() if there else ():
        if record.id in there and record.box is not None:
            of_image[record.image_id].append(record)
    boxes = ErrorBoxes(project).of(chain.from_iterable(of_image.values()))
    return pairs(of_image.values(), boxes)
