"""What was done and not undone."""

import kites

from landmark_annotator.projects.store import InstanceRecord, Project, standing


def titles(project: Project) -> list[str]:
    return [entry.title for entry in standing(reversed(list(project.journal())))]


def test_the_newest_comes_first(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 1), who="ada")
    project.place(kite.id, kites.TAIL, (2, 2), who="bob")
    assert titles(project) == ["placement of tail", "placement of top"]


def test_what_is_undone_does_not_stand(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 1), who="ada")
    project.place(kite.id, kites.TAIL, (2, 2), who="bob")
    project.undo("ada")
    assert titles(project) == ["placement of tail"]


def test_what_is_redone_stands_again(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 1), who="ada")
    project.undo("ada")
    project.redo("ada")
    assert titles(project) == ["placement of top"]


def test_the_last_turn_holds(project: Project, kite: InstanceRecord) -> None:
    project.place(kite.id, kites.TOP, (1, 1), who="ada")
    project.undo("ada")
    project.redo("ada")
    project.undo("ada")
    assert titles(project) == []
