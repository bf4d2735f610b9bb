"""A photograph that takes long to be read says so where it will stand."""

from threading import Event

import pytest

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.annotator.gui.pages.label.observers import large_image
from tests.statements import statements_asked

PATIENCE_MS = 30_000


@pytest.fixture
def read(monkeypatch):
    """Photographs are read once this is set."""
    allowed, load = Event(), preparation.load_picture

    def waiting(source):
        allowed.wait(PATIENCE_MS / 1000)
        return load(source)

    monkeypatch.setattr(preparation, "load_picture", waiting)
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


def test_it_says_how_much_of_it_is_read(qtbot, make_project, open_window, monkeypatch, read):
    monkeypatch.setattr(large_image, "_LARGE", 10_000)
    shares = []
    monkeypatch.setattr(large_image, "share_read", lambda *_: shares[-1] if shares else None)
    words = open_window(make_project()).canvas.failure
    shares.append(0.4)
    qtbot.waitUntil(lambda: "40% of it is read." in words.text(), timeout=PATIENCE_MS)


def test_it_asks_the_database_nothing(make_project, open_window, monkeypatch, read):
    monkeypatch.setattr(large_image, "_LARGE", 10_000)
    hands = open_window(make_project())
    hands.canvas.failure.hide()
    with statements_asked() as statements:
        hands.window.findChild(large_image.LargeImage)._show()
    assert hands.canvas.failure.isVisible()
    assert statements == []


def test_of_others_nothing_is_said(make_project, open_window, read):
    hands = open_window(make_project())
    assert hands.canvas.failure.isHidden()
