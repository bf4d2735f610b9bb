"""Simulating and filling by other processes: the same as by this one."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.session.evaluation.simulated_project import (
    Settings,
    simulate_project,
)
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.annotator.session.filling.project_fill import fill_project
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT
from tests.unit.annotator.session.leaves import leaves


@pytest.fixture(scope="module")
def beside() -> Iterator[Executor]:
    with LocalProcesses(2) as executor:
        yield executor


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
            project, Settings("mixture", "worst", clicks=2, limit=4, seed=3), SILENT, executor
        )
        for executor in (THIS_PROCESS, beside)
    )
    assert here == there
