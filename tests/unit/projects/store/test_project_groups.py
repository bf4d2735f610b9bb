"""What somebody has said of related images is kept in the project."""

from landmark_annotator.projects.store import GroupRule, GroupsBy, Project


def test_a_project_begins_by_evidence(project: Project) -> None:
    assert project.group_rule() == GroupRule()


def test_the_last_rule_holds_and_says_who_said_it(project: Project) -> None:
    project.set_group_rule(GroupRule(GroupsBy.PATTERN, pattern="(a+)"), who="lea")
    stored = project.set_group_rule(GroupRule(GroupsBy.NAMES, names={3: "x"}), who="ben")
    with Project.open(project.folder) as again:
        assert again.group_rule() == stored
    assert (stored.by, stored.names, stored.who) == (GroupsBy.NAMES, {3: "x"}, "ben")
    assert stored.at is not None
