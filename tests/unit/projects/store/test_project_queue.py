"""What there is to label, in order, without reading whole records."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.store import ImageRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Provenance
from landmark_annotator.projects.vocabulary.errors import ProjectError

WHO = "ada"


@pytest.fixture
def queue(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    """Ids in order: the second and the last are accepted; the order is not that of the ids."""
    images = [add_image(f"deep/in/{name}.png") for name in "abc"]
    ids = {}
    for name, image, accepted in (
        ("c", images[2], True),
        ("a", images[0], False),
        ("b1", images[1], True),
        ("b2", images[1], False),
    ):
        shape = kites.ACCEPTED if accepted else None
        ids[name] = project.add_instance(image.id, kites.BOX, shape=shape, who=WHO).id
    return [ids[name] for name in ("a", "b1", "b2", "c")]


def test_rows_come_in_the_order_of_the_images(project: Project, queue: list[int]) -> None:
    assert [row.instance_id for row in project.queue()] == queue
    assert [record.id for record in project.instances()] == queue


def test_a_row_says_what_a_list_shows(project: Project, queue: list[int]) -> None:
    points, covariances = kites.ACCEPTED.points, kites.ACCEPTED.covariances
    project.store_proposal(queue[0], points, covariances, predicted_error=3.5, model="prior")
    first, second, *_ = project.queue()
    assert first.path == "deep/in/a.png"
    assert (first.state, second.state) == (InstanceState.UNTOUCHED, InstanceState.ACCEPTED)
    assert (first.predicted_error, second.predicted_error) == (3.5, None)


def test_what_waits_follows_and_begins_again(project: Project, queue: list[int]) -> None:
    def following(after: int | None, limit: int = 1) -> list[int]:
        return [record.id for record in project.waiting(after, limit)]

    a, b1, b2, c = queue
    assert following(None) == [a]
    assert following(a) == [b2]
    assert following(b1) == [b2]
    assert following(b2) == [a]
    assert following(c, 5) == [a, b2]
    assert following(a, 5) == [b2]


def test_nothing_waits_where_all_is_accepted(project: Project, queue: list[int]) -> None:
    for instance_id in (queue[0], queue[2]):
        project.accept(instance_id, kites.ACCEPTED, who=WHO)
    assert project.waiting() == project.waiting(queue[1]) == []
    assert project.count_of(InstanceState.ACCEPTED) == 4


def test_the_accepted_one_before_is_the_nearest(project: Project, queue: list[int]) -> None:
    a, b1, b2, c = queue
    found = [project.accepted_before(instance_id, who="ada") for instance_id in (a, b1, b2, c)]
    assert [None if record is None else record.id for record in found] == [None, None, b1, b1]


def test_a_place_in_the_queue_is_that_of_an_instance(project: Project) -> None:
    with pytest.raises(ProjectError):
        project.waiting(7)
    with pytest.raises(ProjectError):
        project.accepted_before(7, who="ada")


def test_effort_counts_what_was_taken_back(project: Project, queue: list[int]) -> None:
    first, *_, last = queue
    project.place(first, kites.TOP, (50, 10), who=WHO)
    project.place(first, kites.LEFT, (20, 40), provenance=Provenance.CONFIRMED, who=WHO)
    project.place(last, kites.TOP, (50, 10), who="bob")
    project.undo(WHO)
    project.set_box(first, kites.BOX.moved(scale=2.0), who=WHO)
    assert project.clicks() == {first: 2, last: 1}
