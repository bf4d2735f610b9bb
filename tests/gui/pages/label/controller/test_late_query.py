"""The most telling click of a clip is found beside the window: its answer may come too late."""

import threading

import pytest
from bar_clip import LABELLED, instance, opened_bars
from PySide6.QtCore import Qt

from landmark_annotator.annotator.session.tracking.open_clip import OpenClip
from landmark_annotator.backends.tracking.clip_query import ClipQuery


@pytest.fixture
def hands(tmp_path, open_window, blind_priors):
    """See `opened_bars`."""
    with opened_bars(tmp_path, open_window) as opened:
        yield opened


def test_whoever_has_gone_elsewhere_is_not_led_to_the_frame_that_was_asked_for(
    hands, monkeypatch
) -> None:
    begun, goes_on, told = threading.Event(), threading.Event(), threading.Event()
    query = OpenClip.query

    def late(clip: OpenClip, shown: int | None = None) -> ClipQuery | None:
        begun.set()
        goes_on.wait(60)
        told.set()
        return query(clip, shown)

    monkeypatch.setattr(OpenClip, "query", late)
    hands.key(Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    hands.qtbot.waitUntil(begun.is_set)  # what has not would be dropped
    elsewhere = instance(hands, LABELLED[0])
    hands.window.controller.open(elsewhere)
    goes_on.set()
    assert told.wait(60)
    hands.qtbot.waitUntil(
        lambda: not hands.window.label_page.clip.asked_frame._at_work._pool.activeThreadCount()
    )
    hands.qtbot.wait(50)
    assert hands.open_id == elsewhere
