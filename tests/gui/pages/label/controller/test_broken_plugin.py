"""A plug-in's model that breaks at work is told of once, and others propose from then on."""

import json
import sys
from types import ModuleType

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.backends import registry
from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary.plugins import BACKENDS, Plugin


class _Broken:
    def propose(self, pixels, box):
        return {}["nose"]


@pytest.fixture
def broken(monkeypatch, make_project):
    """A project in which such a model was trained."""
    module = ModuleType("broken_backend")
    module.load = lambda folder, scheme, device: _Broken()
    monkeypatch.setitem(sys.modules, "broken_backend", module)
    card = Backend("broken", "broken model", (), "Any.", "broken_backend")
    brought = (Plugin(BACKENDS, "broken", "broken-shape 1.0", card),)
    monkeypatch.setattr(registry, "plugged_backends", lambda: brought)
    project = make_project()
    folder = project.folder / "models" / "broken"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps({"scheme": project.scheme.to_dict()}))
    return project


def test_the_window_says_so_once_and_goes_on_with_the_prior(broken, open_window):
    hands = open_window(broken, start=False)
    told = []
    hands.window.controller.failed.connect(told.append)
    hands.window.start()
    hands.wait_for()
    preparation = hands.window.preparation
    assert preparation.proposer.name == "prior"
    assert "broken-shape 1.0, failed: KeyError: 'nose'" in preparation.proposer.reason
    assert [str(error).count("broken-shape 1.0, failed") for error in told] == [1]
    first = hands.open_id
    hands.click(*hands.free_place())
    hands.key(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.state(first) is InstanceState.ACCEPTED)
    hands.wait_for()
    assert len(told) == 1


def test_sheets_say_so_and_go_on_too(broken, open_window):
    """Where no label page has found it out before."""
    hands = open_window(broken, start=False)
    window = hands.window
    window.pages.turn_to("sheet")
    page = window.pages.page("sheet")
    told = []
    page.preparation.failed.connect(told.append)
    hands.qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    assert page.preparation.proposer.name == "prior"
    assert len(told) <= 1  # or the page told it before it was asked
    assert all(page.preparation.proposal(cell.instance_id) for cell in page.cells)
