"""Reader of the folders that `landmark_annotator.projects.rendering` writes."""

from functools import partial
from pathlib import Path

import numpy as np
import orjson

from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError


def rendered_instances(folder: Path) -> list[LabelledInstance]:
    """Each head in the square around its landmarks, in the order of their names. The keys are the
    persons: what is kept out of training must not have been seen by another camera there."""
    found = []
    for path in sorted(folder.glob("*.json")):
        truth = orjson.loads(path.read_bytes())
        shape = Shape(np.array(truth["points"]), np.array(truth["visibility"]))
        read = partial(read_pixels, path.with_suffix(".jpg"))
        box = Box.square_around(shape.points)
        found.append(LabelledInstance(f"heads/{truth['identity']}", box, shape, read))
    if not found:
        raise ActionableError(
            f"There are no rendered heads in {folder}.",
            remedy=f"Render some: python -m landmark_annotator.projects.rendering heads {folder}",
        )
    return found
