"""A photograph that takes long to be read says so where it will stand."""

from threading import Event

import pytest

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.annotator.gui.pages.label.observers import large_image

PATIENCE_MS = 30_000


@pytest.fixture
def read(monkeypatch):
    """Photographs are read once this is set."""
    allowed, load = Event(), preparation._load

    def waiting(source):
        allowed.wait(PATIENCE_MS / 1000)
        return load(source)

    monkeypatch.setattr(preparation, "_load", waiting)
    yield allowed
    allowed.set()


def test_it_says_how_large_it_is_until_it_is_seen(make_project, open_window, monkeypatch, read):
    monkeypatch.setattr(large_image, "_LARGE", 10_000)
    hands = open_window(make_project())
    words = hands.canvas.failure
    assert words.isVisible()
    assert words.text().startswith("Reading an image of 0 megapixels.")
    read.set()
    hands.qtbot.waitUntil(words.isHidden, timeout=PATIENCE_MS)


def test_of_others_nothing_is_said(make_project, open_window, read):
    hands = open_window(make_project())
    assert hands.canvas.failure.isHidden()
