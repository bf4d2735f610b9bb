"""In a project with people: the images that others have are not offered, and seen to be theirs."""

import pytest
from PIL import Image

from landmark_annotator.annotator.gui.pages.label.panels.image_list import STATE
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Assignment, Project, Role
from landmark_annotator.projects.vocabulary import Box, SchemeChange
from landmark_annotator.projects.vocabulary.errors import ProjectError
from tests.gui.conftest import WHO


def shown_state(hands, instance_id: int) -> str:
    model = hands.window.label_page.list_model
    return model.data(model.index(model.row_of(instance_id), STATE))


def test_an_image_has_one_person_and_the_list_says_whom(make_project, open_window):
    project = make_project(labelled=3, untouched=3)
    for name, role in (("somebody", Role.LEAD), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="somebody")
    first, second, third = [row.instance_id for row in project.queue()[:3]]
    image_of = {i: project.instance(i).image_id for i in (first, second, third)}
    project.take_images([image_of[first]], who="bob")
    hands = open_window(project)
    hands.window.others.look()
    assert hands.open_id == second
    assert shown_state(hands, first).endswith("bob")
    held = {lease.image_id: lease.who for lease in project.leases()}
    assert held == {image_of[first]: "bob", image_of[second]: "somebody"}
    # On leaving, the image is free for others.
    hands.window.open_instance(third)
    assert {lease.image_id for lease in project.leases()} == {image_of[first], image_of[third]}
    project.give_back([image_of[first]], who="bob")
    project.place(second, 0, (50.0, 60.0), who="bob")
    hands.window.others.look()
    assert "bob" not in shown_state(hands, first)
    assert shown_state(hands, second).endswith("bob")
    hands.window.close()
    assert {lease.who for lease in project.leases()} == {"bob"}


def test_what_another_does_to_the_open_shape_is_seen_without_opening_it_again(
    make_project, open_window
):
    project = make_project(labelled=3, untouched=1)
    for name, role in (("somebody", Role.LEAD), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="somebody")
    hands = open_window(project)
    hands.window.others.look()
    open_id, image_id = hands.open_id, project.instance(hands.open_id).image_id
    project.give_back([image_id], who="somebody")
    project.place(open_id, 0, (50.0, 60.0), who="bob")
    hands.window.others.look()
    assert hands.points[0].tolist() == [50.0, 60.0]


def test_the_open_shape_is_read_again_where_the_same_look_finds_a_new_object(
    make_project, open_window
):
    project = make_project(labelled=3, untouched=1)
    for name, role in (("somebody", Role.LEAD), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="somebody")
    hands = open_window(project)
    hands.window.others.look()
    record = project.instance(hands.open_id)
    project.give_back([record.image_id], who="somebody")
    project.place(record.id, 0, (50.0, 60.0), who="bob")
    project.add_instance(record.image_id, record.box, who="bob")
    hands.window.others.look()
    assert hands.points[0].tolist() == [50.0, 60.0]


