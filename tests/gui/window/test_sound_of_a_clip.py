"""What becomes of a video's sound when it is written with its landmarks."""

import pytest
from bar_video import opened_video
from PySide6.QtWidgets import QFileDialog


@pytest.fixture
def hands(tmp_path, open_window):
    """See `opened_video`."""
    with opened_video(tmp_path, open_window) as opened:
        yield opened


@pytest.mark.parametrize("sound", [False, True])
def test_of_the_sound_of_a_video_is_asked_only_where_it_has_one(hands, monkeypatch, sound) -> None:
    monkeypatch.setattr(
        "landmark_annotator.annotator.gui.exports.clip_work.has_sound", lambda _: sound
    )
    hands.window.actions_by_name["clip"].trigger()
    asking = hands.window.findChild(QFileDialog)
    assert ("without sound" in asking.windowTitle()) == sound
    asking.reject()
