"""Many of the program's own proposals, stored at once."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.projects.store import ImageRecord, Making, OwnProposal, Project
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import SchemeError

BOX = Box(5, 5, 8, 8)


@pytest.fixture
def ids(project: Project, add_image: Callable[[str], ImageRecord]) -> tuple[Project, list[int]]:
    image = add_image("1.png")
    return project, [project.add_instance(image.id, BOX, who="ada").id for _ in range(4)]


def made(instance_id: int, error: float = 1.0, box: Box = BOX, landmarks: int = 5) -> OwnProposal:
    points, doubts = np.full((landmarks, 2), error), np.zeros((landmarks, 2, 2))
    return OwnProposal(instance_id, box, points, doubts, error, "prior")


@pytest.mark.parametrize("making", [None, Making("prior 1", 3, np.inf, np.eye(2))])
def test_probabilities_of_being_hidden_are_kept_with_and_without_a_making(
    ids: tuple[Project, list[int]], making: Making | None
) -> None:
    project, (one, other, *_) = ids
    hidden = np.array([0.0, 1.0, 0.123456, np.nan, 0.5])
    own = replace(made(one), making=making, hidden=hidden)
    project.store_own_proposals([own, replace(made(other), making=making)])
    stored, silent = project.proposal(one), project.proposal(other)
    assert stored is not None
    assert stored.hidden is not None
    assert silent is not None
    assert silent.hidden is None
    np.testing.assert_array_equal(stored.hidden, hidden)
    project.accept(one, Shape(np.ones((5, 2))), who="ada")
    assert len(project.judged_proposals(9)) == (making is not None)


@pytest.mark.parametrize("hidden", [np.zeros(4), np.full(5, 1.1), np.full(5, -0.1)])
def test_what_is_no_probability_for_each_is_not_stored(
    ids: tuple[Project, list[int]], hidden: np.ndarray
) -> None:
    project, (one, *_) = ids
    with pytest.raises(SchemeError, match="no probability for each"):
        project.store_own_proposals([replace(made(one), hidden=hidden)])
    assert project.proposals(one) == []


def test_all_that_is_known_of_a_proposal_is_stored(ids: tuple[Project, list[int]]) -> None:
    project, (one, *_) = ids
    making = Making("prior 1", 3, np.inf, np.eye(2), 1.5, np.full((5, 2), 0.25), 2.5)
    project.store_own_proposals([replace(made(one, 2.5), making=making)])
    project.accept(one, Shape(np.ones((5, 2))), who="ada")
    [judged] = project.judged_proposals(9)
    assert (judged.making.maker, judged.making.labels, judged.making.widened) == ("prior 1", 3, 1.5)
    assert judged.making.novelty == 2.5
    assert judged.making.moved is not None
    assert np.array_equal(judged.making.moved, np.full((5, 2), 0.25))
    assert np.array_equal(judged.points, np.full((5, 2), 2.5))
    assert np.array_equal(judged.covariances, np.zeros((5, 2, 2)))
    assert judged.predicted_error == 2.5


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
    project.accept(fourth, Shape(np.ones((5, 2))), who="ada")
    several = (one, other, third, fourth, 99)
    assert project.store_own_proposals([made(i) for i in several]) == {one, other, fourth, 99}
    assert project.proposal(third) is not None
    assert project.proposals(one) == project.proposals(other) == []


def test_of_another_scheme_nothing_is_stored(ids: tuple[Project, list[int]]) -> None:
    project, (one, other, *_) = ids
    with pytest.raises(SchemeError):
        project.store_own_proposals([made(one), made(other, landmarks=3)])
    assert project.proposals(one) == []


def test_those_of_many_are_those_of_each(ids: tuple[Project, list[int]]) -> None:
    """The chosen one first; of an instance without any there is nothing."""
    project, (one, other, *_) = ids
    project.store_own_proposals([made(other, 2.0), made(one, 1.0)])
    project.store_proposal(
        one, np.zeros((5, 2)), np.zeros((5, 2, 2)), predicted_error=3.0, model="theirs", who="bob"
    )
    found = dict(project.proposals_of(ids[1]))
    assert {i: [each.model for each in kept] for i, kept in found.items()} == {
        i: [each.model for each in project.proposals(i)] for i in (one, other)
    }
    assert [each.model for each in found[one]] == ["theirs", "prior"]
