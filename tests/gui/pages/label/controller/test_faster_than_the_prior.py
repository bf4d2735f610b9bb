"""Shapes that are accepted faster than a prior learns from them."""

import threading

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.store import InstanceState


@pytest.fixture
def learning(make_project, open_window, monkeypatch):
    """The window, and what each new prior waits for: set, it is made."""
    real, begun, done = preparation.made_proposer, [], threading.Semaphore(1)

    def made(folder, offer, progress):
        begun.append(progress)
        assert done.acquire(timeout=60)
        return real(folder, offer, progress)

    monkeypatch.setattr(preparation, "made_proposer", made)
    project = make_project(labelled=2, untouched=6)
    hands = open_window(project, start=False, before_close=lambda _: done.release(9))
    hands.window.start()
    hands.wait_for()
    return hands, begun, done


def test_the_one_that_is_being_made_comes_and_the_next_knows_all_shapes(learning):
    hands, begun, done = learning
    for accepted in range(4):
        hands.qtbot.waitUntil(lambda: hands.window.controller.phase is Phase.READY, timeout=20_000)
        hands.key(Qt.Key.Key_Return)
        hands.qtbot.waitUntil(lambda: len(begun) == 2, timeout=20_000)
        assert not begun[1].cancelled(), f"begun anew at shape {accepted + 3}"
    assert hands.window.project.count_of(InstanceState.ACCEPTED) == 6
    done.release()
    hands.qtbot.waitUntil(
        lambda: "from 6 labelled" in hands.window.preparation.proposer.reason, timeout=60_000
    )
    # It is asked for as the other comes; its thread may take its time.
    hands.qtbot.waitUntil(lambda: len(begun) == 3, timeout=20_000)
    done.release()
    hands.wait_for()
    assert len(begun) == 3
