"""Projects of worms, chains of landmarks of which neighbours move together, to plan for."""

from functools import partial
from pathlib import Path

import numpy as np

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

LANDMARKS = 8
SCHEME = Scheme("worm", tuple(f"segment {i}" for i in range(LANDMARKS)))

facts = partial(ImageFacts, 400, 400)


def worm(seed: int) -> np.ndarray:
    """A chain whose ends swing: near segments move together, far ones do not."""
    random = np.random.default_rng(seed)
    bends = np.cumsum(random.normal(0, 0.25, LANDMARKS))
    steps = 30 * np.stack([np.cos(bends), np.sin(bends)], axis=1)
    return np.asarray(np.cumsum(steps, axis=0) + 60)


def made(
    folder: Path, labelled: int, waiting: int = 10, provenance: Provenance | None = None
) -> Project:
    project = Project.create(folder / f"worms{labelled}", SCHEME)
    for i in range(labelled + waiting):
        image = project.add_image(folder / f"{i}.png", facts(str(i)))
        box = Box.square_around(worm(i))
        marks = None if provenance is None else [provenance] * LANDMARKS
        shape = Shape(worm(i), provenance=marks) if i < labelled else None
        project.add_instance(image.id, box, shape=shape, who="importer")
    return project
