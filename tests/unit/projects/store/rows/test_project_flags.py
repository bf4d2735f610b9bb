"""Flags: raised, resolved and undone like everything else."""

import kites
import pytest

from landmark_annotator.projects.store import ActionKind, InstanceRecord, Project
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_a_flag_says_who_wants_what_looked_at(project: Project, kite: InstanceRecord) -> None:
    entry = project.flag(kite.id, " the tail? ", who="ada")
    flag = project.flags()[kite.id]
    assert (flag.comment, flag.who, flag.resolved_by) == ("the tail?", "ada", None)
    assert (entry.kind, entry.title) == (ActionKind.FLAG, "flag")


def test_a_resolved_flag_says_by_whom(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, "the tail?", who="ada")
    project.resolve_flag(kite.id, who="bob")
    assert project.flags()[kite.id].resolved_by == "bob"


def test_only_an_open_flag_can_be_resolved(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, who="ada")
    project.resolve_flag(kite.id, who="ada")
    with pytest.raises(ProjectError, match="no open flag"):
        project.resolve_flag(kite.id, who="ada")


def test_undo_takes_a_flag_back(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, who="ada")
    project.undo("ada")
    assert project.flags() == {}


def test_redo_raises_the_very_same_flag(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, "the tail?", who="ada")
    before = project.flags()
    project.undo("ada")
    project.redo("ada")
    assert project.flags() == before


def test_undoing_a_resolution_opens_the_flag(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, who="ada")
    project.resolve_flag(kite.id, who="ada")
    project.undo("ada")
    assert project.flags()[kite.id].resolved_by is None


def test_a_flag_can_be_taken_back_from_a_shape_that_somebody_has_accepted_since(
    project: Project, kite: InstanceRecord
) -> None:
    project.flag(kite.id, who="ada")
    project.accept(kite.id, kites.ACCEPTED, who="bob")
    project.undo("ada")
    assert project.flags() == {}
    assert project.shape(kite.id) == kites.ACCEPTED


def test_a_flag_that_somebody_has_resolved_stays(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, who="ada")
    project.resolve_flag(kite.id, who="bob")
    with pytest.raises(ProjectError, match="bob has changed"):
        project.undo("ada")


def test_a_flag_leaves_the_review_standing(project: Project, kite: InstanceRecord) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ada", in_review=True)
    project.flag(kite.id, who="ada")
    assert list(project.reviews()) == [kite.id]


def test_flags_survive_a_restart(project: Project, kite: InstanceRecord) -> None:
    project.flag(kite.id, "the tail?", who="ada")
    with Project.open(project.folder, read_only=True) as again:
        assert again.flags() == project.flags()
