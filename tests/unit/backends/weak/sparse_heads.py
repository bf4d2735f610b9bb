"""Drawn heads, some of them labelled densely, the others sparsely."""

import numpy as np

from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.drawn_heads import drawn_head
from tests.measured_curves import Curves

FORMAT = (8, 19, 24, 30, 36, 45, 48, 54)
SETTINGS = {"epochs": 4, "dense_epochs": 3, "fine_epochs": 2, "size": 32, "folds": 2}
DENSE = 12
MEASURED = Curves()
"""Of the one training that all tests look at."""


def sparse(shape: Shape) -> Shape:
    known = np.isin(np.arange(len(shape)), FORMAT)
    return Shape(np.where(known[:, None], shape.points, np.nan))


def sparse_heads(count: int = 20) -> list[LabelledInstance]:
    """The first 12 densely."""
    found = []
    for seed in range(count):
        pixels, shape = drawn_head(seed)

        def read(drawn: Pixels = pixels) -> Pixels:
            return drawn

        box = Box.square_around(shape.points)
        known = shape if seed < DENSE else sparse(shape)
        found.append(LabelledInstance(f"head{seed}", box, known, read))
    return found
