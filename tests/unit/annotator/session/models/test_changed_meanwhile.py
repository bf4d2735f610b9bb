"""What somebody else does to a project while proposals are computed for it."""

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.models.batch_proposals import propose_all
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box


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
