"""A share of the images is labelled by two people, neither of whom sees the other's labels."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import kites
import pytest

from landmark_annotator.projects.store import (
    Assignment,
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Project,
    Role,
    Verdict,
)
from landmark_annotator.projects.store.people.double_labelling import is_drawn
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError

HERE = (1.0, 2.0)
ALL = Assignment(twice=1.0)


@pytest.fixture
def team(project: Project, kite: InstanceRecord) -> Project:
    roles = {"ada": Role.LEAD, "rev": Role.REVIEWER, "ann": Role.ANNOTATOR, "bob": Role.ANNOTATOR}
    for name, role in roles.items():
        project.set_person(name, role, who="ada")
    return project


def accept(project: Project, instance_id: int, who: str) -> None:
    project.accept(instance_id, kites.ACCEPTED, who=who)
    project.give_back([project.instance(instance_id).image_id], who=who)


def second_on(project: Project, instance_id: int) -> InstanceRecord | None:
    records = project.instances()
    return next((r for r in records if r.second_opinion_on == instance_id), None)


def accepted_by_ann(team: Project, kite: InstanceRecord) -> InstanceRecord:
    """What waits for somebody else to label it then."""
    team.set_assignment(ALL, who="ada")
    accept(team, kite.id, "ann")
    second = second_on(team, kite.id)
    assert second is not None
    return second


def test_a_seed_draws_the_share() -> None:
    names = [f"hash {n}" for n in range(2000)]
    tenth = {name for name in names if is_drawn(name, 0.1, 3)}
    assert 150 < len(tenth) < 250
    assert tenth != {name for name in names if is_drawn(name, 0.1, 4)}
    assert tenth < {name for name in names if is_drawn(name, 0.2, 3)}
    assert not any(is_drawn(name, 0.0, 3) for name in names)
    assert all(is_drawn(name, 1.0, 3) for name in names)


def test_what_is_accepted_waits_for_somebody_else(team: Project, kite: InstanceRecord) -> None:
    second = accepted_by_ann(team, kite)
    assert (second.image_id, second.box) == (kite.image_id, kite.box)
    assert team.offered("ann") == []
    assert team.offered("bob") == [second]


def test_what_was_accepted_before_is_asked_for_as_well(team: Project, kite: InstanceRecord) -> None:
    accept(team, kite.id, "ann")
    assert second_on(team, kite.id) is None
    [added] = team.set_assignment(ALL, who="ada")
    assert second_on(team, kite.id) == team.instance(added)
    assert team.set_assignment(ALL, who="ada") == []


def label(team: Project, kite: InstanceRecord, box: Box, who: str) -> InstanceRecord:
    """As an import of that person's labels does."""
    return team.add_instance(kite.image_id, box, shape=kites.ACCEPTED, who=who)


@pytest.mark.parametrize("box", [replace(kites.BOX, centre_x=52.0), Box.whole_image(100, 80)])
def test_what_two_people_have_labelled_already_is_not_asked_for(
    team: Project, kite: InstanceRecord, box: Box
) -> None:
    whole = Box.whole_image(100, 80)
    team.set_box(kite.id, whole, who="ann")
    accept(team, kite.id, "ann")
    label(team, kite, box, "bob")
    assert team.set_assignment(ALL, who="ada") == []
    accept(team, kite.id, "ann")
    assert second_on(team, kite.id) is None


def test_of_objects_that_lie_close_each_is_asked_for_whose_labels_one_person_made(
    team: Project, kite: InstanceRecord
) -> None:
    accept(team, kite.id, "ann")
    beside = label(team, kite, replace(kites.BOX, centre_x=56.0), "ann")
    twin = label(team, kite, replace(kites.BOX, centre_x=51.0), "bob")
    [added] = team.set_assignment(ALL, who="ada")
    assert team.instance(added).second_opinion_on == beside.id
    assert second_on(team, kite.id) is None
    assert second_on(team, twin.id) is None


def test_of_a_second_opinion_there_is_no_third(team: Project, kite: InstanceRecord) -> None:
    second = accepted_by_ann(team, kite)
    accept(team, second.id, "bob")
    assert team.instance_count() == 2
    accept(team, kite.id, "ada")
    assert team.instance_count() == 2


def test_nobody_labels_an_object_twice_nor_in_place_of_the_second_person(
    team: Project, kite: InstanceRecord
) -> None:
    second = accepted_by_ann(team, kite)
    with pytest.raises(NotAllowed, match="without seeing each other's labels"):
        team.place(second.id, kites.TOP, HERE, who="ann")
    team.place(second.id, kites.TOP, HERE, who="bob")
    team.give_back([kite.image_id], who="bob")
    for who in ("ann", "ada", "rev"):
        with pytest.raises(NotAllowed, match="without seeing each other's labels"):
            team.place(second.id, kites.LEFT, HERE, who=who)
        assert team.offered(who) == []


