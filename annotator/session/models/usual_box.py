"""One object an image that always fills the same part of it: its box is known beforehand."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.own_boxes import UsualBox, boxes_in_images

FEWEST = 4
"""Labelled images from which on their boxes say where the next one is."""
_SPREAD = 0.1
"""Of centres and sides, in sides of the box: proposals from boxes so far off are as good as from
others (`annotator evaluate hard`)."""
_LEAST_SHARE = 0.25
"""Of the image's longer side: smaller objects may move, however still they stood so far."""


def usual_box(boxes: Sequence[tuple[Box, int, int]]) -> UsualBox | None:
    """What the boxes have in common. boxes: one an image, with the image's width and height.

    None where they are too few, or differ too much.
    """
    if len(boxes) < FEWEST or any(box.angle for box, _, _ in boxes):
        return None
    rows = boxes_in_images(boxes)
    middle = np.median(rows, axis=0)
    side = float(middle[2:].max())
    apart = (rows - middle) / side
    if side < _LEAST_SHARE or float(np.sqrt((apart**2).mean(axis=0)).max()) > _SPREAD:
        return None
    return UsualBox.of(rows)


def usual_box_of(project: Project) -> UsualBox | None:
    """As the project's labelled images have it; None where one of them has several objects."""
    images = {image.id: image for image in project.images()}
    instances = [i for i in project.instances() if i.second_opinion_on is None]
    if any(count > 1 for count in Counter(i.image_id for i in instances).values()):
        return None
    boxes = [
        (record.box, images[record.image_id].width, images[record.image_id].height)
        for record in instances
        if record.box is not None and record.state is InstanceState.ACCEPTED
    ]
    return usual_box(boxes)
