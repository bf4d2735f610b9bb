"""A real project on drawn heads: some labelled, two waiting."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.drawn_heads import drawn_head

LABELLED = 12


@pytest.fixture(autouse=True)
def _few_looks(few_looks: None) -> None:
    """In every test here."""


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Shape]]:
    folder = tmp_path_factory.mktemp("drawn")
    heads = []
    for seed in range(LABELLED + 2):
        pixels, shape = drawn_head(seed)
        path = folder / f"head{seed}.png"
        Image.fromarray(pixels).save(path)
        heads.append((path, shape))
    return heads


@pytest.fixture
def project(tmp_path: Path, drawn: list[tuple[Path, Shape]]) -> Iterator[Project]:
    with Project.create(tmp_path / "heads", Scheme.named("face68")) as project:
        with project.transaction():
            for index, (path, shape) in enumerate(drawn):
                image = project.add_image(path, examine(path))
                box = Box.square_around(shape.points)
                known = shape if index < LABELLED else None
                project.add_instance(image.id, box, shape=known, who="importer")
        yield project


@pytest.fixture
def waiting(project: Project) -> InstanceRecord:
    """The first instance without labels."""
    return project.instances()[LABELLED]


@pytest.fixture
def truth(drawn: list[tuple[Path, Shape]]) -> np.ndarray:
    """Where the landmarks of `waiting` are."""
    return drawn[LABELLED][1].points
