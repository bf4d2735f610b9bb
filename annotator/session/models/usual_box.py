"""One object an image that always lies in the same part of it: its box is known beforehand."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from landmark_annotator.projects.groups import sources_of
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import SAME_OBJECT
from landmark_annotator.projects.store.same_objects import labelled_by_two
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.own_boxes import (
    UsualBox,
    boxes_in_images,
    may_be_whole,
    square_around_shape,
)

FEWEST = 4
"""Independent labelled images from which on their objects say where the next one is."""
_SPREAD = 0.12
"""Of the next object's centre and size, in sides of the box: proposals from boxes that are off by
0.15 are as good as from those that are off by 0.1 (`annotator evaluate hard`)."""
_MOST = 300
"""Labelled images that are asked, evenly spread: their shapes are all to be read."""
_LEAST_SHARE = 0.25
"""Of the image's longer side: smaller objects may move, however still they stood so far."""


@dataclass(frozen=True)
class Seen:
    """An object of a labelled image of width and height pixels. around: the square around its
    shape, which says where it was, whoever or whatever gave the box."""

    image_id: int
    box: Box
    around: Box
    width: int
    height: int


def usual_box(seen: Sequence[Seen], sources: Sequence[object]) -> UsualBox | None:
    """The box that all of these have in common. seen: one an image. sources: of each, where it
    comes from; those of one source say one thing, see `sources_of`.

    None where there are too few, or they lie too far apart. A box that was given because it is the
    usual one is no evidence that it fits, so that where shapes lie alone decides.
    """
    if any(each.box.angle for each in seen) or len(set(sources)) < FEWEST:
        return None
    usual = UsualBox.of(boxes_in_images([(s.box, s.width, s.height) for s in seen]))
    side = max(usual.sides)
    lie = boxes_in_images([(s.around, s.width, s.height) for s in seen]) / side
    if side < _LEAST_SHARE or _spread_of_next(lie, sources) > _SPREAD:
        return None
    return usual


def usual_box_of(project: Project) -> UsualBox | None:
    """As the project's labelled images have it; None where one of them has several objects. What
    two people have labelled, such as the labels of two files, is one object.

    Looks at some images where they seem to, which is slow once.
    """
    instances = [i for i in project.instances() if i.second_opinion_on is None]
    if _has_several(instances):
        if _lie_apart(instances):
            return None
        again = {max(both) for both in labelled_by_two(project)}
        instances = [i for i in instances if i.id not in again]
        if _has_several(instances):
            return None
    labelled = [i.id for i in instances if i.state is InstanceState.ACCEPTED and i.box is not None]
    seen = _seen(project, labelled[:: -(-len(labelled) // _MOST) or 1])
    # Whether images are related is asked last: it takes their pictures.
    if usual_box(seen, range(len(seen))) is None:
        return None
    sources = sources_of(project, {each.image_id for each in seen})
    return usual_box(seen, [sources[each.image_id] for each in seen])


def _has_several(instances: Sequence[InstanceRecord]) -> bool:
    return len({each.image_id for each in instances}) < len(instances)


def _lie_apart(instances: Sequence[InstanceRecord]) -> bool:
    """Whether boxes say of an image, without a look at shapes, that it has two objects."""
    boxes: dict[int, list[Box]] = defaultdict(list)
    for each in instances:
        if each.box is not None and not may_be_whole(each.box):
            boxes[each.image_id].append(each.box)
    pairs = chain.from_iterable(combinations(several, 2) for several in boxes.values())
    return any(one.overlap(other) <= SAME_OBJECT for one, other in pairs)


def _seen(project: Project, labelled: Sequence[int]) -> list[Seen]:
    """What accepted shapes say; of part of one only the box that somebody has drawn."""
    sizes, boxes = project.image_sizes(), ErrorBoxes(project)
    drawn_by_nobody = project.found_boxes()
    found = []
    for record, shape in project.shapes(bare=True, among=labelled):
        around = square_around_shape(shape)
        if around is None and record.id not in drawn_by_nobody:
            around = record.box
        box = boxes.box(record, shape)
        if box is not None and around is not None:
            found.append(Seen(record.image_id, box, around, *sizes[record.image_id]))
    return found


def _spread_of_next(rows: Floats, sources: Sequence[object]) -> float:
    """The largest standard deviation of the next row, of rows (N, 4) of which those of one source
    count together as one: that of the sources, and how unsure their middle is by as few."""
    sizes = Counter(sources)
    weights = np.array([1 / sizes[source] for source in sources]) / len(sizes)
    middle = weights @ rows
    few = (len(sizes) + 1) / (len(sizes) - 1)
    return float(np.sqrt(few * (weights @ (rows - middle) ** 2).max()))
