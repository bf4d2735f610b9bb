"""A click moves the others at once; a moment later what the model sees since then does."""

import threading

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box


class Thoughtful:
    """Proposes landmarks that have nothing to do with each other, and moves all of them by a tenth
    of the box for each one that was placed, when it is allowed to."""

    def __init__(self) -> None:
        self.allowed = threading.Event()
        self.asked: list[list[int]] = []
        self.doubted: int | None = None

    def unsure(self, residual: np.ndarray) -> np.ndarray:
        """All the more of the one that is doubted."""
        factors = np.ones(12)
        if self.doubted is not None:
            factors[2 * self.doubted : 2 * self.doubted + 2] = 3.0
        return residual * np.outer(factors, factors)

    def propose(self, pixels, box) -> Proposal:
        mean = np.linspace(-0.4, 0.4, 12).reshape(1, 6, 2)
        return Proposal(box, ShapeMixture(np.zeros(1), mean, np.eye(12) * 0.01), "thoughtful")

    def reconsider(self, pixels, proposal, evidence) -> Proposal:
        assert self.allowed.wait(20)
        self.asked.append([piece.landmark for piece in evidence])
        found = proposal.mixture
        moved = np.asarray(found.mean) + np.array([0.1 * len(evidence), 0.0])
        again = ShapeMixture(found.log_weights, moved[None], self.unsure(found.residual))
        return Proposal(proposal.box, again, "thoughtful")


@pytest.fixture
def model():
    made = Thoughtful()
    yield made
    made.allowed.set()


@pytest.fixture
def desk(make_project, open_window, model):
    hands = open_window(
        make_project(labelled=2, untouched=3),
        start=False,
        before_close=lambda _: model.allowed.set(),
    )
    hands.window.preparation.proposer = Proposer("It proposes.", None, model)
    hands.window.start()
    hands.wait_for(Phase.READY)
    return hands


def others(desk) -> np.ndarray:
    """(5, 2) all but the first, which alone is clicked."""
    return desk.points[1:].copy()


def side(desk) -> float:
    return desk.window.controller.record.box.side


def click_first(desk) -> None:
    desk.window.controller.choose(0)
    x, y = desk.points[0]
    desk.click(float(x) + 1, float(y) + 1)


def test_the_others_follow_what_it_sees_then(desk, model):
    before = others(desk)
    click_first(desk)
    assert np.allclose(others(desk), before)
    model.allowed.set()
    desk.qtbot.waitUntil(lambda: not np.allclose(others(desk), before))
    assert np.allclose(others(desk) - before, [0.1 * side(desk), 0.0])
    assert model.asked == [[0]]


def test_it_is_not_waited_for_while_a_newer_proposer_is_made(desk, model, monkeypatch):
    made = threading.Event()
    monkeypatch.setattr(preparation, "made_proposer", lambda *_: made.wait(20))
    desk.window.preparation._request_proposer()
    before = others(desk)
    click_first(desk)
    model.allowed.set()
    try:
        desk.qtbot.waitUntil(lambda: not np.allclose(others(desk), before))
        assert not desk.window.preparation.settled
    finally:
        desk.window.preparation._proposers_at_work.leave()
        made.set()


def test_what_was_clicked_stays_where_it_was_clicked(desk, model):
    click_first(desk)
    placed, before = desk.points[0].copy(), others(desk)
    model.allowed.set()
    desk.qtbot.waitUntil(lambda: not np.allclose(others(desk), before))
    assert np.allclose(desk.points[0], placed)


def test_undo_takes_the_second_thoughts_back(desk, model):
    before = others(desk)
    model.allowed.set()
    click_first(desk)
    desk.qtbot.waitUntil(lambda: not np.allclose(others(desk), before))
    after = others(desk)
    desk.window.actions_by_name["undo"].trigger()
    assert np.allclose(others(desk), before)
    desk.window.actions_by_name["redo"].trigger()
    desk.qtbot.waitUntil(lambda: np.allclose(others(desk), after))


def test_thoughts_about_an_image_that_was_left_come_to_nothing(desk, model):
    click_first(desk)
    left = desk.open_id
    desk.window.controller.open(desk.window.controller.session.following(left))
    desk.wait_for(Phase.READY)
    before = desk.points.copy()
    model.allowed.set()
    desk.qtbot.wait(100)
    assert desk.open_id != left
    assert np.allclose(desk.points, before)


def test_an_image_that_is_opened_again_is_seen_as_it_was_left(desk, model):
    controller, left = desk.window.controller, {}
    model.allowed.set()
    for _ in range(2):
        before = others(desk)
        click_first(desk)
        desk.qtbot.waitUntil(lambda seen=before: not np.allclose(others(desk), seen))
        left[desk.open_id] = others(desk)
        controller.open(controller.session.following(desk.open_id))
        desk.wait_for(Phase.READY)
    model.allowed.clear()
    for instance, after in left.items():
        controller.open(instance)
        desk.wait_for(Phase.READY)
        assert np.allclose(others(desk), after)


def test_the_view_stays_where_it_is(desk, model):
    click_first(desk)
    seen, before = desk.at(10, 10), others(desk)
    model.allowed.set()
    desk.qtbot.waitUntil(lambda: not np.allclose(others(desk), before))
    assert desk.at(10, 10) == seen


@pytest.mark.parametrize("read", [True, False])
def test_a_question_that_was_read_stays(desk, model, read):
    controller, before = desk.window.controller, others(desk)
    now = 100.0
    controller.question.clock = lambda: now
    click_first(desk)
    asked = controller.asked
    model.doubted = next(j for j in range(1, 6) if j != asked)
    now += 1.0 if read else 0.1
    model.allowed.set()
    desk.qtbot.waitUntil(lambda: not np.allclose(others(desk), before))
    assert controller.view.query == model.doubted
    assert controller.asked == (asked if read else model.doubted)
    assert controller.offered
    desk.click(*controller.view.shape.points[controller.asked])
    desk.qtbot.waitUntil(lambda: len(model.asked) == 2)
    assert model.asked[1] == sorted([0, asked if read else model.doubted])


class Nearsighted:
    """Sees a bent object where the box is around it, and a straight one anywhere."""

    def __init__(self) -> None:
        self.boxes = list[Box]()

    def propose(self, pixels, box) -> Proposal:
        self.boxes.append(box)
        mean = np.stack([np.linspace(-0.4, 0.4, 6), np.zeros(6)], axis=1)
        hidden = np.full(6, 0.9)
        if abs(box.centre_y - self.boxes[0].centre_y) > 0.2 * box.side:
            mean[2:4, 1], hidden = 0.1, np.full(6, 0.1)
        return Proposal(
            box,
            ShapeMixture(np.zeros(1), mean[None], np.eye(12) * 1e-4),
            "nearsighted",
            hidden=hidden,
        )


def test_a_model_that_missed_the_object_looks_where_clicks_have_it(make_project, open_window):
    desk = open_window(make_project(labelled=2, untouched=3), start=False)
    desk.window.preparation.proposer = Proposer("It proposes.", None, Nearsighted())
    desk.window.start()
    desk.wait_for(Phase.READY)
    first = desk.points.copy()
    away = np.array([0.0, 0.3 * side(desk)])
    for landmark in (0, 5):
        desk.window.controller.choose(landmark)
        desk.click(*(first[landmark] + away).tolist())

    bent = first[2:4] + away + np.array([0.0, 0.1 * side(desk)])
    desk.qtbot.waitUntil(lambda: np.abs(desk.points[2:4] - bent).max() < 0.03 * side(desk))
    assert np.allclose(desk.window.controller.view.hidden[2:4], 0.1)
