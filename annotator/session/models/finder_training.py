"""Training the finder of objects on what a project holds."""

from collections.abc import Mapping
from typing import Any

from landmark_annotator.annotator.session.models.labelled_images import labelled_images
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_recorder import recorded
from landmark_annotator.annotator.session.models.training_schedule import training_due
from landmark_annotator.annotator.session.models.usual_box import usual_box_of
from landmark_annotator.backends.finders import FEWEST_IMAGES, FINDER, train_finder
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Progress


def train_project_finder(
    project: Project, settings: Mapping[str, Any], progress: Progress, who: str = ""
) -> Mapping[str, Any]:
    """Trains on the images with accepted objects, writes the finder into the project, returns its
    card. Raises TooFewLabels, MissingPackage, or Cancelled with a checkpoint to go on from."""
    train = train_finder()
    library, images = ModelLibrary.of(project), labelled_images(project)
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
    accepted = {
        record.image_id
        for record in project.instances()
        if record.state is InstanceState.ACCEPTED and record.box is not None
    }
    learned_from = library.own(FINDER).learned_from
    due = len(accepted) >= FEWEST_IMAGES and training_due(len(accepted), learned_from)
    return due and usual_box_of(project) is None
