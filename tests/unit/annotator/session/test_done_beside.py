"""Simulating and filling by other processes: the same as by this one."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.evaluation.simulated_project import simulate_project
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.annotator.session.filling.project_fill import fill_project
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape

LEAF = Scheme("leaf", tuple(f"edge {i}" for i in range(8)))


@pytest.fixture(scope="module")
def beside() -> Iterator[Executor]:
    with LocalProcesses(2) as executor:
        yield executor


def leaf(seed: int) -> Shape:
    random = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    sides = 30 + 8 * random.normal(size=(1, 2)) + random.normal(size=(8, 2))
    return Shape(50 + sides * np.stack([np.cos(angles), np.sin(angles)], axis=1))


def leaves(folder: Path, sparse: int) -> Project:
    """Sixteen whole ones, and some with two landmarks; no photograph is there to be looked at."""
    project = Project.create(folder, LEAF)
    for number in range(16 + sparse):
        facts = ImageFacts(100, 100, str(number))
        image = project.add_image(folder / f"{number}.png", facts)
        shape = leaf(number)
        box = Box.square_around(shape.points)
        record = project.add_instance(
            image.id, box, shape=shape if number < 16 else None, who="ada"
        )
        for j in (0, 3) if number >= 16 else ():
            project.place(record.id, j, shape.points[j], who="ada")
    return project


def test_filling(tmp_path: Path, beside: Executor) -> None:
    filled = []
    for name, executor in (("here", THIS_PROCESS), ("there", beside)):
        with leaves(tmp_path / name, sparse=5) as project:
            done = fill_project(project, who="lead", progress=SILENT, executor=executor)
            assert done.count == 5
            filled.append([shape for _, shape in project.shapes(None)])
    for here, there in zip(*filled, strict=True):
        np.testing.assert_array_equal(here.points, there.points)
        np.testing.assert_array_equal(here.covariances, there.covariances)


@pytest.mark.usefixtures("shipped_weights")
def test_simulating(project: Project, beside: Executor) -> None:
    here, there = (
        simulate_project(
            project,
            rule="mixture",
            policy="worst",
            clicks=2,
            limit=4,
            seed=3,
            progress=SILENT,
            executor=executor,
        )
        for executor in (THIS_PROCESS, beside)
    )
    assert here == there
