"""Model work never blocks the window, and an answer that comes too late changes nothing."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import InstanceState


class SlowModel:
    """Proposes one fixed shape in the box it is given, when it is allowed to."""

    def __init__(self) -> None:
        self.allowed = threading.Event()
        self.boxes = []

    def propose(self, pixels, box) -> Proposal:
        self.boxes.append(box)
        assert self.allowed.wait(20)
        mean = np.linspace(-0.4, 0.4, 12).reshape(1, 6, 2)
        return Proposal(box, ShapeMixture(np.zeros(1), mean, np.eye(12) * 0.01), "slow")


@pytest.fixture
def model():
    model = SlowModel()
    yield model
    model.allowed.set()


@pytest.fixture
def thinking(make_project, open_window, model):
    project = make_project(labelled=2, untouched=4)
    # A window that closes waits for its model.
    hands = open_window(project, start=False, before_close=lambda _: model.allowed.set())
    hands.window.preparation.proposer = Proposer("For this test.", None, model)
    hands.window.start()
    hands.wait_for(Phase.THINKING)
    return hands


def test_while_the_model_works_the_window_says_so_and_stays_usable(thinking):
    assert thinking.text == "Thinking\N{HORIZONTAL ELLIPSIS}"
    first = thinking.open_id
    thinking.key(Qt.Key.Key_PageDown)
    assert thinking.open_id != first


def test_a_click_before_anything_is_asked_for_places_nothing(thinking):
    thinking.click(100, 100)
    assert thinking.entries == []


def test_enter_while_thinking_accepts_nothing(thinking):
    first = thinking.open_id
    thinking.key(Qt.Key.Key_Return)
    assert thinking.open_id == first
    assert thinking.state(first) is InstanceState.UNTOUCHED


def test_the_proposal_shows_once_it_is_there(thinking, model):
    model.allowed.set()
    thinking.wait_for(Phase.READY)
    assert thinking.window.controller.view.backend == "slow"
    assert np.isfinite(thinking.points).all()


def test_an_answer_for_an_instance_that_was_left_does_not_show(thinking, model):
    thinking.window.controller.open(thinking.order[-1])
    thinking.wait_for(Phase.READY)
    before = thinking.points.copy()
    model.allowed.set()
    thinking.window.preparation.models_at_work._pool.waitForDone()
    thinking.qtbot.wait(30)
    assert np.array_equal(thinking.points, before)
    assert thinking.window.controller.view.backend is None


def test_an_answer_for_the_old_box_is_dropped(thinking, model):
    thinking.qtbot.waitUntil(lambda: len(model.boxes) == 1)
    old = model.boxes[0]
    thinking.key(Qt.Key.Key_B)
    thinking.drag((40, 40), (110, 120))
    model.allowed.set()
    thinking.wait_for(Phase.READY)
    new = thinking.window.controller.record.box
    assert new != old
    x, y = thinking.points[0]
    assert (x, y) == pytest.approx(tuple(new.to_image(np.array([-0.4, -0.4 + 0.8 / 11]))))


def test_the_next_two_are_proposed_before_they_are_asked_for(thinking, model):
    model.allowed.set()
    preparation, order = thinking.window.preparation, thinking.order
    # Two photographs are read at a time: the second may be there, and proposed, before the first.
    for following in order[1:3]:
        thinking.qtbot.waitUntil(lambda i=following: preparation.proposal(i) is not None)
    assert preparation.proposal(order[3]) is None
    thinking.key(Qt.Key.Key_PageDown)
    assert thinking.window.controller.phase is Phase.READY


def test_a_model_that_fails_is_told_of_and_leaves_the_instance_to_the_hand(
    make_project, open_window
):
    from landmark_annotator.projects.vocabulary.errors import WeightsMismatch

    class Broken:
        def propose(self, pixels, box):
            raise WeightsMismatch("The weights are damaged.", remedy="Train again.")

    hands = open_window(make_project(labelled=2, untouched=2), start=False)
    hands.window.preparation.proposer = Proposer("For this test.", None, Broken())
    hands.window.start()
    hands.wait_for(Phase.READY)
    assert "weights are damaged" in hands.window.messages.banner.text.text()
    assert hands.text == "Click the top (1 of 6)"