@pytest.fixture
def hands_of_an_annotator(make_project, open_window):
    """Of a project that lea leads; what others have done so far is seen."""
    project = make_project(labelled=3, untouched=2)
    for name, role in (("lea", Role.LEAD), ("somebody", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    hands = open_window(project)
    hands.wait_for()
    hands.window.others.look()
    return hands


def test_that_the_open_image_was_excluded_by_another_is_told(hands_of_an_annotator):
    hands, project = hands_of_an_annotator, hands_of_an_annotator.window.project
    banner, prompt = hands.window.messages.banner, hands.window.status.prompt
    image_id = project.instance(hands.open_id).image_id
    project.exclude(images=[image_id], why="blurred", who="lea")
    hands.window.others.look()
    assert "Excluded by lea" in banner.text.text()
    assert "blurred" in banner.text.text()
    assert prompt.text().startswith("Excluded.")
    project.restore(images=[image_id], who="lea")
    hands.window.others.look()
    assert "counts again" in banner.text.text()
    assert not prompt.text().startswith("Excluded.")


def test_nobody_is_told_to_change_an_accepted_shape_that_is_not_theirs(hands_of_an_annotator):
    hands, project = hands_of_an_annotator, hands_of_an_annotator.window.project
    mine, _, accepted = [row.instance_id for row in project.queue()[:3]]
    hands.window.open_instance(accepted)
    hands.wait_for()
    said = "Accepted, and only import or a lead may change it. Page Down goes on; R says what is"
    assert hands.text.startswith(said)
    hands.window.controller.place(0, 70.0, 80.0)
    assert "changes own ones only" in hands.window.messages.banner.text.text()
    project.accept(mine, project.shape(accepted), who=WHO)
    hands.window.open_instance(mine)
    hands.wait_for()
    assert hands.text.endswith("drag or click a point to change it")


def test_who_may_change_the_open_shape_is_told_anew_with_another_role(hands_of_an_annotator):
    hands, project = hands_of_an_annotator, hands_of_an_annotator.window.project
    hands.window.open_instance(project.queue()[2].instance_id)
    hands.wait_for()
    kept = "Accepted, and only import or a lead may change it."
    assert hands.text.startswith(kept)
    project.set_person(WHO, Role.LEAD, who="lea")
    hands.window.others.look()
    assert hands.text.endswith("drag or click a point to change it")
    project.set_person(WHO, Role.ANNOTATOR, who="lea")
    hands.window.others.look()
    assert hands.text.startswith(kept)


def test_what_two_label_unseen_by_each_other_is_not_asked_to_be_clicked(hands_of_an_annotator):
    hands, project = hands_of_an_annotator, hands_of_an_annotator.window.project
    project.set_assignment(Assignment(twice=1.0), who="lea")
    other = project.queue()[1].instance_id
    project.accept(other, project.shape(project.queue()[2].instance_id), who="lea")
    hands.window.others.look()
    hands.window.open_instance(other)
    said = "Others label this, unseen until both are done. Page Down goes on"
    hands.qtbot.waitUntil(lambda: hands.text == said, timeout=20_000)


def test_that_the_open_label_gave_way_to_another_is_told(hands_of_an_annotator):
    hands, project = hands_of_an_annotator, hands_of_an_annotator.window.project
    project.exclude(instances=[hands.open_id], why="bob's label stands", who="lea")
    hands.window.others.look()
    assert "Excluded by lea while it was open here" in hands.window.messages.banner.text.text()
    assert "stands" in hands.window.messages.banner.text.text()


def test_what_others_store_takes_no_message_away(make_project, open_window):
    project = make_project(labelled=3, untouched=2)
    for name, role in (("lea", Role.LEAD), ("bob", Role.ANNOTATOR), ("somebody", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    hands = open_window(project)
    hands.wait_for()
    mine, other, accepted = [row.instance_id for row in project.queue()[:3]]
    project.give_back([project.instance(mine).image_id], who="somebody")
    project.place(mine, 0, (50.0, 60.0), who="bob")
    project.accept(mine, project.shape(accepted), who="bob")
    project.give_back([project.instance(mine).image_id], who="bob")
    hands.window.others.look()
    hands.window.open_instance(mine)
    hands.window.label_page.controller.place(0, 70.0, 80.0)
    banner = hands.window.messages.banner
    assert "changes own ones only" in banner.text.text()
    project.place(other, 0, (50.0, 60.0), who="bob")
    hands.window.others.look()
    assert banner.isVisible()
    assert "changes own ones only" in banner.text.text()


def test_what_ones_own_command_does_is_seen_in_ones_own_window(make_project, open_window):
    project = make_project(labelled=3, untouched=2)
    hands = open_window(project)
    hands.wait_for()
    _, second, accepted = [row.instance_id for row in project.queue()[:3]]
    with Project.open(project.folder) as command:
        command.place(hands.open_id, 0, (50.0, 60.0), who=WHO)
        command.accept(second, command.shape(accepted), who=WHO)
        image_id = command.instance(second).image_id
        added = command.add_instance(image_id, Box(5, 5, 40, 40), who=WHO)
    hands.window.others.look()
    assert hands.points[0].tolist() == [50.0, 60.0]
    assert shown_state(hands, second) == shown_state(hands, accepted)
    assert hands.window.label_page.list_model.holds(added.id)


def test_the_open_shape_is_not_read_again_for_ones_own_clicks(make_project, open_window):
    hands = open_window(make_project(labelled=3, untouched=1))
    hands.wait_for()
    hands.click(*hands.free_place())
    heard = []
    hands.window.context.changes.announced.connect(heard.append)
    hands.window.others.look()
    assert heard == []


def test_a_first_object_that_a_command_adds_comes_into_an_empty_window(
    make_project, open_window, tmp_path
):
    hands = open_window(make_project(labelled=0, untouched=0))
    hands.window.others.look()
    picture = tmp_path / "first.png"
    Image.new("RGB", (60, 50)).save(picture)
    with Project.open(hands.window.project.folder) as command:
        image = command.add_image(picture, examine(picture))
        added = command.add_instance(image.id, Box(30, 25, 40, 40), who=WHO)
    hands.window.others.look()
    assert hands.window.label_page.list_model.holds(added.id)


def test_that_the_open_object_was_taken_away_by_another_is_told(make_project, open_window):
    project = make_project(labelled=3, untouched=1)
    for name, role in (("lea", Role.LEAD), ("somebody", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    hands = open_window(project)
    hands.wait_for()
    record = project.instance(hands.open_id)
    project.give_back([record.image_id], who="somebody")
    added = project.add_instance(record.image_id, record.box, who="bob")
    hands.window.others.look()
    hands.window.open_instance(added.id)
    hands.wait_for()
    project.remove_instance(added.id)
    hands.window.others.look()
    assert "taken away" in hands.window.messages.banner.text.text()
    assert hands.open_id == record.id
    hands.wait_for()
    hands.click(*hands.free_place())
    assert [entry.instance_id for entry in hands.entries] == [record.id]


def test_that_another_has_changed_the_landmarks_is_told_before_the_next_click(
    make_project, open_window
):
    project = make_project(labelled=3, untouched=1)
    hands = open_window(project)
    hands.window.others.look()
    with Project.open(project.folder) as theirs:
        theirs.change_scheme(SchemeChange.none(theirs.scheme).head((0, 1)), who="bob")
    hands.window.others.look()
    banner = hands.window.messages.banner
    assert "has changed the landmarks of this project" in banner.text.text()


def test_what_others_have_labelled_proposes_before_anybody_here_has_accepted(
    make_project, open_window
):
    """It said that no shape was labelled until this person had accepted one."""
    project = make_project(labelled=4, untouched=3)
    shapes = {record.id: shape for record, shape in project.shapes()}
    for instance_id in shapes:
        project.review(instance_id, "sent back", "again", who="bob")
    hands = open_window(project)
    hands.wait_for()
    preparation = hands.window.preparation
    hands.qtbot.waitUntil(lambda: preparation.proposer is not None and preparation.settled)
    hands.window.others.look()
    assert preparation.reason == "No shape is labelled yet."
    with Project.open(project.folder) as other:
        for instance_id, shape in shapes.items():
            other.accept(instance_id, shape, who="bob")
    hands.window.others.look()
    hands.qtbot.waitUntil(lambda: "4 labelled shapes" in preparation.reason)


def test_an_object_that_another_accepts_beside_the_open_one_waits_no_more(
    make_project, open_window
):
    project = make_project(labelled=3, untouched=1)
    for name, role in (("somebody", Role.LEAD), ("bob", Role.ANNOTATOR)):
        project.set_person(name, role, who="somebody")
    last, accepted = [row.instance_id for row in project.queue()[:2]]
    record = project.instance(last)
    beside = project.add_instance(record.image_id, record.box, who="somebody").id
    hands = open_window(project)
    hands.window.open_instance(last)
    hands.wait_for()
    assert "accepts all 2" in hands.text
    hands.window.others.look()
    project.give_back([record.image_id], who="somebody")
    project.accept(beside, project.shape(accepted), who="bob")
    hands.window.others.look()
    assert "accepts all" not in hands.text


def test_a_server_that_lets_nobody_in_is_asked_less_and_less(
    make_project, open_window, monkeypatch
):
    """Every two seconds of a night one login was refused, for which servers lock it out."""
    others = open_window(make_project(labelled=3, untouched=1)).window.others
    each = others._clock.interval()

    def refused():
        raise ProjectError("The server does not let you in: password authentication failed.")

    with monkeypatch.context() as closed:
        closed.setattr(others._done, "look", refused)
        others.look()
        others.look()
    assert others._clock.interval() == 4 * each
    others.look()
    assert others._clock.interval() == each
