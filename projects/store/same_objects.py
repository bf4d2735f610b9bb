"""Objects that stand twice in a project: labelled by two people, or imported from two files."""

from collections import defaultdict
from itertools import combinations

from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows.records import InstanceRecord

SAME_OBJECT = 0.5
"""Boxes that overlap by this share of their union are taken for the same object."""


def labelled_twice(project: Project) -> list[tuple[int, int]]:
    """Pairs of accepted instances of one image, by their ids, whose boxes say that they are of the
    same object; whose labels they hold is not asked."""
    there = set(project.sharing_images().tolist())
    of_image: dict[int, list[InstanceRecord]] = defaultdict(list)
    for record in project.instances() if there else ():
        if record.id in there and record.box is not None:
            of_image[record.image_id].append(record)
    return [
        (one.id, other.id)
        for several in of_image.values()
        for one, other in combinations(several, 2)
        if one.box is not None
        and other.box is not None
        and one.box.overlap(other.box) > SAME_OBJECT
    ]
