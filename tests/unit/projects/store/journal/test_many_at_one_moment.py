"""An action about many objects at once leaves each as the same action on it alone would: whoever
has its image, whatever somebody else does to it in between, whoever else is to label it."""

from collections.abc import Callable

import kites
import numpy as np
import pytest
from sqlalchemy import Connection

from landmark_annotator.projects.store import (
    ActionKind,
    Assignment,
    ImageRecord,
    InstanceState,
    Project,
    Role,
)
from landmark_annotator.projects.store.journal import acting
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError

HERE = (1.0, 2.0)
FAR = Box(20.0, 20.0, 10.0, 10.0)


@pytest.fixture
def team(project: Project) -> Project:
    for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="ada")
    return project


@pytest.fixture
def four(project: Project, add_image: Callable[[str], ImageRecord]) -> list[int]:
    """Objects in three images, of which the first has two."""
    images = [add_image(f"{name}.png").id for name in "abc"]
    boxes = [(images[0], kites.BOX), (images[0], FAR)] + [(one, kites.BOX) for one in images[1:]]
    return [project.add_instance(image, box, who="import").id for image, box in boxes]


def cleared(stored: StoredInstance, landmark: int) -> StoredInstance:
    left = {i: row for i, row in stored.landmarks.items() if i != landmark}
    return StoredInstance(stored.box, False, left)


def clear_all(project: Project, ids: list[int], who: str) -> list[ActionKind]:
    """By hand in all of them, so that their images are in that person's hands."""

    def change(connection: Connection) -> list[ActionKind]:
        entries = acting.act_on_all(
            connection,
            dict.fromkeys(ids, kites.TOP),
            cleared,
            kind=ActionKind.SUGGESTION,
            title="clearing",
            who=who,
            labels=True,
        )
        return [entry.kind for entry in entries]

    with project.transaction() as connection:
        return change(connection)


def test_what_somebody_else_has_in_hands_is_refused_alone_and_kept_beside(
    team: Project, four: list[int]
) -> None:
    for number in four:
        team.place(number, kites.TOP, HERE, who="ada")
    images = [team.instance(number).image_id for number in four]
    team.give_back(images, who="ada")
    team.take_images([images[2]], who="bob")
    kinds = clear_all(team, four, "ada")
    assert kinds == [ActionKind.SUGGESTION] * 2 + [ActionKind.REFUSED, ActionKind.SUGGESTION]
    held = {lease.image_id: lease.who for lease in team.leases()}
    assert held == {images[0]: "ada", images[2]: "bob", images[3]: "ada"}
    assert [team.shape(i).known[kites.TOP] for i in four] == [False, False, True, False]
    assert [(kept.instance_id, kept.who) for kept in team.kept_beside()] == [(four[2], "ada")]


def test_each_is_asked_for_a_second_opinion_once(team: Project, four: list[int]) -> None:
    team.set_assignment(Assignment(twice=1.0), who="ada")
    team.exclude(instances=[four[3]], why="blurred", who="ada")
    # Somebody else has labelled the object of the third already.
    there = team.instance(four[2])
    beside = team.add_instance(there.image_id, kites.BOX, shape=kites.ACCEPTED, who="bob")
    for _ in range(2):
        team.accept_sheet(dict.fromkeys(four, kites.ACCEPTED), who="ann")
        asked = [r.second_opinion_on for r in team.instances() if r.second_opinion_on is not None]
        assert sorted(asked) == four[:2]
    assert team.instance(beside.id).state is InstanceState.ACCEPTED


def test_what_each_was_before_is_given_back(project: Project, four: list[int]) -> None:
    project.place(four[0], kites.TOP, HERE, who="ada")
    project.place(four[1], kites.LEFT, HERE, who="ada")
    project.accept(four[2], kites.ACCEPTED, who="ada")
    moved = kites.ACCEPTED.points + np.arange(4)[:, None, None]
    shapes = {i: Shape(points) for i, points in zip(four, moved, strict=True)}
    before = [project.shape(i) for i in four]
    last = [project.revision(i) for i in four]
    entries = project.accept_sheet(shapes, who="ada", duration=8.0)
    assert [(e.kind, e.instance_id, e.duration) for e in entries] == [
        (ActionKind.SHEET, i, 2.0) for i in four
    ]
    assert [e.previous for e in entries] == last
    assert [e.id for e in entries] == sorted(e.id for e in entries)
    assert len({e.at for e in entries}) == 1
    assert [list(project.journal(i))[-1].id for i in four] == [e.id for e in entries]
    for i, points in zip(four, moved, strict=True):
        assert project.shape(i).points == pytest.approx(points)
        assert project.instance(i).state is InstanceState.ACCEPTED
    project.undo("ada")
    assert [project.shape(i) for i in four] == before


def test_where_one_is_not_there_nothing_is_changed(project: Project, four: list[int]) -> None:
    with pytest.raises(ProjectError, match="no instance 4711"):
        project.accept_sheet(dict.fromkeys([*four, 4711], kites.ACCEPTED), who="ada")
    assert {r.state for r in project.instances()} == {InstanceState.UNTOUCHED}
    assert all(project.revision(i) == 0 for i in four)


def test_more_than_are_read_at_once(project: Project, add_image) -> None:
    image = add_image("a.png").id
    with project.transaction():
        many = [project.add_instance(image, kites.BOX, who="import").id for _ in range(501)]
    entries = project.accept_sheet(dict.fromkeys(many, kites.ACCEPTED), who="ada")
    assert [entry.instance_id for entry in entries] == many
    assert {r.state for r in project.instances()} == {InstanceState.ACCEPTED}
