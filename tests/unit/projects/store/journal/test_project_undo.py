"""Undo and redo: per person, across images and restarts."""

from collections.abc import Callable
from pathlib import Path

import kites
import numpy as np
import pytest

from landmark_annotator.projects.store import (
    ActionKind,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
    Spend,
    Verdict,
)
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_undo_takes_a_click_back(project: Project, kite: InstanceRecord) -> None:
    entry = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    assert project.undo("ada") == entry
    assert project.shape(kite.id) == Shape.unknown(5)
    assert project.instance(kite.id) == kite


def test_undo_puts_a_landmark_back_where_it_was(project: Project, kite: InstanceRecord) -> None:
    for x in (1, 3):
        project.place(kite.id, kites.TOP, (x, 2), who="ada")
    project.undo("ada")
    assert project.shape(kite.id).points[kites.TOP].tolist() == [1, 2]


def test_redo_does_it_again(project: Project, kite: InstanceRecord) -> None:
    entry = project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.undo("ada")
    assert project.redo("ada") == entry
    assert project.shape(kite.id) == kites.ACCEPTED
    assert project.instance(kite.id).state is InstanceState.ACCEPTED


def test_undo_puts_a_box_back(project: Project, kite: InstanceRecord) -> None:
    project.set_box(kite.id, kites.BOX.moved((0.1, 0.1)), who="ada")
    project.undo("ada")
    assert project.instance(kite.id).box == kites.BOX


def test_undo_of_reopening_brings_the_inferred_points_back(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada")
    project.review(kite.id, Verdict.SENT_BACK, "the tail", who="ada")
    project.undo("ada")
    assert project.shape(kite.id) == kites.ACCEPTED


def test_there_may_be_nothing_to_undo_or_redo(project: Project) -> None:
    assert (project.undo("ada"), project.redo("ada")) == (None, None)
    assert list(project.journal()) == []


def test_undo_goes_across_images(
    project: Project, kite: InstanceRecord, add_image: Callable[[str], ImageRecord]
) -> None:
    other = project.add_instance(add_image("other.png").id, None, who="ada")
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.place(other.id, kites.TOP, (3, 4), who="ada")
    undone = [project.undo("ada"), project.undo("ada")]
    assert [entry and entry.instance_id for entry in undone] == [other.id, kite.id]


def test_undo_and_redo_survive_a_restart(folder: Path) -> None:
    with Project.create(folder, kites.SCHEME) as project:
        image = project.add_image(folder / "a.png", kites.Facts("a"))
        kite = project.add_instance(image.id, None, who="ada")
        first = project.place(kite.id, kites.TOP, (1, 2), who="ada")
        second = project.place(kite.id, kites.TAIL, (3, 4), who="ada")
        project.undo("ada")
    with Project.open(folder) as project:
        assert (project.undoable("ada"), project.redoable("ada")) == (first, second)


def test_a_new_action_ends_redo(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.undo("ada")
    project.place(kite.id, kites.TAIL, (1, 2), who="ada")
    assert project.redoable("ada") is None
    assert project.redo("ada") is None


def test_actions_that_redo_lost_are_not_undone_again(
    project: Project, kite: InstanceRecord
) -> None:
    first = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.place(kite.id, kites.LEFT, (1, 2), who="ada")
    project.undo("ada")
    project.place(kite.id, kites.TAIL, (1, 2), who="ada")
    project.undo("ada")
    assert project.undoable("ada") == first


def test_each_person_has_an_undo_of_their_own(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.place(kite.id, kites.TAIL, (1, 2), who="bob")
    project.undo("ada")
    assert project.shape(kite.id).known.tolist() == [False, False, False, False, True]
    assert project.instance(kite.id).state is InstanceState.STARTED


def test_undo_gives_no_effort_back(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada", duration=1.5)
    project.undo("ada")
    assert project.spend() == Spend(clicks=1, seconds=1.5)


def test_undo_is_itself_journalled(project: Project, kite: InstanceRecord) -> None:
    click = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.undo("ada")
    last = list(project.journal())[-1]
    assert (last.kind, last.target, last.from_, last.to) == (
        ActionKind.UNDO,
        click.id,
        (1, 2),
        None,
    )
    assert last.title == "undo of placement of top"


def test_imports_are_not_undone(
    project: Project, kite: InstanceRecord, add_image: Callable[[str], ImageRecord]
) -> None:
    click = project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.undo("ada")
    project.add_instance(add_image("a.png").id, None, shape=kites.ACCEPTED, who="ada")
    assert project.undoable("ada") is None
    assert project.redoable("ada") == click


def test_undo_refuses_what_somebody_else_has_moved_since(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.place(kite.id, kites.TOP, (3, 4), who="bob")
    with pytest.raises(ProjectError, match=r"cannot be undone: bob .* \(placement of top\)"):
        project.undo("ada")
    assert project.shape(kite.id).points[kites.TOP].tolist() == [3, 4]
    assert [entry.kind for entry in project.journal()] == [ActionKind.CLICK, ActionKind.CLICK]


def test_redo_refuses_what_somebody_else_has_moved_since(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.undo("ada")
    project.place(kite.id, kites.TOP, (3, 4), who="bob")
    with pytest.raises(ProjectError, match="cannot be redone: bob"):
        project.redo("ada")


def test_undo_refuses_to_take_a_click_out_of_a_shape_that_somebody_accepted(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, tuple(kites.POINTS[kites.TOP]), who="ada")
    shape = project.shape(kite.id)
    accepted = Shape(kites.POINTS, provenance=shape.provenance)
    project.accept(kite.id, accepted, who="bob")
    with pytest.raises(ProjectError, match="bob has changed"):
        project.undo("ada")
    assert project.shape(kite.id).complete


def test_what_somebody_else_took_back_is_no_obstacle(
    project: Project, kite: InstanceRecord
) -> None:
    project.place(kite.id, kites.TOP, (1, 2), who="ada")
    project.place(kite.id, kites.TOP, (3, 4), who="bob")
    project.undo("bob")
    project.undo("ada")
    assert not project.shape(kite.id).known.any()


def test_an_object_whose_box_is_taken_back_is_expected_nothing_of(
    project: Project, add_image: Callable[[str], ImageRecord]
) -> None:
    """It stood in lists with an error, and among what is to be reviewed."""
    one = project.add_instance(add_image("boxless.png").id, None, who="ada")
    project.set_box(one.id, kites.BOX, who="ada")
    points, spread = kites.ACCEPTED.points, np.tile(np.eye(2), (5, 1, 1))
    project.store_proposal(one.id, points, spread, predicted_error=3.0, model="prior", own=True)
    assert project.instance(one.id).predicted_error == 3.0
    project.undo("ada")
    assert project.instance(one.id).box is None
    assert project.instance(one.id).predicted_error is None
    assert one.id not in project.awaiting_review()[0]
