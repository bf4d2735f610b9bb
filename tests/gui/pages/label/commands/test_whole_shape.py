"""Swapping left and right, starting from the shape before, going back to the proposal."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.store import ActionKind, InstanceState

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_s_gives_what_was_placed_to_the_other_side(hands):
    left, right = 3, 1
    place = hands.points[right].copy()
    hands.window.controller.place(left, *place)
    hands.key(Qt.Key.Key_S)
    assert hands.points[right] == pytest.approx(place)
    assert hands.entries[-1].kind is ActionKind.RESHAPE
    assert hands.window.actions_by_name["undo"].text() == "Undo swap of left and right"
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.points[left] == pytest.approx(place)


def test_with_nothing_placed_there_is_nothing_to_swap(hands):
    hands.key(Qt.Key.Key_S)
    assert hands.entries == []
    assert "nothing to swap" in hands.window.messages.banner.text.text()


def test_ctrl_r_takes_all_back_at_once_and_undo_brings_it_again(hands):
    proposed = hands.points.copy()
    for _ in range(3):
        hands.click(*hands.free_place())
    clicked = hands.points.copy()
    hands.key(Qt.Key.Key_R, CONTROL)
    hands.wait_for()
    assert hands.points == pytest.approx(proposed)
    assert hands.state(hands.open_id) is InstanceState.UNTOUCHED
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.points == pytest.approx(clicked)


def test_p_proposes_the_shape_before_in_the_box_of_this_one(make_project, open_window):
    hands = open_window(make_project(labelled=3, untouched=2))
    hands.wait_for()
    hands.key(Qt.Key.Key_Return)
    hands.wait_for()
    project, order = hands.window.project, hands.order
    before, here = project.instance(order[0]), project.instance(order[1])
    hands.key(Qt.Key.Key_P)
    expected = here.box.to_image(before.box.to_frame(project.shape(before.id).points))
    assert hands.points == pytest.approx(expected)
    assert hands.state(here.id) is InstanceState.UNTOUCHED
    hands.click(*hands.free_place())
    assert np.linalg.norm(hands.points - expected, axis=1).min() > 0.01


def test_p_takes_the_box_along_where_there_is_none(make_project, open_window):
    hands = open_window(make_project(labelled=3, untouched=2, boxes=False))
    hands.wait_for(Phase.BOX)
    hands.drag((60, 30), (180, 170))
    hands.wait_for()
    hands.key(Qt.Key.Key_Return)
    hands.wait_for(Phase.BOX)
    order, project = hands.order, hands.window.project
    hands.key(Qt.Key.Key_P)
    assert project.instance(order[1]).box == project.instance(order[0]).box
    assert hands.points == pytest.approx(project.shape(order[0]).points)


def test_ctrl_r_leaves_a_copied_shape_for_the_models(make_project, open_window):
    hands = open_window(make_project(labelled=3, untouched=2))
    hands.wait_for()
    hands.key(Qt.Key.Key_Return)
    hands.wait_for()
    hands.key(Qt.Key.Key_P)
    assert hands.window.controller.view.backend == "copy"
    hands.key(Qt.Key.Key_R, CONTROL)
    hands.wait_for()
    assert hands.window.controller.view.backend in ("prior", "registration")


def test_the_first_image_has_no_shape_before(hands):
    before = hands.points.copy()
    hands.key(Qt.Key.Key_P)
    assert "No image before" in hands.window.messages.banner.text.text()
    assert np.array_equal(hands.points, before)
