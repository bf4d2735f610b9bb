"""What people mean who choose rows of a list to be left out, or to be taken in again."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from landmark_annotator.projects.store import QueueRow


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


def to_restore(rows: Iterable[QueueRow], chosen: Collection[int]) -> Choice:
    """What makes the chosen ones count again: of the excluded ones their images and themselves."""
    wanted = set(chosen)
    out = [row for row in rows if row.excluded is not None and row.instance_id in wanted]
    return Choice([row.image_id for row in out], [row.instance_id for row in out])
