"""Training a backend on what a project holds."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.models.free_heading import pointing_scheme
from landmark_annotator.annotator.session.models.hand_precision import hand_of
from landmark_annotator.annotator.session.models.labels_cut_short import to_go_on_with
from landmark_annotator.annotator.session.models.learned_landmarks import LearnedLandmarks
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.prior_comparison import compare_with_prior
from landmark_annotator.annotator.session.models.related_instances import (
    beside,
    image_key,
    instance_key,
    related,
)
from landmark_annotator.annotator.session.models.training_recorder import recorded
from landmark_annotator.annotator.session.models.whole_images import keep
from landmark_annotator.backends.registry import DEFAULT_BACKEND, Backend, Train, backend_named
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord, InstanceState, Project
from landmark_annotator.projects.store.own_boxes import own_boxes_of
from landmark_annotator.projects.store.same_objects import one_of_each
from landmark_annotator.projects.vocabulary import (
    MODELLED,
    LabelledInstance,
    Progress,
    Provenance,
    Scheme,
    Shape,
    UnlabelledInstance,
    Visibility,
)
from landmark_annotator.projects.vocabulary.boxes_of_parts import with_whole_boxes
from landmark_annotator.projects.vocabulary.errors import DiskFull, ProjectError, ProjectReadOnly

_FRAME_POINTS = 3


def labelled_instances(project: Project, once: bool = False) -> list[LabelledInstance]:
    """The accepted instances that have a box, without those that a rule accepted: no person has
    seen what they say. Keys name the image by its file and its content. once: of several people's
    labels of an object one alone, as what is measured on objects goes by them."""
    everything = _instances(project, InstanceState.ACCEPTED, once)
    return [each for each in everything if Provenance.RULED not in each.shape.provenance]


def placed_instances(project: Project, once: bool = False) -> list[LabelledInstance]:
    """The instances, accepted or not, with a box and a landmark that a person has placed or a
    file has brought. What a model placed is unknown in them. once: see `labelled_instances`."""
    found = []
    for instance in _instances(project, None, once):
        shape = instance.shape
        modelled = [mark in MODELLED for mark in shape.provenance]
        points = np.where(np.array(modelled)[:, None], np.nan, shape.points)
        if np.isfinite(points[:, 0]).any():
            marks = [None if m else p for m, p in zip(modelled, shape.provenance, strict=True)]
            visibility = np.where(modelled, Visibility.NOT_LABELLED, shape.visibility)
            found.append(replace(instance, shape=Shape(points, visibility, marks)))
    return found


def taught_instances(project: Project, backend: Backend) -> list[LabelledInstance]:
    """What a backend learns from: the accepted instances, and where it can learn from sparsely
    labelled ones what people have placed in the others, if that is enough to fix their frame. Of
    part of an object the box is of all of it, see `boxes_of_parts`."""
    if not backend.sparse:
        return labelled_instances(project)
    if not backend.lenient:
        return with_whole_boxes(placed_instances(project), labelled_instances(project))
    accepted = labelled_instances(project)
    keys = {instance.key for instance in accepted}
    open_ones = [i for i in placed_instances(project) if i.key not in keys]
    enough = [i for i in open_ones if i.shape.known.sum() >= _FRAME_POINTS]
    return accepted + with_whole_boxes(enough, accepted)


def unlabelled_instances(
    project: Project, taught: Sequence[LabelledInstance], split: Sequence[LabelledInstance]
) -> list[UnlabelledInstance]:
    """The objects with a box that a training does not learn as labelled ones: untouched, found,
    begun, or accepted by a rule. taught: those that it does. split: the same as `related` has them;
    see `beside`."""
    known = {each.key for each in taught}
    others = [each for each in _instances(project, None) if each.key not in known]
    return beside(project, taught, others, split)


def _instances(
    project: Project, state: InstanceState | None, once: bool = False
) -> list[LabelledInstance]:
    # People label meanwhile, and may leave out an image.
    with project.snapshot():
        own = own_boxes_of(project)
        found = list(_read(project, state))
        if once:
            # Rather a label that no model had a hand in, which is whole without it.
            by_people = sorted(
                (not MODELLED.isdisjoint(one.shape.provenance), number) for number, one, _ in found
            )
            kept = one_of_each(project, [number for _, number in by_people])
            found = [each for each in found if each[0] in kept]
    if own is None:
        return [instance for _, instance, _ in found]
    return [own.of_labelled(one, image.width, image.height) for _, one, image in found]


def numbered_instances(project: Project) -> list[tuple[int, LabelledInstance]]:
    """All that have a box, whatever their state, each with its number in the project."""
    with project.snapshot():
        return [(number, instance) for number, instance, _ in _read(project, None)]


def _read(
    project: Project, state: InstanceState | None
) -> Iterator[tuple[int, LabelledInstance, ImageRecord]]:
    images = {image.id: image for image in project.images()}
    # Who labels an object for the second time is not to see what a model knows of the first time.
    hidden = project.blind_instances()
    number, before = {}, Counter[int]()
    # Of all: the others keep their keys when one is excluded.
    for record in project.instances(excluded=True):
        number[record.id] = before[record.image_id]
        before[record.image_id] += 1
    # One for all objects of an image: it tells that they are in the same (`read_once`).
    reads = {key: partial(pixels_of, image) for key, image in images.items()}
    for record, shape in project.shapes(state):
        image = images[record.image_id]
        if record.box is not None and record.id not in hidden:
            key, read = instance_key(image, number[record.id]), reads[image.id]
            instance = LabelledInstance(key, record.box, shape, read, image_key(image))
            yield record.id, instance, image


def train_project(
    project: Project,
    backend_name: str,
    settings: Mapping[str, Any],
    progress: Progress,
    who: str = "",
    processes: int = 1,
    unlabelled: bool = True,
    go_on: bool = False,
) -> Mapping[str, Any]:
    """Trains on `taught_instances`, writes the model into the project, returns its card, and under
    "related" a sentence on how images are grouped. unlabelled: whether a backend that learns from
    objects without labels too gets `unlabelled_instances`.

    A record of it stays, whatever becomes of it (`training_record`). Beside the model lies how it
    compares to the prior, and to the weights that the project started from, which decides who
    proposes.

    go_on: from a training that was cut short, with its labels alone, see `to_go_on_with`. Without
    it a training of other labels begins anew.

    processes: that share each batch, on this machine; the course is the same up to rounding. Those
    that torchrun has started share it without being asked: this is the first of them.

    Raises TooFewLabels, MissingPackage, DiskFull, ProjectReadOnly, or Cancelled with a checkpoint
    left to go on from.
    """
    begun = monotonic()
    backend = backend_named(backend_name)
    train = backend.train
    own_boxes = own_boxes_of(project)
    library = ModelLibrary.of(project)
    start = library.starting_weights if backend.name == DEFAULT_BACKEND else None
    if start is not None:
        settings = {"trunk": str(start), **settings}
    taught: Sequence[LabelledInstance] = taught_instances(project, backend)
    if go_on:
        taught = to_go_on_with(library, backend.name, settings, taught)
    found = related(project, taught)
    instances = found.instances
    wanted = unlabelled and settings.get("unlabelled") != "off" and not settings.get("quick")
    if backend.unlabelled and wanted:
        train = backend.train_beside(unlabelled_instances(project, taught, instances))
    own, hand = library.own(backend), hand_of(project)
    try:
        # From here on the project is not asked: its server may go away while this learns.
        groups = [each.split_key for each in instances]
        with recorded(library, backend, settings, groups, who, progress) as recorder:
            recorder.begins_with(each.key for each in taught)
            # What no label shows cannot be learned; the rest can.
            shown = LearnedLandmarks.of(instances, project.scheme)
            lesson = (
                shown.labelled,
                pointing_scheme(shown.change.after, [each.shape for each in shown.labelled]),
            )
            with _helped(processes, train, *lesson, settings) as settings:
                card = train(*lesson, own.folder, settings, recorder)
            keep(own, own_boxes)
            recorder.finished(card, own)
        compare_with_prior(own, instances, start=start, hand=hand, progress=progress)
    except OSError as error:
        raise _cannot_write(own.folder, error) from error
    # The card of a plug-in says as much as its author thought of.
    learned = {"training": len(shown.labelled), "held_out": 0, "unreadable": []}
    told = {"instances": learned, "figures": {}, "minutes": (monotonic() - begun) / 60}
    return {**told, **card, "related": found.grouping.sentence}


@contextmanager
def _helped(
    processes: int,
    train: Train,
    instances: Sequence[LabelledInstance],
    scheme: Scheme,
    settings: Mapping[str, Any],
) -> Iterator[Mapping[str, Any]]:
    if processes == 1 and torchrun_rank() is None:
        yield settings
        return
    from landmark_annotator.backends.learning.shared_training import Lesson, helped
    from landmark_annotator.backends.learning.torchrun import led

    lesson = Lesson(train, instances, scheme, settings)
    with helped(processes, lesson) if torchrun_rank() is None else led(lesson) as own:
        yield own


def torchrun_rank() -> int | None:
    """The number of this process among those that torchrun has started; None where it has not."""
    if not {"TORCHELASTIC_RUN_ID", "RANK"} <= os.environ.keys():
        return None
    return int(os.environ["RANK"])


def _cannot_write(folder: Path, error: OSError) -> ProjectError:
    if not folder.is_dir() and isinstance(error, FileNotFoundError):
        return ProjectError(
            f"The folder {folder} was moved or deleted while the training went on.",
            kept="The project's labels are not affected.",
            remedy="Train again, where the project is now: what is no longer there begins anew.",
        )
    kept = "The project and its labels are not affected, nor is a model that was there before."
    if DiskFull.is_meant_by(error):
        return DiskFull(
            f"There is no room left on the disk of {folder}.",
            kept=kept,
            remedy="Free some space and train again: it goes on from the last epoch that was kept.",
        )
    return ProjectReadOnly(
        f"The model cannot be written into {folder}: {error.strerror or error}.",
        kept=kept,
        remedy="Make the folder writable, or copy the project to one that is.",
    )
