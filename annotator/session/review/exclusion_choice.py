"""What people mean who choose rows of a list to be left out, or to be taken in again."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from landmark_annotator.projects.store import Project, QueueRow
from landmark_annotator.projects.store.same_objects import LABEL_STANDS, gives_way


class Choice(NamedTuple):
    """By id. instances: those of images that are not chosen whole."""

    images: list[int]
    instances: list[int]


def whole_images(rows: Iterable[QueueRow], chosen: Collection[int]) -> Choice:
    """An image is chosen whole where all of its objects are, of those that count.

    chosen: instances by id; rows: all of the images that they are in. What is excluded already is
    not chosen.
    """
    of_image: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.excluded is None:
            of_image[row.image_id].append(row.instance_id)
    choice = Choice([], [])
    wanted = set(chosen)
    for image_id, instances in of_image.items():
        taken = [i for i in instances if i in wanted]
        if len(taken) == len(instances):
            choice.images.append(image_id)
        else:
            choice.instances.extend(taken)
    return choice


def to_restore(project: Project, chosen: Collection[int]) -> Choice:
    """What makes the chosen ones count again: of the excluded ones their images and themselves.
    Where images come back, labels in them that give way to another person's go on doing so."""
    wanted = set(chosen)
    rows = project.together_with(chosen)
    out = [row for row in rows if row.excluded is not None and row.instance_id in wanted]
    # Of what is left out together with its image a row tells the reason of the image.
    by_image = [r.instance_id for r in out if not (r.excluded or "").endswith(LABEL_STANDS)]
    stay = set(by_image).difference(coming_back(project, by_image))
    instances = [row.instance_id for row in out if row.instance_id not in stay]
    return Choice([row.image_id for row in out], instances)


def coming_back(project: Project, inside: Iterable[int]) -> list[int]:
    """Of the instances inside of images that count again those that do, too: what gives way to
    somebody else's label does so until it is decided otherwise."""
    return [i for i in inside if not gives_way(project.instance(i))]
