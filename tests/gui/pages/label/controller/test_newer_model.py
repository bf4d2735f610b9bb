"""What is open takes the proposal of a newer model, unless somebody is at work on it."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture

OLD, NEW = "The old one proposes.", "The new one proposes."


class Named:
    """Proposes one shape by its own name, when it is allowed to."""

    def __init__(self, name: str, shift: float) -> None:
        self.allowed = threading.Event()
        self._name, self._shift = name, shift

    def propose(self, pixels, box) -> Proposal:
        assert self.allowed.wait(20)
        mean = np.linspace(-0.4 + self._shift, 0.4, 12).reshape(1, 6, 2)
        return Proposal(box, ShapeMixture(np.zeros(1), mean, np.eye(12) * 0.01), self._name)


@pytest.fixture
def newer():
    """Trained while the window is open."""
    model = Named("new", 0.1)
    yield model
    model.allowed.set()


@pytest.fixture
def desk(make_project, open_window, newer):
    """At the old model's proposal; the text says which model made what is seen."""
    hands = open_window(
        make_project(labelled=2, untouched=3),
        start=False,
        before_close=lambda _: newer.allowed.set(),
    )
    old = Named("old", 0.0)
    old.allowed.set()
    hands.window.preparation.proposer = Proposer(OLD, None, old)
    hands.window.start()
    hands.wait_for(Phase.READY)
    return hands


def come(hands, newer) -> None:
    """The training has ended, and its model is loaded."""
    ways = hands.window.preparation.two_clicks
    hands.window.preparation._keep_proposer((Proposer(NEW, None, newer), ways))


def told(hands) -> str:
    return hands.window.status.model.toolTip() or hands.window.status.model.text()


def test_an_untouched_image_takes_the_newer_proposal(desk, newer):
    before = desk.points.copy()
    newer.allowed.set()
    come(desk, newer)
    desk.qtbot.waitUntil(lambda: desk.window.controller.view.backend == "new")
    assert not np.array_equal(desk.points, before)
    assert told(desk) == NEW


def test_until_it_is_there_the_old_one_is_seen_and_named(desk, newer):
    before = desk.points.copy()
    come(desk, newer)
    assert desk.window.controller.phase is Phase.READY
    assert np.array_equal(desk.points, before)
    assert told(desk).startswith(OLD)
    assert "A newer model is at work" in told(desk)


def test_what_was_clicked_keeps_its_model_which_is_named(desk, newer):
    desk.click(*desk.free_place())
    before = desk.points.copy()
    newer.allowed.set()
    come(desk, newer)
    assert told(desk).startswith(OLD)
    assert "A newer model waits for the next image" in told(desk)
    desk.qtbot.wait(50)
    assert np.array_equal(desk.points, before)
    desk.key(Qt.Key.Key_PageDown)
    desk.qtbot.waitUntil(lambda: desk.window.controller.view.backend == "new")
    assert told(desk) == NEW


def test_what_was_begun_before_it_was_opened_takes_the_newer_proposal(desk, newer):
    """It kept that of the prior that looks at no image, where the project had just been opened."""
    clicked = desk.window.controller.asked
    desk.click(*desk.free_place())
    desk.key(Qt.Key.Key_PageDown)
    desk.wait_for(Phase.READY)
    desk.key(Qt.Key.Key_PageUp)
    desk.wait_for(Phase.READY)
    before = desk.points.copy()
    newer.allowed.set()
    come(desk, newer)
    desk.qtbot.waitUntil(lambda: desk.window.controller.view.backend == "new")
    assert not np.array_equal(desk.points, before)
    assert np.array_equal(desk.points[clicked], before[clicked])
    assert told(desk) == NEW


def test_hands_that_begin_meanwhile_keep_what_they_have(desk, newer):
    come(desk, newer)
    desk.click(*desk.free_place())
    before = desk.points.copy()
    newer.allowed.set()
    desk.window.preparation.models_at_work._pool.waitForDone()
    desk.qtbot.wait(30)
    assert desk.window.controller.view.backend == "old"
    assert np.array_equal(desk.points, before)


def test_a_landmark_under_the_mouse_stays_there(desk, newer):
    place = tuple(desk.points[0])
    desk.press(*place)
    desk.move(place[0] + 12, place[1] + 9)
    held = desk.points.copy()
    newer.allowed.set()
    come(desk, newer)
    desk.qtbot.wait(50)
    assert np.array_equal(desk.points, held)
    desk.release(place[0] + 12, place[1] + 9)
    assert desk.window.controller.view.backend == "old"


def test_what_was_taken_back_whole_gets_the_newer_proposal(desk, newer):
    desk.click(*desk.free_place())
    newer.allowed.set()
    come(desk, newer)
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: desk.window.controller.view.backend == "new")


def test_a_model_that_is_being_loaded_is_told_before_it_is_there(desk, newer, monkeypatch):
    loaded = threading.Event()
    ways = desk.window.preparation.two_clicks

    def load(*_):
        assert loaded.wait(20)
        return Proposer(NEW, None, newer), ways

    monkeypatch.setattr(preparation, "made_proposer", load)
    desk.window.preparation._models_then = None
    desk.window.work.trained.emit()
    assert told(desk) == f"{OLD} A newer model is being loaded\N{HORIZONTAL ELLIPSIS}"
    newer.allowed.set()
    loaded.set()
    desk.qtbot.waitUntil(lambda: told(desk) == NEW)
