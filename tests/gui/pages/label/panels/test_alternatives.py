"""Where several distinct shapes are likely they are shown, and a number chooses among them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.panels.hypotheses import HypothesisPanel
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.posterior.hypotheses import Hypothesis
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import ActionKind
from tests.gui.conftest import KITE

UP = np.array([[0, -0.4], [0.3, 0], [0, 0.4], [-0.3, 0], [0, 0], [0, 0.48]])
DOWN = UP * (1, -1)


class Undecided:
    """Whether the kite is upright or upside down it cannot say."""

    def propose(self, pixels, box):
        mixture = ShapeMixture(np.log([0.7, 0.3]), np.stack([UP, DOWN]), np.eye(12) * 0.02**2)
        return Proposal(box, mixture, "undecided")


@pytest.fixture
def undecided(make_project, open_window):
    hands = open_window(make_project(), start=False)
    hands.window.preparation.proposer = Proposer("For this test.", None, Undecided())
    hands.window.start()
    hands.wait_for()
    hands.qtbot.waitUntil(hands.window.landmarks.hypotheses.isVisible)
    return hands


def shapes(hands) -> list[np.ndarray]:
    return [shape.points for shape in hands.window.label_page.whole_shape.hypotheses()]


def test_the_shapes_are_shown_with_their_weights(undecided):
    panel = undecided.window.landmarks.hypotheses
    assert [b.text() for b in panel.buttons if b.isVisible()] == ["1:  70 %", "2:  30 %"]
    first, second = (b.icon().pixmap(64, 64).toImage() for b in panel.buttons)
    assert first != second
    assert panel.buttons[1].accessibleName() == "Shape 2, 30 % likely"


def test_a_number_takes_a_shape_and_there_is_nothing_left_to_choose(undecided):
    other = shapes(undecided)[1]
    undecided.key(Qt.Key.Key_2)
    assert undecided.points == pytest.approx(other, abs=0.5)
    assert [entry.kind for entry in undecided.entries] == [ActionKind.CONFIRM]
    undecided.qtbot.waitUntil(lambda: not undecided.window.landmarks.hypotheses.isVisible())


def test_taking_a_shape_is_undone_like_any_action(undecided):
    before = undecided.points.copy()
    undecided.key(Qt.Key.Key_1)
    undecided.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undecided.points == pytest.approx(before)
    assert undecided.window.landmarks.hypotheses.isVisible()


def test_a_drawing_is_a_button_too(undecided):
    other = shapes(undecided)[1]
    undecided.window.landmarks.hypotheses.buttons[1].click()
    assert undecided.points == pytest.approx(other, abs=0.5)


def test_a_number_that_is_not_shown_does_nothing_and_says_so(undecided):
    undecided.key(Qt.Key.Key_3)
    assert undecided.entries == []
    assert "No shape 3 is offered" in undecided.window.messages.banner.text.text()


def test_a_single_shape_is_no_choice(hands):
    hands.key(Qt.Key.Key_1)
    assert hands.entries == []
    assert not hands.window.landmarks.hypotheses.isVisible()


def test_what_is_offered_takes_no_keyboard_away(undecided):
    assert undecided.window.isActiveWindow()


def test_shapes_that_lie_in_the_same_places_are_told_apart_by_one_landmark(qtbot):
    panel = HypothesisPanel(KITE)
    qtbot.addWidget(panel)
    square = np.array([[0.0, -40], [40, 0], [0, 40], [-40, 0], [0, 0], [0, 40]])
    turned = square[[1, 2, 3, 0, 4, 3]]
    panel.show_shapes([Hypothesis(square, 0.5, 0), Hypothesis(turned, 0.5, 1)], None)
    first, second = (b.icon().pixmap(64, 64).toImage() for b in panel.buttons)
    assert first != second
    assert "Marked: top" in panel.title.text()
