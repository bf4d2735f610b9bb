"""Proposing, simulating and filling by other processes, which are started once: the same as by this
one, which writes what they have found."""

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
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.projects.store import Project, StoredProposal
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.errors import ActionableError
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


def proposed(project: Project, executor: Executor) -> dict[int, StoredProposal]:
    done = propose_all(project, SILENT, executor)
    assert done.count == 2
    found = {record.id: project.proposal(record.id) for record in project.instances()}
    return {i: one for i, one in found.items() if one is not None}


@pytest.mark.usefixtures("shipped_weights")
def test_proposing(project: Project, beside: Executor) -> None:
    here = proposed(project, THIS_PROCESS)
    there = proposed(project, beside)
    assert here.keys() == there.keys()
    for one, other in zip(here.values(), there.values(), strict=True):
        assert (one.model, one.predicted_error) == (other.model, other.predicted_error)
        np.testing.assert_array_equal(one.points, other.points)
        np.testing.assert_array_equal(one.covariances, other.covariances)


def test_a_worker_with_another_model_is_refused(project: Project, beside: Executor) -> None:
    """The processes have the weights that come with the program, which this test has not. They end
    with that, so it comes last here."""
    with pytest.raises(ActionableError, match="another model"):
        propose_all(project, SILENT, beside)
    assert all(record.predicted_error is None for record in project.instances())
