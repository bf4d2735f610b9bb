"""Several objects in one image: added, drawn apart, gone through by key, removed if untouched."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME
from landmark_annotator.projects.store import InstanceState

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


def names(hands) -> list[str]:
    model = hands.window.label_page.list_model
    return [model.data(model.index(row, NAME)) for row in range(model.rowCount())]


def test_i_adds_an_object_that_asks_for_its_box(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_I)
    hands.wait_for(Phase.BOX)
    project = hands.window.project
    image = project.instance(first).image_id
    assert [other.id for other in project.instances_of(image)] == [first, hands.open_id]
    assert names(hands)[:3] == ["kites_00.png  #1", "kites_00.png  #2", "kites_01.png"]
    assert hands.window.list.currentIndex().row() == 1
    hands.drag((20, 20), (90, 100))
    hands.wait_for()
    hands.key(Qt.Key.Key_Return)
    assert project.instances_of(image)[1].state is InstanceState.ACCEPTED


def test_j_goes_round_the_objects_of_the_image(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_J)
    assert hands.open_id == first
    hands.key(Qt.Key.Key_I)
    second = hands.open_id
    hands.key(Qt.Key.Key_J)
    assert hands.open_id == first
    hands.key(Qt.Key.Key_J)
    assert hands.open_id == second


def test_the_other_object_is_drawn_with_its_number(hands):
    alone = hands.canvas.grab().toImage()
    hands.key(Qt.Key.Key_I)
    (other,) = hands.window.label_page.objects.others
    assert other.number == 1
    assert other.box is not None
    hands.key(Qt.Key.Key_J)
    (other,) = hands.window.label_page.objects.others
    assert other.number == 2
    hands.key(Qt.Key.Key_J)
    assert hands.canvas.grab().toImage() != alone


def test_the_other_object_is_drawn_as_the_clicks_in_it_have_it(hands):
    """What was proposed before them was drawn, and it is with them that it would be accepted."""
    x, y = hands.points[0]
    hands.click(x - 8, y - 8, Qt.KeyboardModifier.ShiftModifier)
    seen = hands.points
    hands.key(Qt.Key.Key_I)
    (other,) = hands.window.label_page.objects.others
    assert other.points == pytest.approx(seen)


def test_ctrl_delete_removes_an_object_that_nobody_touched(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_I)
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert hands.open_id == first
    assert names(hands)[:2] == ["kites_00.png", "kites_01.png"]
    assert len(hands.window.project.instances()) == 15


@pytest.mark.parametrize("last", [True, False])
def test_what_another_program_found_goes_as_one_step_for_undo(make_project, open_window, last):
    """It was gone for good with its proposal, and undo took back what was done before; the last of
    an image stayed. What had only a box went so, too."""
    project = make_project(labelled=3, untouched=2)
    record = project.instance(project.queue()[0].instance_id)
    found = record.id if last else project.add_instance(record.image_id, record.box, who="x").id
    if last:
        points = project.shape(project.queue()[-1].instance_id).points
        project.store_proposal(
            found,
            points,
            np.full((len(points), 2, 2), np.nan),
            predicted_error=None,
            imported_from="sleap.slp",
        )
    hands = open_window(project)
    hands.wait_for()
    hands.window.controller.open(found)
    hands.wait_for()
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert project.instance(found).excluded is not None
    assert hands.open_id != found
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert project.instance(found).excluded is None
    assert hands.open_id == found


def test_undo_takes_an_added_object_back_and_redo_adds_it_again(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_I)
    added = hands.open_id
    assert hands.window.actions_by_name["undo"].text() == "Undo adding of an object"
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.open_id == first
    project = hands.window.project
    assert [r.id for r in project.instances_of(project.instance(first).image_id)] == [first]
    hands.key(Qt.Key.Key_Y, CONTROL)
    assert hands.open_id == added
    hands.wait_for(Phase.BOX)


def test_the_number_of_the_other_goes_and_comes_with_undo_and_redo(hands):
    hands.key(Qt.Key.Key_I)
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert names(hands)[0] == "kites_00.png"
    hands.key(Qt.Key.Key_Y, CONTROL)
    assert names(hands)[:2] == ["kites_00.png  #1", "kites_00.png  #2"]


@pytest.mark.parametrize("clicked", [True, False])
def test_what_was_recorded_and_the_last_of_an_image_stay(hands, clicked):
    if clicked:
        hands.key(Qt.Key.Key_I)
        hands.drag((20, 20), (90, 100))
        hands.wait_for()
        hands.click(*hands.free_place())
    before = len(hands.window.project.instances())
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert len(hands.window.project.instances()) == before
    assert hands.window.messages.banner.isVisible()


def test_after_the_new_object_comes_the_next_image(hands):
    second = hands.order[1]
    hands.key(Qt.Key.Key_I)
    hands.key(Qt.Key.Key_PageDown)
    assert hands.open_id == second


def test_an_object_that_was_begun_is_asked_for_before_the_next_image(hands):
    """One more was added and accepted, and the next image opened: the first stayed half done."""
    first, other_image = hands.open_id, hands.order[1]
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_I)
    hands.drag((2, 2), (30, 30))
    hands.wait_for()
    second = hands.open_id
    hands.canvas.grab()
    hands.key(Qt.Key.Key_Return)
    assert hands.state(second) is InstanceState.ACCEPTED
    assert hands.open_id == first
    hands.wait_for()
    hands.canvas.grab()
    hands.key(Qt.Key.Key_Return)
    assert hands.state(first) is InstanceState.ACCEPTED
    assert hands.open_id == other_image


def test_what_nobody_has_begun_waits_until_all_images_were_seen(hands):
    other_image = hands.order[1]
    hands.key(Qt.Key.Key_I)
    hands.drag((2, 2), (30, 30))
    hands.wait_for()
    hands.canvas.grab()
    hands.key(Qt.Key.Key_Return)
    assert hands.open_id == other_image


def test_one_that_was_only_added_says_how_it_goes_again(hands):
    hands.key(Qt.Key.Key_I)
    hands.wait_for(Phase.BOX)
    assert "Ctrl+Delete if there is no other one" in hands.text
    hands.drag((2, 2), (30, 30))
    hands.wait_for()
    assert "Ctrl+Delete" not in hands.text


@pytest.mark.parametrize("found", [True, False])
def test_only_of_what_a_model_has_found_nobody_has_said_that_it_is_an_object(
    make_project, open_window, found
):
    project = make_project(labelled=2, untouched=2)
    last = project.instances()[-1]
    if found:
        project.exclude(instances=[last.id], why="to be found", who="ada")
        [opened] = project.add_found({last.image_id: [last.box]}, who="ada")
    else:
        opened = project.queue()[0].instance_id
    hands = open_window(project)
    hands.window.open_instance(opened)
    hands.wait_for()
    objects = hands.window.label_page.objects
    assert objects.guess is found
    hands.click(*hands.free_place())
    assert not objects.guess


def test_where_images_hold_several_the_key_for_one_more_is_told_before_the_next_opens(hands):
    """After one of three objects the next image opened, without a word of the others."""
    more = "I adds an object"
    assert more not in hands.text
    hands.key(Qt.Key.Key_I)
    hands.drag((2, 2), (30, 30))
    hands.wait_for()
    assert more not in hands.text
    assert "Shift+Enter accepts all 2" in hands.text
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert more in hands.text
    hands.key(Qt.Key.Key_I)
    assert more not in hands.text


def test_it_is_told_of_a_project_whose_images_held_several_when_it_was_opened(
    make_project, open_window
):
    project = make_project(labelled=2, untouched=2)
    first = project.instances()[0].image_id
    project.begin_object(first, who="ada")
    hands = open_window(project)
    hands.window.open_instance(hands.order[-1])
    hands.wait_for()
    assert "I adds an object" in hands.text


def test_what_a_model_has_found_is_all_that_there_is(make_project, open_window):
    project = make_project(labelled=2, untouched=2)
    project.begin_object(project.instances()[0].image_id, who="ada")
    last = project.instances()[-1]
    project.exclude(instances=[last.id], why="to be found", who="ada")
    [found] = project.add_found({last.image_id: [last.box]}, who="ada")
    hands = open_window(project)
    hands.window.open_instance(found)
    hands.wait_for()
    assert "adds an object" not in hands.text


@pytest.fixture
def in_the_corner(hands):
    """A small second object is open, far from the first one."""
    first = hands.open_id
    hands.key(Qt.Key.Key_I)
    hands.drag((2, 2), (30, 30))
    hands.wait_for()
    return hands, first, hands.open_id


ON_THE_FIRST = (150.0, 60.0)


def test_a_click_on_another_object_opens_it_and_places_nothing(in_the_corner):
    hands, first, second = in_the_corner
    hands.click(*ON_THE_FIRST)
    assert hands.open_id == first
    for each in (first, second):
        assert not hands.window.project.shape(each).known.any()


def test_the_second_click_of_a_double_click_on_it_places_nothing(in_the_corner):
    hands, first, _ = in_the_corner
    place = hands.at(*ON_THE_FIRST)
    QTest.mouseClick(hands.canvas, LEFT, NONE, place)
    QTest.mouseDClick(hands.canvas, LEFT, NONE, place)
    assert hands.open_id == first
    assert not hands.window.project.shape(first).known.any()


def test_before_the_click_the_cursor_says_which_object_it_opens(in_the_corner):
    hands, _, _ = in_the_corner
    hands.rest_cursor(hands.at(*ON_THE_FIRST))
    assert [name.text for name in hands.canvas.cursor_names] == ["open object 1"]
    hands.rest_cursor(hands.at(*hands.free_place()))
    assert "open" not in hands.canvas.cursor_names[0].text


def test_with_shift_the_asked_landmark_is_placed_there_all_the_same(in_the_corner):
    hands, _, second = in_the_corner
    asked = hands.window.controller.asked
    hands.click(*ON_THE_FIRST, Qt.KeyboardModifier.ShiftModifier)
    assert hands.open_id == second
    assert hands.window.project.shape(second).points[asked] == pytest.approx(ON_THE_FIRST, abs=1.5)


def test_a_little_beside_its_box_a_landmark_is_placed_also_on_another_object(hands):
    box = hands.window.project.instance(hands.open_id).box
    left = box.centre_x - box.width / 2
    hands.key(Qt.Key.Key_I)
    hands.drag((left - 43, 60), (left - 3, 100))
    hands.wait_for()
    second = hands.open_id
    hands.click(left + 3, 80)
    assert hands.open_id == second
    assert hands.window.project.shape(second).known.any()


def test_from_an_object_that_another_window_has_removed_a_key_goes_to_the_next_one(hands):
    """It was reported as a mistake of the program."""
    project, first = hands.window.project, hands.open_id
    record = project.instance(first)
    added = project.add_instance(record.image_id, record.box, who="import").id
    hands.window.controller.open(added)
    project.remove_instance(added)
    hands.key(Qt.Key.Key_J)
    assert hands.open_id == first
