"""Objects of a video that were followed are followed once more, and beside other work."""

import threading

import pytest
from bar_video import lanes, opened_video

from landmark_annotator.annotator.gui.window.follow_work import FollowChoice, FollowDialog


@pytest.fixture
def hands(tmp_path, open_window, blind_priors):
    """See `opened_video`."""
    with opened_video(tmp_path, open_window) as opened:
        yield opened


def test_undo_of_a_second_following_takes_its_message_away_too(hands) -> None:
    """Its tracks are there still, from the first one."""
    banner, work = hands.window.messages.banner, hands.window.work.follow
    for last in (6, 8):
        hands.window.actions_by_name["follow"].trigger()
        dialog = hands.window.findChild(FollowDialog)
        dialog.last.setValue(last)
        dialog.all_of_them.setChecked(True)
        dialog.follow.click()
        hands.qtbot.waitUntil(lambda: not work.running, timeout=120_000)
        hands.qtbot.waitUntil(lambda: hands.window.findChild(FollowDialog) is None, timeout=20_000)
    assert "Tracks: 1 in" in banner.text.text()
    hands.wait_for()
    hands.window.actions_by_name["undo"].trigger()
    assert lanes(hands)[0] == "1"
    hands.qtbot.waitUntil(lambda: not banner.isVisible(), timeout=20_000)


def test_following_on_ends_no_other_work(hands) -> None:
    goes_on, done, work = threading.Event(), [], hands.window.work
    work.proposing.begin(lambda progress: goes_on.wait(20), done.append)
    work.follow.take(FollowChoice(hands.window.project.videos()[0], 0, 8))
    goes_on.set()
    hands.qtbot.waitUntil(lambda: done == [True], timeout=20_000)
    assert "Proposing is running" in hands.window.messages.banner.text.text()
