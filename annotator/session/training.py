"""Training a backend on what a project holds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from backends.registry import backend_named
from projects.images import read_pixels
from projects.store import Project
from projects.vocabulary import LabelledInstance, Progress


def labelled_instances(project: Project) -> list[LabelledInstance]:
    """The accepted instances that have a box. Keys name the image by its file and its content."""
    images = {image.id: image for image in project.images()}
    seen: dict[int, int] = {}
    found = []
    for record, shape in project.shapes():
        image = images[record.image_id]
        index = seen[image.id] = seen.get(image.id, -1) + 1
        if record.box is not None:
            key = f"{image.path.name}#{index} {image.sha256[:12]}"
            read = partial(read_pixels, image.path)
            found.append(LabelledInstance(key, record.box, shape, read))
    return found


def train_project(
    project: Project, backend_name: str, settings: Mapping[str, Any], progress: Progress
) -> Mapping[str, Any]:
    """Trains on the accepted instances, writes the model into the project, returns its card.

    Raises TooFewLabels, MissingPackage, or Cancelled with a checkpoint left to go on from.
    """
    backend = backend_named(backend_name)
    train = backend.train
    instances = labelled_instances(project)
    folder = project.models_folder / backend.name
    return train(instances, project.scheme, folder, settings, progress)
