"""A scheme without any labels: the first image is clicked by hand, the second proposes itself."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import Curve
from tests.gui.conftest import KITE

TRUTH = np.array([[120, 50], [155, 95], [120, 145], [85, 95], [120, 95], [120, 160]], dtype=float)


@pytest.fixture
def first(make_project, open_window):
    hands = open_window(make_project(labelled=0, untouched=3))
    hands.wait_for()
    return hands


def test_it_asks_for_the_landmarks_in_the_order_of_the_scheme(first):
    asked = []
    for landmark, place in enumerate(TRUTH):
        asked.append(first.text)
        assert first.window.controller.asked == landmark
        first.click(*place)
    assert asked[0] == "Click the top (1 of 6)"
    assert asked[5] == "Click the tail (6 of 6)"
    assert first.text == "Every landmark is placed. Enter to accept"


def test_it_cannot_be_accepted_before_every_landmark_is_placed(first):
    first.click(*TRUTH[0])
    assert not first.window.landmarks.accept.isEnabled()
    first.key(Qt.Key.Key_Return)
    assert first.state(first.open_id) is InstanceState.STARTED
    banner = first.window.messages.banner
    assert "5 landmarks have no position" in banner.text.text()
    # Which is true no longer once the next one is placed.
    first.click(*TRUTH[1])
    assert not banner.isVisible()


def test_two_objects_that_were_placed_by_hand_are_accepted_together(first):
    """Nothing is proposed yet, and nothing has to be waited for."""
    project, record = first.window.project, first.window.controller.record
    other = project.add_instance(record.image_id, record.box, who="somebody")
    for landmark, place in enumerate(TRUTH):
        project.place(other.id, landmark, tuple(place.tolist()), who="somebody")
    first.window.controller.open(record.id)
    for place in TRUTH:
        first.click(*place, Qt.KeyboardModifier.ShiftModifier)

    def both() -> bool:
        first.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        states = {first.state(each) for each in (record.id, other.id)}
        return states == {InstanceState.ACCEPTED}

    first.qtbot.waitUntil(both)


def test_from_the_second_image_on_the_labelled_shape_proposes(first):
    for place in TRUTH:
        first.click(*place)
    first.key(Qt.Key.Key_Return)
    controller = first.window.controller
    first.qtbot.waitUntil(lambda: controller.view.backend == "registration")
    assert controller.view.complete
    assert "1 labelled shape" in first.window.status.model.toolTip()


def test_tab_leaves_a_landmark_for_later(first):
    first.key(Qt.Key.Key_Tab)
    assert first.window.controller.asked == 1
    first.click(*TRUTH[1])
    assert first.window.controller.asked == 0


def test_a_contour_follows_its_ends_and_what_is_clicked_between_them(make_project, open_window):
    scheme = replace(KITE, name="bent kites", curves=(Curve("side", (0, 1, 2, 3)),))
    hands = open_window(make_project(labelled=0, untouched=2, scheme=scheme))
    hands.wait_for()
    asked = []
    for _ in range(4):
        asked.append(hands.window.controller.asked)
        hands.click(*TRUTH[asked[-1]])
    assert asked == [0, 3, 4, 5]
    np.testing.assert_allclose(hands.points[[1, 2]], TRUTH[[0, 0]] + [[-12, 15], [-23, 30]], atol=1)
    assert "or Enter to accept" in hands.text
    hands.click(*TRUTH[1])
    assert hands.points[1] == pytest.approx(TRUTH[1], abs=0.5)
    assert hands.points[2, 0] > TRUTH[0, 0]
    hands.key(Qt.Key.Key_Return)
    assert hands.state(hands.order[0]) is InstanceState.ACCEPTED
