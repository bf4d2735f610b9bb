"""Small trainings on the drawn heads."""

import pytest

from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.drawn_heads import drawn_head


@pytest.fixture(scope="session")
def heads() -> list[LabelledInstance]:
    found = []
    for seed in range(40):
        pixels, shape = drawn_head(seed)

        def read(drawn: Pixels = pixels) -> Pixels:
            return drawn

        box = Box.square_around(shape.points)
        found.append(LabelledInstance(f"head{seed}", box, shape, read))
    return found


@pytest.fixture(scope="session")
def face68() -> Scheme:
    return Scheme.named("face68")