def test_nobody_sees_the_other_labels_until_both_are_done(
    team: Project, kite: InstanceRecord
) -> None:
    second = accepted_by_ann(team, kite)
    assert team.hidden_from("ann") == {second.id}
    assert team.hidden_from("bob") == team.hidden_from("ada") == {kite.id}
    team.place(second.id, kites.TOP, HERE, who="bob")
    assert team.hidden_from("ann") == {second.id}
    assert team.hidden_from("bob") == {kite.id}
    assert team.hidden_from("ada") == team.hidden_from("rev") == {kite.id, second.id}
    for who in ("ann", "bob", "ada"):
        hidden = {i for i in (kite.id, second.id) if team.is_hidden_from(i, who)}
        assert hidden == team.hidden_from(who) == team.hidden_from(who, (kite.id, second.id))
        assert team.hidden_from(who, [second.id]) == hidden & {second.id}
    accept(team, second.id, "bob")
    assert all(team.hidden_from(who) == set() for who in ("ann", "bob", "ada", "rev"))


def test_who_takes_the_first_labels_back_may_label_the_object_again(
    team: Project, kite: InstanceRecord
) -> None:
    """The window was offered it, and nobody could place anything there."""
    second = accepted_by_ann(team, kite)
    team.undo("ann")
    assert team.instance(kite.id).state is InstanceState.UNTOUCHED
    assert not team.is_hidden_from(kite.id, "ann")
    assert kite in team.offered("ann", limit=2)
    team.place(kite.id, kites.TOP, HERE, who="ann")
    assert team.is_hidden_from(second.id, "ann")
    assert team.is_hidden_from(kite.id, "bob")


def test_who_labels_as_the_second_one_is_not_the_first_as_well(
    team: Project, kite: InstanceRecord
) -> None:
    second = accepted_by_ann(team, kite)
    team.undo("ann")
    team.place(second.id, kites.TOP, HERE, who="bob")
    assert team.is_hidden_from(kite.id, "bob")
    assert not team.is_hidden_from(kite.id, "ann")
    assert team.is_hidden_from(second.id, "ann")


def test_who_has_seen_the_other_labels_takes_nothing_back(
    team: Project, kite: InstanceRecord
) -> None:
    second = accepted_by_ann(team, kite)
    assert team.undo_on(kite.id, "ann") is not None
    team.redo("ann")
    accept(team, second.id, "bob")
    name = team.image(kite.image_id).path.name
    for who, instance in (("ann", kite.id), ("bob", second.id)):
        for look_and_change in (
            partial(team.undo, who),
            partial(team.undo_on, instance, who),
            partial(team.place, instance, kites.TOP, HERE, who=who),
            partial(team.accept, instance, kites.ACCEPTED, who=who),
        ):
            with pytest.raises(NotAllowed, match=f"in {name}, and {who} sees now what"):
                look_and_change()
        assert team.flag(instance, "not the nose", who=who)
    team.give_back([kite.image_id], who="bob")
    team.place(second.id, kites.TOP, HERE, who="ada")
    team.give_back([kite.image_id], who="ada")
    team.review(kite.id, Verdict.SENT_BACK, "look again", who="rev")
    team.place(kite.id, kites.TOP, HERE, who="ann")


def test_what_two_people_have_labelled_a_lead_alone_may_change(
    team: Project, kite: InstanceRecord
) -> None:
    second = accepted_by_ann(team, kite)
    assert team.kept_for(team.instance(kite.id), who="ann") is None
    accept(team, second.id, "bob")
    now = team.instance(kite.id)
    assert team.kept_for(now, who="ann") == "a lead"
    assert team.kept_for(now, who="ada") is None


def test_the_shape_before_is_not_that_of_the_other_person(
    team: Project, kite: InstanceRecord, add_image: Callable[[str], ImageRecord]
) -> None:
    second = accepted_by_ann(team, kite)
    assert team.accepted_before(second.id, who="bob") is None
    assert team.accepted_before(second.id, who="ann") == team.instance(kite.id)


def test_an_excluded_one_hides_nothing(team: Project, kite: InstanceRecord) -> None:
    second = accepted_by_ann(team, kite)
    team.exclude(instances=[second.id], why="too dark", who="ada")
    assert team.hidden_from("bob") == set()


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_is_between_nothing_and_all(team: Project, share: float) -> None:
    with pytest.raises(ProjectError, match="is no share"):
        team.set_assignment(Assignment(twice=share), who="ada")


def test_where_a_project_is_everybodys_nothing_is_hidden(
    project: Project, kite: InstanceRecord
) -> None:
    project.accept(kite.id, kites.ACCEPTED, who="ann")
    project.add_instance(kite.image_id, kites.BOX, second_opinion_on=kite.id, who="ann")
    assert project.blind() == {}
    assert project.hidden_from("bob") == set()


def test_of_any_number_of_objects_it_is_said_which_are_hidden(
    team: Project, kite: InstanceRecord
) -> None:
    accepted_by_ann(team, kite)
    assert team.hidden_from("bob", range(300_000)) == {kite.id}
