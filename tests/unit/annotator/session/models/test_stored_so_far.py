"""Proposing that goes on where it was stopped or killed."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.execution.progress import WatchedProgress
from landmark_annotator.annotator.session.models import batch_proposals
from landmark_annotator.annotator.session.models.batch_proposals import Proposed, propose_all
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.projects.store import Making, Project
from landmark_annotator.projects.vocabulary import SILENT, Box
from landmark_annotator.projects.vocabulary.errors import Cancelled
from tests.known_priors import blindly

FILE = "proposing.jsonl"


class Killed(BaseException):
    pass


class Dying:
    """Gives so many results."""

    def __init__(self, results: int) -> None:
        self.most = results

    def results(self, work: Any, tasks: Sequence[Any]) -> Iterator[Any]:
        yield from THIS_PROCESS.results(work, tasks[: self.most])
        raise Killed


@pytest.fixture
def half_done(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """One of the two that wait is proposed for, by what is made in no time."""
    monkeypatch.setattr(PriorModel, "load", blindly)
    monkeypatch.setattr(batch_proposals, "TOGETHER", 1)
    with pytest.raises(Killed):
        propose_all(project, SILENT, Dying(1))  # type: ignore[arg-type]
    return project


def waiting(project: Project) -> list[int]:
    return [record.id for record in project.instances()][-2:]


def counted(done: Proposed) -> tuple[int, int]:
    return done.count, done.earlier


def test_it_goes_on_where_it_ended_too_soon_and_the_next_is_whole_again(half_done: Project) -> None:
    first, second = waiting(half_done)
    stored = half_done.proposal(first)
    assert stored is not None
    assert half_done.proposal(second) is None
    assert counted(propose_all(half_done, SILENT)) == (1, 1)
    again = half_done.proposal(first)
    assert again is not None
    assert again.at == stored.at
    assert half_done.proposal(second) is not None
    assert counted(propose_all(half_done, SILENT)) == (2, 0)
    assert not (half_done.folder / FILE).exists()


def test_a_box_that_was_changed_since_is_proposed_for_once_more(half_done: Project) -> None:
    half_done.set_box(waiting(half_done)[0], Box(60, 60, 50, 50), who="ada")
    assert counted(propose_all(half_done, SILENT)) == (2, 0)


def test_what_another_model_has_proposed_since_is_proposed_for_once_more(
    half_done: Project,
) -> None:
    first = waiting(half_done)[0]
    other = half_done.proposal(first)
    assert other is not None
    making = Making("other", 9, 3.0, other.covariances[0])
    half_done.store_proposal(
        first, other.points, other.covariances, predicted_error=9.0, model="other", own=True,
        making=making,
    )  # fmt: skip
    assert counted(propose_all(half_done, SILENT)) == (2, 0)


def test_another_model_begins_anew(half_done: Project) -> None:
    half_done.accept(waiting(half_done)[1], half_done.shape(1), who="ada")
    assert counted(propose_all(half_done, SILENT)) == (1, 0)


def test_lines_that_are_cut_off_or_spoiled_are_passed_over(half_done: Project) -> None:
    file = half_done.folder / FILE
    good = file.read_bytes()
    file.write_bytes(b'[]\n{"until": 3}\n\xff\n{"model": "' + b"\n" + good + b'{"model": "')
    assert counted(propose_all(half_done, SILENT)) == (1, 1)


def test_without_the_file_all_is_proposed_for_once_more(half_done: Project) -> None:
    (half_done.folder / FILE).unlink()
    assert counted(propose_all(half_done, SILENT)) == (2, 0)


def test_stopped_before_it_began_it_proposes_for_nothing(project: Project) -> None:
    """As while objects were looked for; no model is made for an answer that nobody waits for."""
    stopped = WatchedProgress(lambda *stage: None)
    stopped.cancel()
    with pytest.raises(Cancelled):
        propose_all(project, stopped)
    assert [project.proposal(each) for each in waiting(project)] == [None, None]


class _StoppedWhileLearning:
    """After the first looks whether it is."""

    def __init__(self) -> None:
        self.asked = 0

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        self.asked += 1
        return self.asked > 3


def test_stopped_while_it_learns_from_labelled_images_it_proposes_for_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who closes the window, or stops it, waits for one image, not for all that is learned."""
    monkeypatch.setattr("tests.known_priors._known", OrderedDict())
    stopped = _StoppedWhileLearning()
    with pytest.raises(Cancelled):
        propose_all(project, stopped)
    assert stopped.asked == 4
    assert [project.proposal(each) for each in waiting(project)] == [None, None]
