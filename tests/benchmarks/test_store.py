"""How long the store takes; the figures are for reading, nothing is asserted of them."""

import os
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

MANY, LABELLED = 10_000, 500
if "PYTEST_XDIST_WORKER" in os.environ:  # nothing is measured beside other tests
    MANY, LABELLED = 300, 100


facts = partial(ImageFacts, 640, 480)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of many images, each with an instance, the first ones with an accepted shape."""
    folder = tmp_path_factory.mktemp("benchmark") / "large"
    scheme = Scheme.named("face68")
    points = np.random.default_rng(0).uniform(0, 480, (LABELLED, len(scheme), 2))
    with Project.create(folder, scheme) as project, project.transaction():
        for i in range(MANY):
            image = project.add_image(folder / "images" / f"{i:06}.jpg", facts(f"{i:064x}"))
            shape = Shape(points[i]) if i < LABELLED else None
            box = Box(320, 240, 200, 200)
            project.add_instance(image.id, box, source=f"{i}#0", shape=shape, who="ada")
    return folder


def test_time_of_a_click(large: Path, benchmark: Callable[..., object]) -> None:
    with Project.open(large) as project:
        instance = project.instances()[-1].id
        turn = count()

        def click() -> None:
            i = next(turn)
            project.place(instance, i % 68, (i, i), who="ada", proposed=(i, i), duration=1.0)

        benchmark(click)
        assert project.spend().clicks == next(turn)


def test_time_of_an_undo_and_a_redo(large: Path, benchmark: Callable[..., object]) -> None:
    with Project.open(large) as project:
        click = project.place(project.instances()[-1].id, 0, (1, 2), who="bob")

        def turn() -> None:
            project.undo("bob")
            project.redo("bob")

        benchmark(turn)
        assert project.undoable("bob") == click


def test_time_of_opening_a_project_and_listing_its_images(
    large: Path, benchmark: Callable[..., object]
) -> None:
    def open_and_list() -> tuple[int, int]:
        with Project.open(large) as project:
            return len(project.images()), len(project.instances())

    assert benchmark(open_and_list) == (MANY, MANY)


def test_time_of_reading_the_accepted_shapes(large: Path, benchmark: Callable[..., object]) -> None:
    with Project.open(large) as project:
        assert benchmark(lambda: sum(1 for _ in project.shapes())) == LABELLED
