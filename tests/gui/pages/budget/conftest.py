"""A project of kites, and what its points buy, measured once."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.session.planning import budget_view
from landmark_annotator.annotator.session.planning.offer import offer


@pytest.fixture(scope="module")
def offered_once():
    """`offer` for the project of `hands_at`, which is measured anew only after something was done
    in it: else in every test, for longer than most of them take."""
    known = {}

    def offered(project, *, progress):
        done = tuple((each.kind, each.instance_id, each.landmark) for each in project.journal())
        if done not in known:
            known[done] = offer(project, progress=progress)
        return known[done]

    return offered


@pytest.fixture
def hands_at(make_project, open_window, offered_once, monkeypatch):
    """At twelve labelled kites, on one of which ada has spent a click."""
    monkeypatch.setattr(budget_view, "offer", offered_once)
    project = make_project()
    project.place(project.instances()[0].id, 0, (100.0, 50.0), who="ada", duration=3.0)
    hands = open_window(project)
    hands.wait_for()
    return hands


@pytest.fixture
def page(hands_at, qtbot):
    hands_at.key(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    page = hands_at.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    return page
