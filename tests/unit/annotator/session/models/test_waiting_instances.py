"""What waits for proposals, read when its turn comes."""

import pytest

from landmark_annotator.annotator.session.execution import paged
from landmark_annotator.annotator.session.models import waiting_instances
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.proposal_work import ToPropose, Withdrawn
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.waiting_instances import waiting_for_proposals
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box
from tests.known_priors import blindly


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PriorModel, "load", blindly)
    monkeypatch.setattr(paged, "PAGE", 2)
    monkeypatch.setattr(waiting_instances, "PAGE", 2)
    monkeypatch.setattr(paged, "_PAGES", 1)


@pytest.fixture
def waits(project: Project) -> list[int]:
    """Seven of the project's instances, of which one is in no box."""
    image = project.images()[0]
    for number in range(5):
        project.add_instance(image.id, Box(50, 50, 20 + number, 20), who="ada")
    project.add_instance(image.id, None, who="ada")
    open_ = [r for r in project.instances() if r.state is not InstanceState.ACCEPTED]
    return [record.id for record in open_ if record.box is not None]


def test_it_is_what_is_not_accepted_and_has_a_box_in_the_order_of_the_images(
    project: Project, waits: list[int]
) -> None:
    tasks, without = waiting_for_proposals(project, best_proposer(project))
    assert without == 1
    assert [task.instance_id for task in tasks] == waits
    assert [tasks[place].instance_id for place in (6, 0, 5)] == [waits[6], waits[0], waits[5]]
    for task in tasks:
        assert isinstance(task, ToPropose)
        record = project.instance(task.instance_id)
        assert (task.box, task.image) == (record.box, project.image(record.image_id))
    assert [[task.instance_id for task in page] for page in tasks.pages] == [
        waits[:2], waits[2:4], waits[4:6], waits[6:]
    ]  # fmt: skip
    assert [task.instance_id for task in tasks.only([4, 1])] == [waits[4], waits[1]]
    with pytest.raises(IndexError):
        tasks[7]


def test_what_has_changed_since_is_as_it_is_now(project: Project, waits: list[int]) -> None:
    tasks, _ = waiting_for_proposals(project, best_proposer(project))
    project.set_box(waits[2], Box(1, 2, 3, 4), who="ada")
    project.accept(waits[3], project.shape(1), who="ada")
    project.exclude(instances=[waits[4]], why="dark", who="ada")
    project.remove_instance(waits[5])
    moved = tasks[2]
    assert isinstance(moved, ToPropose)
    assert moved.box == Box(1, 2, 3, 4)
    assert [tasks[place] for place in (3, 4, 5)] == [Withdrawn(number) for number in waits[3:6]]
