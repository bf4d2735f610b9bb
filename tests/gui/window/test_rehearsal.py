"""What people do first is written by then: it was done before, in a project of its own."""

import pytest

from landmark_annotator.annotator.gui.window.rehearsal import rehearse
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.store.engine.database import _engine

FEW = 8
"""What comes in meanwhile, such as the next proposal, may ask for its own."""


@pytest.fixture
def written(hands):
    """Asks for the texts that were not there when this began."""
    hands.window._preloading.close()  # which would write others meanwhile
    hands.qtbot.waitUntil(lambda: hands.window.controller.asked is not None, timeout=20_000)
    acceptance = hands.window.label_page.acceptance
    hands.qtbot.waitUntil(lambda: acceptance.sees(hands.open_id), timeout=20_000)
    _engine().clear_compiled_cache()
    rehearse.__wrapped__()
    before = set(_engine()._compiled_cache)

    def asked_since() -> list[str]:
        cached = _engine()._compiled_cache
        return [cached[key].string for key in set(cached) - before]

    return asked_since


def test_a_click(hands, written):
    controller, place = hands.window.controller, hands.free_place()
    controller.place(controller.asked, *place)
    assert len(written()) <= FEW, "\n\n".join(written())


def test_accepting_and_going_on(hands, written):
    opened = hands.open_id
    hands.window.label_page.acceptance.accept()
    assert hands.state(opened) is InstanceState.ACCEPTED
    assert len(written()) <= FEW, "\n\n".join(written())


def test_undo_and_redo(hands, written):
    hands.click(*hands.free_place())
    hands.window.actions_by_name["undo"].trigger()
    hands.window.actions_by_name["redo"].trigger()
    assert len(written()) <= FEW, "\n\n".join(written())
