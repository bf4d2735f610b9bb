"""Training the finder of objects on what a project holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import Any

from landmark_annotator.annotator.session.models.labelled_images import labelled_images
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.related_instances import image_key
from landmark_annotator.annotator.session.models.training_recorder import recorded
from landmark_annotator.annotator.session.models.training_schedule import has_grown
from landmark_annotator.annotator.session.models.usual_box import usual_box_of
from landmark_annotator.backends.finders import (
    FEWEST_IMAGES,
    FEWEST_OBJECTS,
    FINDER,
    train_finder,
)
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Progress


def train_project_finder(
    project: Project, settings: Mapping[str, Any], progress: Progress, who: str = ""
) -> Mapping[str, Any]:
    """Trains on the images with accepted objects, writes the finder into the project, returns its
    card. Raises TooFewLabels, MissingPackage, or Cancelled with a checkpoint to go on from."""
    train = train_finder()
    library, left = ModelLibrary.of(project), in_the_middle(project)
    keys = {image_key(project.image(image_id)) for image_id in left}
    images = [image for image in labelled_images(project) if image.key not in keys]
    own = library.own(FINDER)
    groups = [image.split_key for image in images]
    with recorded(library, FINDER, settings, groups, who, progress) as recorder:
        card = train(images, project.scheme, own.folder, settings, recorder)
        recorder.finished(card, own)
    return card


def finder_due(project: Project) -> bool:
    """Whether to train the project's finder in the background now.

    Not where one came with the program for just this scheme, and not where every image has one
    object in a place of its own.
    """
    library = ModelLibrary.of(project)
    if library.came(FINDER):
        return False
    objects = _objects(project.instances())
    for image_id in in_the_middle(project):
        del objects[image_id]
    enough = len(objects) >= FEWEST_IMAGES and objects.total() >= FEWEST_OBJECTS
    due = enough and has_grown(len(objects), library.own(FINDER).learned_from)
    return due and usual_box_of(project) is None


def in_the_middle(project: Project) -> set[int]:
    """Images in which somebody labelled last, and not yet as many objects as there mostly are: what
    has no box there would be taken for the ground."""
    records = project.instances()
    objects = _objects(records)
    if not objects:
        return set()
    usual = median(objects.values())
    image_of = {r.id: r.image_id for r in records if r.image_id in objects}
    last: dict[str, tuple[datetime, int]] = {}
    for instance_id, label in project.labellings(image_of).items():
        here = label.at, image_of[instance_id]
        last[label.who] = max(last.get(label.who, here), here)
    return {image_id for _, image_id in last.values() if objects[image_id] < usual}


def _objects(records: Sequence[InstanceRecord]) -> Counter[int]:
    """How many accepted ones each image has, of those that have any."""
    return Counter(
        record.image_id
        for record in records
        if record.state is InstanceState.ACCEPTED
        and record.box is not None
        and record.second_opinion_on is None
    )
