"""Two windows on one instance: what does not go together is refused, and nothing is overwritten."""

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    InstanceRecord,
    InstanceState,
    Project,
    Verdict,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import Conflict

HERE, THERE = (1.0, 2.0), (3.0, 4.0)


@pytest.fixture
def other(project: Project):
    with Project.open(project.folder) as opened:
        yield opened


def test_accepting_what_somebody_has_clicked_on_since_is_refused(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TAIL, HERE, who="bob")
    with pytest.raises(Conflict) as error:
        project.accept(kite.id, kites.ACCEPTED, who="ada", seen=seen)
    assert error.value.happened == (
        "bob has changed this shape meanwhile: placement of tail. "
        "Your acceptance of the shape does not go with that."
    )
    assert project.shape(kite.id).points[kites.TAIL].tolist() == [*HERE]
    assert project.instance(kite.id).state is InstanceState.STARTED


def test_clicks_on_different_landmarks_are_both_stored(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TAIL, HERE, who="bob")
    project.place(kite.id, kites.TOP, THERE, who="ada", seen=seen)
    points = project.shape(kite.id).points
    assert [points[kites.TAIL].tolist(), points[kites.TOP].tolist()] == [[*HERE], [*THERE]]


def test_of_two_clicks_on_one_landmark_the_second_is_in_the_journal_alone(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TOP, HERE, who="bob", seen=seen)
    with pytest.raises(Conflict):
        project.place(kite.id, kites.TOP, THERE, who="ada", seen=seen, duration=2.0)
    assert project.shape(kite.id).points[kites.TOP].tolist() == [*HERE]
    refused = list(project.journal(kite.id))[-1]
    assert (refused.kind, refused.who, refused.to) == (ActionKind.REFUSED, "ada", THERE)
    assert project.spend("ada").seconds == 2.0


def test_a_refused_action_is_no_step_for_undo(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.LEFT, HERE, who="ada")
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TOP, HERE, who="bob")
    with pytest.raises(Conflict):
        project.place(kite.id, kites.TOP, THERE, who="ada", seen=seen)
    undone = project.undo("ada")
    assert undone is not None
    assert undone.landmark == kites.LEFT


def test_a_refused_action_is_in_nobodys_way(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    first = project.revision(kite.id)
    other.place(kite.id, kites.TOP, HERE, who="bob", seen=first)
    bobs = other.revision(kite.id)
    with pytest.raises(Conflict):
        project.place(kite.id, kites.TOP, THERE, who="ada", seen=first)
    other.accept(kite.id, kites.ACCEPTED, who="bob", seen=bobs)
    assert other.instance(kite.id).state is InstanceState.ACCEPTED


def test_a_click_on_what_was_accepted_since_is_refused(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    other.accept(kite.id, kites.ACCEPTED, who="bob")
    with pytest.raises(Conflict):
        project.place(kite.id, kites.TOP, THERE, who="ada", seen=seen)
    assert project.shape(kite.id).points == pytest.approx(kites.POINTS)


def test_undoing_counts_as_changing_what_was_undone(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    other.place(kite.id, kites.TOP, HERE, who="bob")
    seen = project.revision(kite.id)
    other.undo("bob")
    with pytest.raises(Conflict, match="undo of placement of top"):
        project.clear(kite.id, kites.TOP, who="ada", seen=seen)


def test_boxes_conflict_with_boxes_and_not_with_clicks(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TOP, HERE, who="bob")
    project.set_box(kite.id, Box(1, 2, 30, 40), who="ada", seen=seen)
    with pytest.raises(Conflict):
        other.set_box(kite.id, Box(5, 6, 30, 40), who="bob", seen=seen)
    assert project.instance(kite.id).box == Box(1, 2, 30, 40)


def test_a_verdict_on_a_shape_that_has_changed_is_refused(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TOP, HERE, who="bob")
    with pytest.raises(Conflict):
        project.review(kite.id, Verdict.ACCEPTED, who="rex", seen=seen)
    assert project.reviews() == {}


def test_a_flag_is_in_nobodys_way(project: Project, other: Project, kite: InstanceRecord) -> None:
    seen = project.revision(kite.id)
    other.flag(kite.id, "odd", who="bob")
    project.accept(kite.id, kites.ACCEPTED, who="ada", seen=seen)
    assert np.isfinite(project.shape(kite.id).points).all()


def test_ones_own_second_window_is_called_that(
    project: Project, other: Project, kite: InstanceRecord
) -> None:
    seen = project.revision(kite.id)
    other.place(kite.id, kites.TOP, HERE, who="ada")
    with pytest.raises(Conflict, match="You, in another window, have changed this shape"):
        project.accept(kite.id, kites.ACCEPTED, who="ada", seen=seen)
