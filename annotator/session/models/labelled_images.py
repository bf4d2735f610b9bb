"""What a project knows of where objects are in its images."""

import math
from collections import defaultdict
from functools import partial

import numpy as np

from landmark_annotator.annotator.session.models.related_instances import image_key, related
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.backends.shapes.orientation import headed
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, LabelledImage, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

_SAME = 0.8
"""Overlap of boxes from which on they are of one object."""


def labelled_images(project: Project) -> list[LabelledImage]:
    """The images with an accepted object, in the project's order.

    Of what is not accepted yet nobody has said that it is there, and what is excluded may be there
    all the same; but what a model found and a person threw out is known to be none.
    """
    accepted = labelled_instances(project)
    objects: dict[str, list[Box]] = defaultdict(list)
    groups: dict[str, str] = {}
    for own, instance in zip(accepted, related(project, accepted).instances, strict=True):
        box = object_box(instance, project.scheme)
        # A second opinion is of the same object.
        if all(box.overlap(other) < _SAME for other in objects[own.group]):
            objects[own.group].append(box)
        groups[own.group] = instance.group
    unsure, absent = _doubtful(project)
    return [
        LabelledImage(
            key,
            (image.width, image.height),
            tuple(objects[key]),
            partial(pixels_of, image),
            tuple(unsure[image.id]),
            tuple(absent[image.id]),
            groups[key],
        )
        for image in project.images()
        if (key := image_key(image)) in objects
    ]


def object_box(instance: LabelledInstance, scheme: Scheme) -> Box:
    """What is to be found of a labelled instance: its box, and where objects have a heading the
    box around the landmarks that is turned by it."""
    turned = headed(instance.box, instance.shape, scheme)
    if scheme.heading is None or turned.angle == instance.box.angle == 0.0:
        return instance.box
    points = instance.shape.points
    return around(points[np.isfinite(points[:, 0])], turned.angle)


def around(points: Floats, angle: float) -> Box:
    """The box around the points (N, 2) whose sides are turned by the angle."""
    frame = Box(0.0, 0.0, 1.0, 1.0, angle)
    turned = frame.to_frame(points)
    low, high = turned.min(axis=0), turned.max(axis=0)
    centre = frame.to_image((low + high) / 2)
    width, height = (max(float(v), 1.0) for v in high - low)
    return Box(float(centre[0]), float(centre[1]), width, height, math.remainder(angle, math.tau))


def _doubtful(project: Project) -> tuple[dict[int, list[Box]], dict[int, list[Box]]]:
    """By image: boxes in which something may be, and boxes that are known to be none."""
    unsure: dict[int, list[Box]] = defaultdict(list)
    absent: dict[int, list[Box]] = defaultdict(list)
    found = project.found_boxes()
    for record in project.instances(excluded=True):
        if record.box is None or record.second_opinion_on is not None:
            continue
        if record.excluded is not None and record.id in found:
            absent[record.image_id].append(record.box)
        elif record.excluded is not None or record.state is not InstanceState.ACCEPTED:
            unsure[record.image_id].append(record.box)
    return unsure, absent
