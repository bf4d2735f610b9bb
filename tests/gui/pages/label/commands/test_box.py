"""The box of an instance: asked for where there is none, drawn with one drag."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.pages.label.panels.image_list import ERROR
from landmark_annotator.projects.store import ActionKind
from landmark_annotator.projects.vocabulary import Box


@pytest.fixture
def boxless(make_project, open_window):
    """Twelve accepted kites, and three images of which nothing is known, not even a box."""
    hands = open_window(make_project(boxes=False))
    hands.wait_for(Phase.BOX)
    return hands


def test_an_instance_without_a_box_asks_for_one(boxless):
    assert boxless.text.startswith("Draw a box around the object: drag")
    assert not boxless.window.landmarks.accept.isEnabled()


def test_a_plain_drag_draws_it_and_then_the_shape_is_proposed(boxless):
    boxless.drag((60, 30), (180, 170))
    box = boxless.window.project.instance(boxless.open_id).box
    pixel = 1.5 / boxless.canvas.scene.viewport.scale
    assert (box.centre_x, box.centre_y) == pytest.approx((120, 100), abs=pixel + 0.5)
    assert (box.width, box.height) == pytest.approx((120, 140), abs=2 * pixel + 0.5)
    boxless.wait_for(Phase.READY)
    assert boxless.window.controller.asked is not None
    assert [entry.kind for entry in boxless.entries] == [ActionKind.BOX]


def test_a_box_begins_where_the_mouse_went_down_wherever_the_view_goes_meanwhile(boxless):
    """As where a message takes some of the canvas's height, and the image moves and shrinks."""
    canvas = boxless.canvas
    boxless.press(60, 30)
    boxless.move(100, 90)
    canvas.resize(canvas.width(), canvas.height() - 90)
    boxless.move(180, 170)
    boxless.release(180, 170)
    box = boxless.window.project.instance(boxless.open_id).box
    assert (box.centre_x, box.centre_y) == pytest.approx((120, 100), abs=1.0)
    assert (box.width, box.height) == pytest.approx((120, 140), abs=2.0)


def test_the_box_that_was_drawn_fills_the_view(boxless):
    boxless.drag((100, 80), (140, 120))
    box = boxless.window.controller.record.box
    assert box.side * boxless.canvas.scene.viewport.scale > 0.7 * boxless.canvas.height()


def test_the_whole_image_is_in_sight_again_once_the_box_is_taken_back(boxless):
    """A box that was drawn beside the object hid where the next one is to be drawn."""
    whole = boxless.canvas.scene.viewport
    boxless.drag((100, 80), (140, 120))
    boxless.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert boxless.canvas.scene.viewport == whole


def test_enter_before_there_is_a_box_tells_of_no_landmarks_without_a_position(boxless):
    """As where it is pressed once too often, while objects are looked for: that they had none was
    told still when all of them had been proposed."""
    boxless.key(Qt.Key.Key_Return)
    assert boxless.window.messages.banner.isHidden()


def test_a_click_without_a_drag_is_no_box(boxless):
    boxless.click(100, 100)
    assert boxless.entries == []
    assert boxless.text.startswith("Draw a box around the object: drag")


def test_no_error_is_expected_without_the_box_that_was_taken_back(boxless):
    """That of the box stood in the list."""
    rows = boxless.window.label_page.list_model
    boxless.drag((60, 30), (180, 170))
    boxless.wait_for(Phase.READY)
    assert rows.data(rows.index(0, ERROR))
    boxless.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert rows.data(rows.index(0, ERROR)) == ""


def test_b_draws_the_box_anew(hands):
    before = hands.window.controller.record.box
    hands.key(Qt.Key.Key_B)
    assert hands.text.startswith("Drag the handles of the box, or draw a new one")
    hands.drag((40, 20), (175, 155))
    hands.wait_for(Phase.READY)
    assert hands.window.controller.record.box != before


def test_escape_keeps_the_old_box(hands):
    hands.key(Qt.Key.Key_B)
    hands.key(Qt.Key.Key_Escape)
    hands.drag(hands.free_place(), hands.free_place())
    assert hands.window.controller.phase is Phase.READY
    assert [entry.kind for entry in hands.entries] == [ActionKind.CLICK]


def test_clicks_outlive_a_new_box(hands):
    hands.click(*hands.free_place())
    landmark, place = hands.entries[0].landmark, hands.entries[0].to
    hands.key(Qt.Key.Key_B)
    hands.drag((40, 20), (175, 155))
    hands.wait_for(Phase.READY)
    assert hands.points[landmark] == pytest.approx(place)


def test_a_box_drawn_from_any_corner_is_the_same(boxless):
    boxless.drag((180, 170), (60, 30))
    box = boxless.window.project.instance(boxless.open_id).box
    assert isinstance(box, Box)
    assert box.width > 0
    assert box.height > 0


def test_news_that_come_while_a_box_is_drawn_do_not_end_it(boxless):
    boxless.press(60, 30)
    boxless.move(150, 150)
    boxless.window.controller.changed.emit()
    boxless.move(180, 170)
    boxless.release(180, 170)
    assert boxless.window.project.instance(boxless.open_id).box is not None
