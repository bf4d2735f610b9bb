"""Labelling by keys alone: the first box, the first places, and going from one to the next."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.store import ActionKind, InstanceState

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def boxless(make_project, open_window):
    hands = open_window(make_project(boxes=False))
    hands.wait_for(Phase.BOX)
    return hands


@pytest.fixture
def first(make_project, open_window):
    """At the first image of a scheme without any labels."""
    hands = open_window(make_project(labelled=0, untouched=3))
    hands.wait_for()
    QTest.mouseMove(hands.canvas, QPoint(3, 3))
    QApplication.processEvents()
    return hands


def record(hands):
    return hands.window.project.instance(hands.open_id)


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_Right])
def test_a_box_is_begun_changed_and_taken(boxless, key):
    boxless.key(key)
    assert boxless.text == (
        "Drag the handles of the box, or draw a new one. Enter when it is right"
    )
    begun = boxless.canvas.gestures.box.editable
    width, height = boxless.canvas.scene.image_size
    assert (begun.centre_x, begun.centre_y) == pytest.approx((width / 2, height / 2), abs=1)
    assert (begun.width, begun.height) == pytest.approx((width / 2, height / 2), abs=1)
    boxless.key(Qt.Key.Key_Left, SHIFT)
    boxless.key(Qt.Key.Key_Down, CTRL)
    assert boxless.entries == []
    boxless.key(Qt.Key.Key_Return)
    boxless.wait_for(Phase.READY)
    pixel = 1 / boxless.canvas.scene.viewport.scale
    assert [entry.kind for entry in boxless.entries] == [ActionKind.BOX]
    assert record(boxless).box.centre_x < begun.centre_x - 4 * pixel
    assert record(boxless).box.height > begun.height
    assert record(boxless).state is InstanceState.UNTOUCHED


def test_escape_gives_up_what_was_only_begun(boxless):
    boxless.key(Qt.Key.Key_Down)
    boxless.key(Qt.Key.Key_Escape)
    assert boxless.canvas.gestures.box.editable is None
    assert boxless.text.startswith("Draw a box around the object: drag")
    boxless.key(Qt.Key.Key_Return)
    assert record(boxless).box is None


def test_a_box_that_was_begun_is_stored_before_the_image_is_left(boxless):
    opened = boxless.open_id
    boxless.key(Qt.Key.Key_Down)
    boxless.key(Qt.Key.Key_PageDown)
    assert boxless.open_id != opened
    assert boxless.window.project.instance(opened).box is not None


def test_the_mouse_draws_another_box_than_the_one_that_was_begun(boxless):
    boxless.key(Qt.Key.Key_B)
    boxless.drag((10, 10), (50, 40))
    boxless.wait_for(Phase.READY)
    assert [entry.kind for entry in boxless.entries] == [ActionKind.BOX]
    box = record(boxless).box
    assert (box.centre_x, box.centre_y) == pytest.approx((30, 25), abs=2)


def test_all_landmarks_of_the_first_shape_are_placed_and_accepted(first):
    opened, box = first.open_id, first.window.controller.record.box
    count = len(first.window.controller.scheme)
    for landmark in range(count):
        assert first.window.controller.asked == landmark
        first.key(Qt.Key.Key_Right, CTRL)
        for _ in range(landmark):
            first.key(Qt.Key.Key_Down, CTRL | SHIFT)
        first.key(Qt.Key.Key_Tab)
    screen = 1 / first.canvas.scene.viewport.scale
    places = first.window.project.shape(opened).points
    down = 20 * screen * np.arange(count)
    expected = np.column_stack([np.full(count, box.centre_x + 4 * screen), box.centre_y + down])
    assert places == pytest.approx(expected, abs=0.01)
    first.key(Qt.Key.Key_Return)
    assert first.state(opened) is InstanceState.ACCEPTED


@pytest.mark.parametrize("leave", ["tab", "list"])
def test_arrow_keys_are_about_the_landmark_that_was_chosen_last(hands, leave):
    """However quickly it was chosen after the steps of another one."""
    QTest.mouseMove(hands.canvas, QPoint(3, 3))
    QApplication.processEvents()
    moved = hands.window.controller.asked
    hands.key(Qt.Key.Key_Right)
    if leave == "tab":
        hands.key(Qt.Key.Key_Tab)
    else:
        hands.window.label_page.asked_landmark.choose((moved + 2) % 6)
    chosen = hands.window.controller.asked
    assert chosen != moved
    hands.key(Qt.Key.Key_Down)
    hands.window.label_page.nudge.settle()
    assert [entry.landmark for entry in hands.entries] == [moved, chosen]
    assert hands.window.controller.asked == chosen
