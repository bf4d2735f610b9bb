"""What the menu of the list does to all that is selected."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from landmark_annotator.projects.store import Role
from landmark_annotator.projects.vocabulary import Box
from tests.gui.conftest import SIZE

WHOLE = Box.whole_image(*SIZE)


@pytest.fixture
def boxless(make_project, open_window):
    """Three kites without a box, and some that are labelled; all are selected."""
    hands = open_window(make_project(boxes=False))
    images = hands.window.list
    images.setFocus()
    images.selectAll()
    return hands


def choose(hands, title: str) -> None:
    """In the menu of the list."""
    hands.window.list.menu_wanted.emit(QPoint(100, 100))
    [menu] = hands.window.label_page.findChildren(QMenu)
    [action] = [a for a in menu.actions() if a.text().startswith(title)]
    assert action.isEnabled()
    action.trigger()
    menu.close()
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)


def boxes(hands) -> list[Box | None]:
    return [hands.window.project.instance(i).box for i in hands.order]


def test_the_whole_image_is_the_box_of_all_that_have_none_as_one_step(boxless):
    before = boxes(boxless)
    assert before[:3] == [None] * 3
    choose(boxless, "Whole image as the box")
    assert boxes(boxless) == [WHOLE] * 3 + before[3:]
    boxless.wait_for()
    assert boxless.window.controller.record.box == WHOLE
    assert "3 objects got the whole image" in boxless.window.messages.banner.text.text()
    boxless.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert boxes(boxless) == before


def test_what_is_not_alone_in_its_image_is_left_to_be_drawn(boxless):
    project = boxless.window.project
    first = project.instance(boxless.order[0])
    project.add_instance(first.image_id, Box(60, 60, 40, 40), who="somebody")
    choose(boxless, "Whole image as the box")
    assert project.instance(first.id).box is None
    assert "1 object without a box is not alone" in boxless.window.messages.banner.text.text()


def test_an_image_in_other_hands_is_left(boxless):
    project = boxless.window.project
    for name in ("somebody", "bob"):
        project.set_person(name, Role.LEAD, who="somebody")
    second = project.instance(boxless.order[1])
    project.take_images([second.image_id], who="bob")
    choose(boxless, "Whole image as the box")
    assert [box == WHOLE for box in boxes(boxless)[:3]] == [True, False, True]
    assert "1 object is left without" in boxless.window.messages.banner.text.text()


def test_where_there_are_people_a_lead_does_so(boxless):
    project = boxless.window.project
    for name, role in (("lea", Role.LEAD), ("somebody", Role.ANNOTATOR)):
        project.set_person(name, role, who="lea")
    choose(boxless, "Whole image as the box")
    assert boxes(boxless)[:3] == [None] * 3
    assert "cannot give boxes to many objects" in boxless.window.messages.banner.text.text()
