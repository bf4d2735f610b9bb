"""Many shapes accepted at one look: one step for undo, and one for each of them."""

from collections.abc import Callable

import kites
import pytest

from landmark_annotator.projects.store import ActionKind, ImageRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError


@pytest.fixture
def three(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    images = [add_image(f"{name}.png").id for name in "abc"]
    return [project.add_instance(image, kites.BOX, who="import").id for image in images]


def states(project: Project, ids: list[int]) -> list[bool]:
    return [project.instance(i).state is InstanceState.ACCEPTED for i in ids]


def test_the_journal_says_of_each_that_it_was_on_a_sheet(project: Project, three) -> None:
    entries = project.accept_sheet(dict.fromkeys(three, kites.ACCEPTED), who="ada", duration=6.0)
    assert [(e.kind, e.instance_id, e.duration) for e in entries] == [
        (ActionKind.SHEET, i, 2.0) for i in three
    ]
    assert states(project, three) == [True] * 3
    assert project.shape(three[1]) == kites.ACCEPTED


def test_undo_takes_the_sheet_back_as_one_step_and_redo_does_it_again(
    project: Project, three
) -> None:
    project.place(three[0], kites.TOP, (1, 2), who="ada")
    project.accept_sheet(dict.fromkeys(three, kites.ACCEPTED), who="ada")
    project.undo("ada")
    assert states(project, three) == [False] * 3
    assert project.instance(three[0]).state is InstanceState.STARTED
    project.redo("ada")
    assert states(project, three) == [True] * 3


def test_one_of_them_can_be_taken_back_alone(project: Project, three) -> None:
    project.accept_sheet(dict.fromkeys(three, kites.ACCEPTED), who="ada")
    project.undo_on(three[1], "ada")
    assert states(project, three) == [True, False, True]
    project.undo("ada")  # the rest of the sheet
    assert states(project, three) == [False] * 3


def test_redo_after_one_was_taken_back_is_of_that_one(project: Project, three) -> None:
    project.accept_sheet(dict.fromkeys(three, kites.ACCEPTED), who="ada")
    project.undo_on(three[1], "ada")
    entry = project.redo("ada")
    assert entry is not None
    assert entry.instance_id == three[1]
    assert states(project, three) == [True] * 3


def test_undo_on_an_instance_leaves_what_came_later_elsewhere(project: Project, three) -> None:
    project.place(three[0], kites.TOP, (1, 2), who="ada")
    project.place(three[1], kites.TOP, (3, 4), who="ada")
    project.undo_on(three[0], "ada")
    assert project.shape(three[0]) == Shape.unknown(5)
    assert project.shape(three[1]).known[kites.TOP]
    assert project.undo_on(three[0], "ada") is None


def test_where_one_is_not_whole_none_is_accepted(project: Project, three) -> None:
    shapes = dict.fromkeys(three[:2], kites.ACCEPTED) | {three[2]: Shape.unknown(5)}
    with pytest.raises(ProjectError, match="accepted whole"):
        project.accept_sheet(shapes, who="ada")
    assert states(project, three) == [False] * 3


def test_who_was_accepted_on_a_sheet_is_what_stands_now(project: Project, three) -> None:
    assert project.accepted_on_sheets() == frozenset()
    project.accept_sheet(dict.fromkeys(three, kites.ACCEPTED), who="ada")
    project.undo_on(three[0], "ada")
    project.accept(three[2], kites.ACCEPTED, who="bob")
    assert project.accepted_on_sheets() == {three[1]}


def test_all_of_an_image_that_was_open_were_on_no_sheet(project: Project, three) -> None:
    """The data sheet counted them among those of which many were looked at together."""
    shapes = dict.fromkeys(three, kites.ACCEPTED)
    entries = project.accept_sheet(shapes, who="ada", duration=6.0, in_image=True)
    assert [(e.kind, e.duration) for e in entries] == [(ActionKind.IMAGE, 2.0)] * 3
    assert project.accepted_on_sheets() == frozenset()
    assert project.labelled_by() == ("ada",)
    project.undo("ada")
    assert states(project, three) == [False] * 3
    project.redo("ada")
    assert states(project, three) == [True] * 3
    for number in three:
        project.undo_on(number, "ada")
    project.accept_sheet(shapes, who="ada")
    assert project.accepted_on_sheets() == frozenset(three)
