"""Who takes part in a project, and as what."""

import pytest

from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError


def listed(project: Project) -> dict[str, Role]:
    return {person.name: person.role for person in project.people()}


def test_a_project_without_people_is_everybodys(project: Project) -> None:
    assert project.people() == []
    assert project.role_of("whoever") is None
    project.refuse_below("whoever", Role.LEAD, "plan")


def test_people_are_kept_with_who_added_them(project: Project) -> None:
    project.set_person("ada", Role.LEAD, who="ada")
    bob = project.set_person(" bob ", Role.ANNOTATOR, who="ada")
    with Project.open(project.folder) as again:
        assert listed(again) == {"ada": Role.LEAD, "bob": Role.ANNOTATOR}
        assert again.people()[1] == bob
    assert (bob.name, bob.added_by) == ("bob", "ada")


def test_the_first_one_has_to_be_a_lead(project: Project) -> None:
    with pytest.raises(ProjectError, match="Nobody would be the lead"):
        project.set_person("ada", Role.REVIEWER, who="ada")
    assert project.people() == []


def test_somebody_gets_another_role(project: Project) -> None:
    project.set_person("ada", Role.LEAD, who="ada")
    project.set_person("bob", Role.ANNOTATOR, who="ada")
    project.set_person("bob", Role.REVIEWER, who="ada")
    assert listed(project) == {"ada": Role.LEAD, "bob": Role.REVIEWER}


def test_the_last_lead_stays_one(project: Project) -> None:
    project.set_person("ada", Role.LEAD, who="ada")
    project.set_person("bob", Role.ANNOTATOR, who="ada")
    for attempt in (
        lambda: project.set_person("ada", Role.ANNOTATOR, who="ada"),
        lambda: project.remove_person("ada", who="ada"),
    ):
        with pytest.raises(ProjectError, match="Nobody would be the lead"):
            attempt()
    assert listed(project) == {"ada": Role.LEAD, "bob": Role.ANNOTATOR}


def test_without_the_last_of_all_it_is_everybodys_again(project: Project) -> None:
    project.set_person("ada", Role.LEAD, who="ada")
    project.remove_person("ada", who="ada")
    assert project.role_of("whoever") is None


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER])
def test_only_a_lead_changes_the_list(project: Project, role: Role) -> None:
    project.set_person("ada", Role.LEAD, who="ada")
    project.set_person("bob", role, who="ada")
    with pytest.raises(NotAllowed, match="change the list of people"):
        project.set_person("bob", Role.LEAD, who="bob")
    with pytest.raises(NotAllowed, match="change the list of people"):
        project.remove_person("ada", who="bob")
    assert listed(project) == {"ada": Role.LEAD, "bob": role}


def test_who_is_not_in_the_list_is_told_whom_to_ask(project: Project) -> None:
    project.set_person("ada", Role.LEAD, who="ada")
    with pytest.raises(NotAllowed, match="carol is not among the people") as refusal:
        project.role_of("carol")
    assert "Ask ada" in refusal.value.remedy


def test_a_name_that_is_none_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="needs a name"):
        project.set_person(" \n", Role.LEAD, who="ada")
