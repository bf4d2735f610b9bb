"""Several objects in one image: added, drawn apart, gone through by key, removed if untouched."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.panels.image_list import NAME
from landmark_annotator.projects.store import InstanceState

CONTROL = Qt.KeyboardModifier.ControlModifier


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


def test_ctrl_delete_removes_an_object_that_nobody_touched(hands):
    first = hands.open_id
    hands.key(Qt.Key.Key_I)
    hands.key(Qt.Key.Key_Delete, CONTROL)
    assert hands.open_id == first
    assert names(hands)[:2] == ["kites_00.png", "kites_01.png"]
    assert len(hands.order) == 15


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
