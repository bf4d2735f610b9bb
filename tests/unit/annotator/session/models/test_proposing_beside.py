"""Proposals computed by other processes and written by this one."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.execution.processes import LocalProcesses
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.projects.store import Project, StoredProposal
from landmark_annotator.projects.vocabulary import SILENT, Box
from landmark_annotator.projects.vocabulary.errors import ActionableError


def proposed(project: Project, executor: Executor) -> dict[int, StoredProposal]:
    done = propose_all(project, SILENT, executor)
    assert done.count == 2
    found = {record.id: project.proposal(record.id) for record in project.instances()}
    return {i: one for i, one in found.items() if one is not None}


@pytest.mark.usefixtures("shipped_weights")
def test_other_processes_propose_the_same_to_the_last_bit(project: Project) -> None:
    here = proposed(project, THIS_PROCESS)
    with LocalProcesses(2) as executor:
        there = proposed(project, executor)
    assert here.keys() == there.keys()
    for one, other in zip(here.values(), there.values(), strict=True):
        assert (one.model, one.predicted_error) == (other.model, other.predicted_error)
        np.testing.assert_array_equal(one.points, other.points)
        np.testing.assert_array_equal(one.covariances, other.covariances)


def test_a_worker_with_another_model_is_refused(project: Project) -> None:
    """The processes have the weights that come with the program, which this test has not."""
    with LocalProcesses(1) as executor, pytest.raises(ActionableError, match="another model"):
        propose_all(project, SILENT, executor)
    assert all(record.predicted_error is None for record in project.instances())


class AtWork:
    """Does what somebody else does meanwhile, before the first result is there."""

    def __init__(self, meanwhile: object) -> None:
        self.meanwhile = meanwhile

    def results(self, work, tasks):  # type: ignore[no-untyped-def]
        for number, result in enumerate(THIS_PROCESS.results(work, tasks)):
            if number == 0:
                self.meanwhile()  # type: ignore[operator]
            yield result


def test_a_proposal_for_a_box_that_was_changed_meanwhile_is_not_stored(project: Project) -> None:
    first, second = [r.id for r in project.instances() if r.predicted_error is None][-2:]
    executor = AtWork(lambda: project.set_box(first, Box(60, 60, 50, 50), who="ada"))
    done = propose_all(project, SILENT, executor)  # type: ignore[arg-type]
    assert (done.count, done.changed) == (1, 1)
    assert project.proposal(first) is None
    assert project.proposal(second) is not None
