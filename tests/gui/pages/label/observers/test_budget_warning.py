"""Whoever labels is told, once each, that the budget is nearly spent and that it is."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import Plan


@pytest.fixture
def at_window(make_project, open_window):
    """At a window on a project of which ada has spent eight clicks."""

    def opened(plan):
        project = make_project()
        first = project.instances()[0].id
        for n in range(8):
            project.place(first, n % 2, (50.0 + n, 60.0), who="ada", duration=2.0)
        project.set_plan(plan, who="lea")
        hands = open_window(project)
        hands.wait_for()
        return hands

    return opened


def told(hands):
    banner = hands.window.messages.banner
    return banner.text.text() if banner.isVisible() else ""


def test_a_budget_that_lasts_is_not_spoken_of(at_window):
    assert told(at_window(Plan(clicks=100))) == ""


def test_one_that_is_nearly_spent_is_told_of_once(at_window):
    hands = at_window(Plan(clicks=10))
    assert told(hands) == "The budget is nearly spent: 8 of 10 clicks."
    hands.key(Qt.Key.Key_PageDown)
    assert told(hands) == ""


def test_labelling_goes_on_until_it_is_spent_and_that_is_told(at_window):
    hands = at_window(Plan(clicks=9))
    hands.click(*hands.free_place())
    assert told(hands) != "The budget is spent: 9 of 9 clicks."
    hands.key(Qt.Key.Key_PageDown)
    assert told(hands) == "The budget is spent: 9 of 9 clicks."
