"""Closing the window waits for nothing that only shows something."""

import threading

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.projects.vocabulary.errors import Cancelled


def test_a_model_that_is_being_loaded_keeps_nobody_waiting(make_project, open_window, monkeypatch):
    begun, release = threading.Event(), threading.Event()

    def load(folder, offer, progress):
        begun.set()
        release.wait(30)
        raise AssertionError("Nobody asks for it any more.")

    monkeypatch.setattr(preparation, "made_proposer", load)
    hands = open_window(make_project())
    hands.qtbot.waitUntil(begun.is_set)
    hands.window.close()
    assert not hands.window.isVisible()
    assert not release.is_set()
    release.set()


def test_a_model_that_is_being_made_is_told_that_nobody_waits(
    make_project, open_window, monkeypatch
):
    # Until it had learned from all labelled images the program did not end, with no window to see.
    begun, told = threading.Event(), threading.Event()

    def learn(folder, offer, progress):
        begun.set()
        while not progress.cancelled():
            told.wait(0.01)
        told.set()
        raise Cancelled("Stopped.")

    monkeypatch.setattr(preparation, "made_proposer", learn)
    hands = open_window(make_project())
    hands.qtbot.waitUntil(begun.is_set)
    assert not told.is_set()
    hands.window.close()
    assert told.wait(10)


def test_the_photograph_is_seen_before_a_model_is_loaded(make_project, open_window, monkeypatch):
    seen = []
    made = preparation.made_proposer

    def load(folder, offer, progress):
        seen.append(hands.canvas.scene.image_size)
        return made(folder, offer, progress)

    monkeypatch.setattr(preparation, "made_proposer", load)
    hands = open_window(make_project(), start=False)
    hands.window.start()
    hands.wait_for()
    assert seen[0] is not None


def test_a_name_that_is_being_typed_is_not_looked_up_any_more(make_project, open_window, qtbot):
    project = make_project()
    hands = open_window(project)
    browser = hands.window.label_page.browser
    looked = []
    browser.narrowed.connect(lambda: looked.append(browser.name.text()))
    browser.name.setText("kites_01")
    hands.window.close()
    project.close()
    qtbot.wait(400)  # more than a pause in typing; a look into a closed project is an error
    assert looked == []
