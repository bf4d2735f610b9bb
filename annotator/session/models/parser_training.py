"""Training a network that segments on the masks of a project."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.related_instances import related
from landmark_annotator.annotator.session.models.training import numbered_instances
from landmark_annotator.annotator.session.models.training_recorder import recorded
from landmark_annotator.backends.parsers import MaskedInstance, train_parser
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import MaskProvenance, Progress
from landmark_annotator.projects.vocabulary.errors import TooFewLabels


def masked_instances(project: Project) -> list[MaskedInstance]:
    """Those with a box and a mask that a person has drawn or let pass, or a file has brought."""
    with project.snapshot():
        numbered = numbered_instances(project)
        stored = dict(project.masks_of([number for number, _ in numbered]))
    found = []
    for number, instance in numbered:
        masks = {
            name: each.mask
            for name, each in stored.get(number, {}).items()
            if each.provenance is not MaskProvenance.PROPOSED
        }
        if masks:
            found.append(MaskedInstance(instance, masks))
    grouped = related(project, [each.instance for each in found]).instances
    return [replace(each, instance=own) for each, own in zip(found, grouped, strict=True)]


def train_project_parser(
    project: Project,
    backend: Backend,
    settings: Mapping[str, Any],
    progress: Progress,
    who: str = "",
) -> Mapping[str, Any]:
    """Trains on the project's masks, writes the network into the project, returns its card.
    backend: one of `PARSERS`. Raises TooFewLabels, MissingPackage, or Cancelled with a checkpoint
    to go on from."""
    if not project.scheme.regions:
        raise TooFewLabels(
            "The project's scheme names no regions, so there are no masks to learn from.",
            remedy="Name some: annotator scheme PROJECT --regions face_parts",
        )
    train = train_parser(backend)
    library, instances = ModelLibrary.of(project), masked_instances(project)
    own = library.own(backend)
    groups = [each.instance.split_key for each in instances]
    with recorded(library, backend, settings, groups, who, progress) as recorder:
        card = train(instances, project.scheme, own.folder, settings, recorder)
        recorder.finished(card, own)
    return card
