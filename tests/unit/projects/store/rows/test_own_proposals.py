"""Many of the program's own proposals, stored at once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import OwnProposal, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import SchemeError

BOX = Box(5, 5, 8, 8)


@pytest.fixture
def ids(tmp_path: Path) -> Iterator[tuple[Project, list[int]]]:
    with Project.create(tmp_path / "pairs", Scheme("pair", ("a", "b"))) as project:
        image = project.add_image(tmp_path / "1.png", ImageFacts(20, 20, "1"))
        yield project, [project.add_instance(image.id, BOX, who="ada").id for _ in range(4)]


def made(instance_id: int, error: float = 1.0, box: Box = BOX, landmarks: int = 2) -> OwnProposal:
    points, doubts = np.full((landmarks, 2), error), np.zeros((landmarks, 2, 2))
    return OwnProposal(instance_id, box, points, doubts, error, "prior")


def test_what_is_stored_at_once_is_as_if_stored_one_by_one(ids: tuple[Project, list[int]]) -> None:
    project, (one, other, *_) = ids
    assert not project.store_own_proposals([made(one), made(other, 2.0)])
    single = made(other, 2.0)
    project.store_proposal(
        single.instance_id,
        single.points,
        single.covariances,
        predicted_error=2.0,
        model="prior",
        own=True,
    )
    assert [r.predicted_error for r in project.instances()] == [1.0, 2.0, None, None]
    assert len(project.proposals(other)) == 1


def test_storing_twice_changes_nothing(ids: tuple[Project, list[int]]) -> None:
    project, (one, *_) = ids
    for _ in range(2):
        project.store_own_proposals([made(one), made(one)])
    assert len(project.proposals(one)) == 1


def test_what_was_brought_stays_and_is_shown(ids: tuple[Project, list[int]]) -> None:
    project, (one, *_) = ids
    brought = made(one, 3.0)
    project.store_proposal(
        one, brought.points, brought.covariances, predicted_error=3.0, model="theirs"
    )
    project.store_own_proposals([made(one)])
    assert [p.model for p in project.proposals(one)] == ["theirs", "prior"]
    assert project.instance(one).predicted_error == 3.0


def test_accepted_excluded_unknown_and_moved_ones_are_passed_over(
    ids: tuple[Project, list[int]],
) -> None:
    project, (one, other, third, fourth) = ids
    project.exclude(instances=[one], why="blurred", who="ada")
    project.set_box(other, Box(6, 5, 8, 8), who="ada")
    project.accept(fourth, Shape(np.ones((2, 2))), who="ada")
    several = (one, other, third, fourth, 99)
    assert project.store_own_proposals([made(i) for i in several]) == {one, other, fourth, 99}
    assert project.proposal(third) is not None
    assert project.proposals(one) == project.proposals(other) == []


def test_of_another_scheme_nothing_is_stored(ids: tuple[Project, list[int]]) -> None:
    project, (one, other, *_) = ids
    with pytest.raises(SchemeError):
        project.store_own_proposals([made(one), made(other, landmarks=3)])
    assert project.proposals(one) == []
