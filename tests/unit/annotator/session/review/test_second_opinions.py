"""Objects that wait for a second person."""

import pytest

from landmark_annotator.annotator.session.review.agreement import agreements
from landmark_annotator.annotator.session.review.second_opinions import (
    ask_for_second_opinions,
    is_second_opinion,
    without_second_opinion,
)
from landmark_annotator.projects.store import InstanceState, Project, Role
from landmark_annotator.projects.vocabulary.errors import NotAllowed


def test_so_many_accepted_ones_get_an_empty_twin(project: Project) -> None:
    added = ask_for_second_opinions(project, 3, seed=0, who="lea")
    assert len(added) == 3
    for i in added:
        twin = project.instance(i)
        first, *_ = project.instances_of(twin.image_id)
        assert (twin.state, twin.box) == (InstanceState.UNTOUCHED, first.box)
        assert is_second_opinion(first, twin)
        assert is_second_opinion(twin, first)


def test_they_are_drawn_among_those_that_are_named(project: Project) -> None:
    chosen = [record.id for record in project.instances()[2:4]]
    added = ask_for_second_opinions(project, 9, seed=0, who="lea", among=chosen)
    named = {project.instance(i).image_id for i in chosen}
    assert {project.instance(i).image_id for i in added} == named


def test_nothing_gets_a_third(project: Project) -> None:
    accepted = sum(r.state is InstanceState.ACCEPTED for r in project.instances())
    assert len(ask_for_second_opinions(project, 1000, seed=0, who="lea")) == accepted
    assert ask_for_second_opinions(project, 1000, seed=0, who="lea") == []


def test_what_a_second_person_has_labelled_elsewhere_gets_no_third(project: Project) -> None:
    free = without_second_opinion(project)
    first = free[0]
    project.add_instance(first.image_id, first.box, shape=project.shape(first.id), who="bob")
    left = {record.id for record in without_second_opinion(project)}
    assert left == {record.id for record in free[1:]}


def test_once_it_is_labelled_the_two_are_compared(project: Project) -> None:
    [i] = ask_for_second_opinions(project, 1, seed=0, who="lea")
    first, *_ = project.instances_of(project.instance(i).image_id)
    project.accept(i, project.shape(first.id), who="bob")
    [found] = agreements(project)
    assert {found.first, found.second} == {"bob", "importer"}


def test_other_objects_of_the_image_are_none(project: Project) -> None:
    one, other, *_ = project.instances()
    assert not is_second_opinion(one, other)


def test_an_annotator_hides_nobodys_labels_by_asking(project: Project) -> None:
    for name, role in {"lea": Role.LEAD, "rita": Role.REVIEWER, "bob": Role.ANNOTATOR}.items():
        project.set_person(name, role, who="lea")
    before = len(project.instances())
    with pytest.raises(NotAllowed, match="bob is here as an annotator"):
        ask_for_second_opinions(project, 1, seed=0, who="bob")
    assert len(project.instances()) == before
    assert len(ask_for_second_opinions(project, 1, seed=0, who="rita")) == 1
