"""People with roles in the window; one person alone notices nothing of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.window.people_dialog import PeopleDialog
from landmark_annotator.projects.store import Assignment, Project, Role
from landmark_annotator.projects.vocabulary.errors import NotAllowed


@pytest.fixture
def dialog(hands) -> PeopleDialog:
    hands.window.actions_by_name["people"].trigger()
    return hands.window.findChildren(PeopleDialog)[-1]


def add(dialog: PeopleDialog, name: str, role: Role) -> None:
    QTest.keyClicks(dialog.name, name)
    dialog.role.setCurrentText(role)
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)


def listed(project: Project) -> dict[str, Role]:
    return {person.name: person.role for person in project.people()}


def test_people_are_added_and_their_role_is_in_the_title(hands, dialog):
    window = hands.window
    assert "somebody" not in window.windowTitle()
    add(dialog, "somebody", Role.LEAD)
    add(dialog, "bob", Role.ANNOTATOR)
    assert listed(window.project) == {"somebody": Role.LEAD, "bob": Role.ANNOTATOR}
    QTest.mouseClick(dialog.removers["somebody"], Qt.MouseButton.LeftButton)
    assert "Nobody would be the lead" in dialog.problem.text()
    dialog.twice.setValue(25.0)
    dialog.twice.editingFinished.emit()
    assert window.project.assignment() == Assignment(twice=0.25)
    dialog.reject()
    assert "somebody, lead" in window.windowTitle()


def test_a_number_that_is_refused_does_not_stay(hands, dialog):
    project = hands.window.project
    project.set_person("bob", Role.LEAD, who="bob")
    project.set_person("somebody", Role.ANNOTATOR, who="bob")
    for number, before in ((dialog.twice, 0.0), (dialog.minutes, 10.0)):
        number.setValue(25.0)
        number.editingFinished.emit()
        assert "cannot say how images are handed out" in dialog.problem.text()
        assert number.value() == before


def test_going_through_the_fields_changes_nothing_that_they_do_not_show_in_full(hands):
    project = hands.window.project
    project.set_person("somebody", Role.LEAD, who="somebody")
    said = Assignment(lease_seconds=60 * 3000, twice=1 / 3, seed=4)
    project.set_assignment(said, who="somebody")
    hands.window.actions_by_name["people"].trigger()
    dialog = hands.window.findChildren(PeopleDialog)[-1]
    for number in (dialog.minutes, dialog.twice):
        number.editingFinished.emit()
    assert project.assignment() == said
    dialog.minutes.setValue(5.0)
    dialog.minutes.editingFinished.emit()
    assert project.assignment() == Assignment(lease_seconds=300, twice=1 / 3, seed=4)


def test_who_is_not_in_the_list_is_told_so_and_sees_it_in_the_title(make_project, open_window):
    project = make_project(untouched=1)
    project.set_person("bob", Role.LEAD, who="bob")
    window = open_window(project).window
    assert "somebody, not among its people" in window.windowTitle()
    assert window.status.stored.text() == "Nothing is stored"
    assert "somebody is not among the people" in window.messages.banner.text.text()


def test_an_annotator_is_refused_anothers_labels_and_told_why(make_project, open_window):
    project = make_project(untouched=1)
    for name, role in (("bob", Role.LEAD), ("somebody", Role.ANNOTATOR)):
        project.set_person(name, role, who="bob")
    labelled = project.instances()[1]
    before = project.shape(labelled.id).points
    hands = open_window(project)
    hands.window.open_instance(labelled.id)
    hands.wait_for(Phase.READY)
    hands.window.controller.place(0, 30.0, 30.0)
    assert (
        "somebody is here as an annotator and changes own ones only"
        in hands.window.messages.banner.text.text()
    )
    assert (project.shape(labelled.id).points == before).all()
    assert (hands.points == before).all()


def test_a_role_that_somebody_else_gives_or_takes_is_seen_without_opening_again(
    make_project, open_window
):
    project = make_project(untouched=1)
    for name, role in (("bob", Role.LEAD), ("somebody", Role.LEAD)):
        project.set_person(name, role, who="bob")
    window = open_window(project).window
    note = window.messages.banner.text
    for change, title, stored, said in (
        (lambda: project.set_person("somebody", Role.REVIEWER, who="bob"),
         "somebody, reviewer", "Every click is stored at once", "as reviewer now"),
        (lambda: project.remove_person("somebody", who="bob"),
         "somebody, not among its people", "Nothing is stored", "not among the people"),
        (lambda: project.set_person("somebody", Role.ANNOTATOR, who="bob"),
         "somebody, annotator", "Every click is stored at once", "as annotator now"),
    ):  # fmt: skip
        change()
        window.others.look()
        assert title in window.windowTitle()
        assert window.status.stored.text() == stored
        assert said in note.text()


def test_who_may_not_even_look_any_more_is_told_so_once(make_project, open_window, monkeypatch):
    """As a server refuses a login that was taken out of its project."""
    project = make_project(untouched=1)
    project.set_person("somebody", Role.LEAD, who="somebody")
    window = open_window(project).window

    def refuse(*_given, **_named):
        raise NotAllowed("Your login has no right to do this.")

    with monkeypatch.context() as taken_out:
        for question in ("done_elsewhere", "role_of"):
            taken_out.setattr(project, question, refuse)
        window.others.look()
        assert "somebody, not among its people" in window.windowTitle()
        assert "no right to do this" in window.messages.banner.text.text()
        window.messages.clear()
        window.others.look()
        assert not window.messages.banner.isVisible()
    # Taken in again, as what that person was before, the list of people reads as it did.
    window.others.look()
    assert "somebody, lead" in window.windowTitle()
    assert window.status.stored.text() == "Every click is stored at once"


def test_whoever_gives_roles_by_keys_stays_there(hands, dialog):
    """What has the keyboard was made anew, and Tab began at the first field again."""
    add(dialog, "somebody", Role.LEAD)
    add(dialog, "bob", Role.ANNOTATOR)
    hands.qtbot.waitUntil(dialog.roles["bob"].isVisible)
    dialog.roles["bob"].setFocus()
    assert dialog.focusWidget() is dialog.roles["bob"]
    QTest.keyClick(dialog.roles["bob"], Qt.Key.Key_Down)
    assert listed(hands.window.project)["bob"] is not Role.ANNOTATOR
    assert dialog.focusWidget() is dialog.roles["bob"]
    dialog.reject()
