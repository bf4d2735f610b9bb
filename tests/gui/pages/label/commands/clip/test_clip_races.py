"""Going through a video with hands that are quicker than it is decoded, or elsewhere by then."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.pages.label.commands.clip.conftest import LABELLED
from tests.gui.pages.label.commands.clip.test_clip import frames, shown


def test_a_click_on_the_timeline_stops_what_plays(hands, clip) -> None:
    """The next frame that was due came in place of the one that was clicked."""
    hands.wait_for()
    clip.timeline.range = (0, 5)
    clip.play()
    hands.qtbot.waitUntil(lambda: clip.frame in (4, 5), timeout=20_000)
    at = QPoint(round(clip.timeline.x_of(11)), 30)
    QTest.mousePress(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(clip.timeline, Qt.MouseButton.LeftButton, pos=at)
    shown(hands, clip, 11)
    hands.qtbot.wait(100)
    assert clip.frame == 11


def test_a_frame_that_is_only_shown_is_moved_by_the_middle_button(hands, clip) -> None:
    hands.wait_for()
    clip.visit(4)
    shown(hands, clip, 4)
    before, middle = hands.canvas.scene.viewport, Qt.MouseButton.MiddleButton
    hands.press(30, 30, middle)
    hands.move(40, 30)
    hands.release(40, 30, middle)
    assert hands.canvas.scene.viewport.left > before.left
    assert frames(hands) == list(LABELLED)


def test_a_frame_that_is_only_shown_is_moved_with_space(hands, clip) -> None:
    """It came in."""
    hands.wait_for()
    clip.visit(4)
    shown(hands, clip, 4)
    before = hands.canvas.scene.viewport
    QTest.keyPress(hands.canvas, Qt.Key.Key_Space)
    hands.press(30, 30)
    hands.move(40, 30)
    hands.release(40, 30)
    QTest.keyRelease(hands.canvas, Qt.Key.Key_Space)
    assert hands.canvas.scene.viewport.left > before.left
    assert frames(hands) == list(LABELLED)
    assert clip.away


def test_of_a_frame_that_cannot_be_read_no_message_says_the_same_again(
    hands, clip, tmp_path
) -> None:
    """It stayed until somebody closed it, whatever frame was shown by then."""
    hands.wait_for()
    (tmp_path / "clip.mp4").rename(tmp_path / "elsewhere.mp4")
    clip.step(1)
    hands.qtbot.waitUntil(hands.canvas.failure.isVisible, timeout=20_000)
    assert hands.window.messages.banner.isHidden()
