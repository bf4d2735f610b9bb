"""Verdicts of reviewers: what they do to a shape, and how long they hold."""

import kites
import pytest

from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project, Verdict
from landmark_annotator.projects.vocabulary.errors import ProjectError


@pytest.fixture
def accepted(project: Project, kite: InstanceRecord) -> InstanceRecord:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    return project.instance(kite.id)


def verdict(project: Project, kite: InstanceRecord) -> Verdict | None:
    found = project.reviews().get(kite.id)
    return found and found.verdict


def test_a_shape_passes_the_review(project: Project, accepted: InstanceRecord) -> None:
    project.review(accepted.id, Verdict.ACCEPTED, who="rex", duration=2.0)
    review = project.reviews()[accepted.id]
    assert (review.verdict, review.who) == (Verdict.ACCEPTED, "rex")
    assert project.spend("rex").seconds == 2.0


def test_sending_back_reopens_the_shape_with_a_comment(
    project: Project, accepted: InstanceRecord
) -> None:
    project.review(accepted.id, Verdict.SENT_BACK, "the tail is off", who="rex")
    assert project.reviews()[accepted.id].comment == "the tail is off"
    assert project.instance(accepted.id).state is InstanceState.STARTED


def test_sending_back_keeps_what_people_placed(project: Project, accepted: InstanceRecord) -> None:
    project.review(accepted.id, Verdict.SENT_BACK, "the tail is off", who="rex")
    assert project.shape(accepted.id).known.tolist() == [True, False, False, False, False]


def test_sending_back_needs_a_reason(project: Project, accepted: InstanceRecord) -> None:
    with pytest.raises(ProjectError, match="has to know why"):
        project.review(accepted.id, Verdict.SENT_BACK, "  ", who="rex")
    assert project.instance(accepted.id).state is InstanceState.ACCEPTED


def test_what_is_not_finished_cannot_pass(project: Project, kite: InstanceRecord) -> None:
    with pytest.raises(ProjectError, match="not finished"):
        project.review(kite.id, Verdict.ACCEPTED, who="rex")
    assert verdict(project, kite) is None


def test_a_proposal_can_be_accepted_in_review_as_one_action(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="rex", in_review=True)
    assert verdict(project, kite) is Verdict.ACCEPTED
    project.undo("rex")
    assert (verdict(project, kite), project.shape(kite.id).known.any()) == (None, False)


def test_undo_of_sending_back_restores_the_shape(
    project: Project, accepted: InstanceRecord
) -> None:
    project.review(accepted.id, Verdict.SENT_BACK, "the tail is off", who="rex")
    project.undo("rex")
    assert project.shape(accepted.id) == kites.ACCEPTED
    assert verdict(project, accepted) is None


def test_moving_a_landmark_ends_an_acceptance(project: Project, accepted: InstanceRecord) -> None:
    project.review(accepted.id, Verdict.ACCEPTED, who="rex")
    project.place(accepted.id, kites.TOP, (1, 2), who="ada")
    assert verdict(project, accepted) is None
    project.undo("ada")
    assert verdict(project, accepted) is Verdict.ACCEPTED


def test_what_was_sent_back_is_known_as_such_when_it_comes_again(
    project: Project, accepted: InstanceRecord
) -> None:
    project.review(accepted.id, Verdict.SENT_BACK, "the tail is off", who="rex")
    project.place(accepted.id, kites.TAIL, (1, 2), who="ada")
    project.accept(accepted.id, kites.ACCEPTED, who="ada")
    assert verdict(project, accepted) is Verdict.SENT_BACK


def test_undo_does_not_change_a_shape_that_has_passed_since(
    project: Project, accepted: InstanceRecord
) -> None:
    project.place(accepted.id, kites.TOP, (1, 2), who="ada")
    project.review(accepted.id, Verdict.ACCEPTED, who="rex")
    with pytest.raises(ProjectError, match=r"rex has changed .* \(acceptance in review\)"):
        project.undo("ada")
    assert project.shape(accepted.id).points[kites.TOP].tolist() == [1, 2]
