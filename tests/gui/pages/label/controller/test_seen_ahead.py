"""Enter: the next photograph is painted before the disk has the acceptance; no click is lost."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.store import ActionKind, InstanceState
from landmark_annotator.projects.vocabulary.errors import DiskFull


@pytest.fixture
def ready(hands, qtbot):
    """The next one is prepared."""
    window = hands.window

    def prepared() -> bool:
        (following,) = window.project.waiting(hands.open_id)
        picture = window.preparation.picture(following.image_id)
        return picture is not None and window.preparation.prior(following.id) is not None

    qtbot.waitUntil(prepared, timeout=20_000)
    return hands


def shown(hands):
    """(photograph, where its landmarks are)"""
    return hands.canvas._backdrop.pyramid, hands.canvas.scene.marks.points


def test_the_next_one_is_painted_before_anything_is_stored(ready, monkeypatch):
    seen, project = [], ready.window.project
    store = project.accept

    def accept(*told, **named):
        seen.append(shown(ready))
        return store(*told, **named)

    monkeypatch.setattr(project, "accept", accept)
    first = ready.open_id
    before, _ = shown(ready)
    ready.key(Qt.Key.Key_Return)
    [(photograph, points)] = seen
    assert photograph is not before
    now, there = shown(ready)
    assert photograph is now
    np.testing.assert_allclose(points, there)
    assert ready.open_id != first
    assert ready.state(first) is InstanceState.ACCEPTED


def test_what_cannot_be_stored_is_seen_again_and_told(ready, monkeypatch):
    def refuse(*told, **named):
        raise DiskFull("The disk is full.")

    first, (photograph, points) = ready.open_id, shown(ready)
    monkeypatch.setattr(ready.window.project, "accept", refuse)
    ready.key(Qt.Key.Key_Return)
    assert ready.open_id == first
    assert shown(ready)[0] is photograph
    np.testing.assert_allclose(shown(ready)[1], points)
    assert "The disk is full" in ready.window.messages.banner.text.text()
    assert ready.state(first) is InstanceState.UNTOUCHED


def test_that_there_was_no_room_is_no_longer_told_once_there_is(ready, monkeypatch):
    def refuse(*told, **named):
        raise DiskFull("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr(ready.window.project, "accept", refuse)
        ready.key(Qt.Key.Key_Return)
    assert ready.window.messages.banner.isVisible()
    ready.click(*ready.free_place())
    assert not ready.window.messages.banner.isVisible()


def test_a_click_right_after_it_is_one_on_the_next(ready):
    first = ready.open_id
    ready.key(Qt.Key.Key_Return)
    asked = ready.window.controller.asked
    ready.click(*ready.free_place())
    entry = ready.entries[-1]
    assert (entry.kind, entry.landmark) == (ActionKind.CLICK, asked)
    assert entry.instance_id == ready.open_id != first
