"""The box of an instance is moved, resized and turned by its handles and by keys."""

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent

from landmark_annotator.annotator.gui.canvas.geometry.box_geometry import MOVE, TURN, handle_places
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.store import ActionKind, InstanceState


@pytest.fixture
def editing(hands):
    """At a kite whose box can be changed; the whole image is in sight."""
    hands.key(Qt.Key.Key_0)
    hands.key(Qt.Key.Key_B)
    return hands


def box_of(hands):
    return hands.window.project.instance(hands.open_id).box


def pull(hands, handle, across: float, down: float) -> None:
    """By image pixels."""
    viewport = hands.canvas.scene.viewport
    x, y = viewport.to_image(handle_places(box_of(hands), viewport)[handle])
    hands.drag((x, y), (x + across, y + down))


def test_a_side_is_pulled_and_the_other_stays(editing):
    before = box_of(editing)
    pull(editing, (1, 0), 12, 5)
    after = box_of(editing)
    assert after.width - before.width == pytest.approx(12, abs=1)
    assert after.corner == pytest.approx(before.corner)
    assert after.height == before.height


def test_the_middle_moves_it(editing):
    before = box_of(editing)
    pull(editing, MOVE, 10, -6)
    after = box_of(editing)
    moved = (after.centre_x - before.centre_x, after.centre_y - before.centre_y)
    assert moved == pytest.approx((10, -6), abs=1)
    assert (after.width, after.height) == (before.width, before.height)


def test_the_knob_turns_it_and_the_model_proposes_in_the_turned_box(editing):
    before = box_of(editing)
    pull(editing, TURN, before.width, before.height / 2)
    assert math.degrees(box_of(editing).angle) > 20
    editing.key(Qt.Key.Key_Return)
    editing.wait_for(Phase.READY)
    assert editing.window.controller.view.instance.box == box_of(editing)


def test_its_handles_stay_until_enter_which_accepts_nothing(editing):
    pull(editing, (1, 1), 8, 8)
    assert editing.window.controller.phase is Phase.BOX
    editing.key(Qt.Key.Key_Return)
    editing.wait_for(Phase.READY)
    assert editing.state(editing.open_id) is InstanceState.UNTOUCHED


def test_each_pull_is_one_action_that_undo_takes_back(editing):
    before = box_of(editing)
    pull(editing, (0, 1), 0, 9)
    assert [entry.kind for entry in editing.entries] == [ActionKind.BOX]
    editing.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert box_of(editing) == before


def test_arrow_keys_move_it_and_are_one_action(editing):
    before = box_of(editing)
    for _ in range(3):
        editing.key(Qt.Key.Key_Right)
    editing.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert editing.entries == []
    editing.key(Qt.Key.Key_Return)
    scale, after = editing.canvas.scene.viewport.scale, box_of(editing)
    moved = ((after.centre_x - before.centre_x) * scale, (after.centre_y - before.centre_y) * scale)
    assert moved == pytest.approx((3, 10))
    assert [entry.kind for entry in editing.entries] == [ActionKind.BOX]


def test_control_and_arrow_keys_move_its_right_and_lower_sides(editing):
    before = box_of(editing)
    editing.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    editing.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    editing.key(Qt.Key.Key_Return)
    after, pixel = box_of(editing), 1 / editing.canvas.scene.viewport.scale
    assert (after.width, after.height) == pytest.approx(
        (before.width + pixel, before.height - pixel)
    )
    assert after.corner == pytest.approx(before.corner)


def test_comma_and_full_stop_turn_it_by_degrees(editing):
    editing.key(Qt.Key.Key_Period)
    editing.key(Qt.Key.Key_Period)
    editing.key(Qt.Key.Key_Less, Qt.KeyboardModifier.ShiftModifier)
    editing.key(Qt.Key.Key_Return)
    assert math.degrees(box_of(editing).angle) == pytest.approx(-8)


def test_escape_gives_up_what_keys_have_done(editing):
    before = box_of(editing)
    editing.key(Qt.Key.Key_Right)
    editing.key(Qt.Key.Key_Escape)
    editing.key(Qt.Key.Key_Escape)
    assert box_of(editing) == before
    assert editing.window.controller.phase is Phase.READY
    assert editing.entries == []


def test_what_keys_have_done_is_stored_before_another_image_opens(editing):
    before, first = box_of(editing), editing.open_id
    editing.key(Qt.Key.Key_Right)
    editing.key(Qt.Key.Key_PageDown)
    assert editing.open_id != first
    assert editing.window.project.instance(first).box != before


def test_arrow_keys_move_landmarks_again_once_the_box_is_right(editing):
    editing.key(Qt.Key.Key_Return)
    editing.wait_for(Phase.READY)
    editing.key(Qt.Key.Key_Right)
    editing.window.label_page.nudge.settle()
    assert [entry.kind for entry in editing.entries] == [ActionKind.CLICK]


def test_what_keys_have_done_is_stored_before_the_window_closes(editing):
    before, opened = box_of(editing), editing.open_id
    editing.key(Qt.Key.Key_Right)
    editing.window.hide()
    editing.window.closeEvent(QCloseEvent())
    assert editing.window.project.instance(opened).box != before
