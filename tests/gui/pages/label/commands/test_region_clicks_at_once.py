"""Clicks that say what belongs to which region, faster than they are answered."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.session.labelling import region_clicks
from landmark_annotator.annotator.session.labelling.region_clicks import answered
from tests.gui.conftest import KITE
from tests.gui.pages.label.commands.test_region_tools import REGIONS, masks, take


@pytest.fixture
def hands(open_window, make_project):
    hands = open_window(make_project(0, 1, scheme=replace(KITE, regions=REGIONS)))
    hands.qtbot.waitUntil(lambda: hands.canvas.scene.image_size is not None, timeout=20_000)
    return hands


@pytest.fixture
def answers(monkeypatch):
    """Set once clicks are answered."""
    go = threading.Event()

    def late(question, model):
        go.wait(20)
        return answered(question, model)

    monkeypatch.setattr(region_clicks, "answered", late)
    yield go
    go.set()


def test_a_click_on_another_region_loses_none_that_is_being_answered(hands, answers):
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    hands.key(Qt.Key.Key_2)
    hands.click(150, 150)
    answers.set()
    hands.qtbot.waitUntil(lambda: "frame" in masks(hands), timeout=20_000)
    hands.qtbot.waitUntil(lambda: "cloth" in masks(hands), timeout=20_000)

    assert masks(hands)["cloth"].holds(90, 90)
    assert masks(hands)["frame"].holds(150, 150)


def test_what_is_drawn_while_a_click_is_answered_stays(hands, answers):
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    take(hands, Qt.Key.Key_B)
    hands.drag((30, 150), (60, 150))
    drawn = masks(hands)["cloth"]
    answers.set()
    hands.qtbot.waitUntil(lambda: masks(hands)["cloth"] != drawn, timeout=20_000)

    assert masks(hands)["cloth"].holds(45, 150)
    assert masks(hands)["cloth"].holds(90, 90)


def test_what_is_taken_back_while_a_click_is_answered_stays_away(hands, answers):
    take(hands, Qt.Key.Key_B)
    hands.drag((30, 150), (60, 150))
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    take(hands, Qt.Key.Key_B)
    hands.window.actions_by_name["undo"].trigger()
    assert masks(hands) == {}
    answers.set()
    hands.qtbot.waitUntil(lambda: "cloth" in masks(hands), timeout=20_000)

    assert not masks(hands)["cloth"].holds(45, 150)


def test_of_two_clicks_on_a_region_both_are_answered(hands, answers):
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    hands.click(150, 150)
    answers.set()
    hands.qtbot.waitUntil(lambda: len(hands.entries) == 2, timeout=20_000)

    assert masks(hands)["cloth"].holds(90, 90)
    assert masks(hands)["cloth"].holds(150, 150)


def test_undo_of_a_click_that_is_not_answered_takes_nothing_before_it_back(hands, answers):
    """It took the stroke back, and the answer, stored later, left nothing to do that again."""
    take(hands, Qt.Key.Key_B)
    hands.drag((30, 150), (60, 150))
    drawn = masks(hands)
    take(hands, Qt.Key.Key_C)
    hands.click(90, 90)
    hands.window.actions_by_name["undo"].trigger()
    assert "click on cloth" in hands.window.messages.banner.text.text()
    answers.set()
    hands.click(150, 150)
    hands.qtbot.waitUntil(lambda: masks(hands) != drawn, timeout=20_000)
    assert masks(hands)["cloth"].holds(45, 150)
    assert masks(hands)["cloth"].holds(150, 150)
    assert len(hands.entries) == 2
